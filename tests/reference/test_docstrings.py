"""The facts of each setting stand in its docstring, where editors find them."""

import textwrap
from typing import Any

import pytest

from modules.source import description, documented
from modules.sqs.settings import FifoMessageQueueSettings, MessageQueueSettings, QueueAttributes
from reference.docstrings import with_facts
from tests.modules.household import Cat


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (QueueAttributes, "[from 60 to 1,209,600; default 345,600]"),
        (FifoMessageQueueSettings, "[from 60 to 1,209,600; default 345,600]"),
    ],
)
def test_a_setting_that_is_inherited_has_the_facts_of_the_base(kind: Any, facts: str) -> None:
    assert documented(kind, "message_retention_seconds").endswith(facts)


def test_a_setting_that_is_declared_again_has_its_own_facts() -> None:
    assert documented(QueueAttributes, "visibility_timeout_seconds").endswith("[from 0 to 43,200; default 30]")
    assert documented(MessageQueueSettings, "visibility_timeout_seconds").endswith("[from 0 to 43,200; required]")


def test_messages_leave_the_facts_out() -> None:
    whole, said = (told(QueueAttributes, "delay_seconds") for told in (documented, description))
    assert whole == f"{said} [from 0 to 900; default 0]"


def cat(docstring: str) -> str:
    return f"class Cat:\n    lives: int = 9\n{textwrap.indent(docstring, '    ')}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""each is used once"""', '"""each is used once [from 1 to 9; default 9]"""'),
        ('"""each is used once [7; default 2]"""', '"""each is used once [from 1 to 9; default 9]"""'),
        ('"""each is\nused once"""', '"""each is used once [from 1 to 9; default 9]"""'),
        ('r"""e.g. \\d"""', 'r"""e.g. \\d [from 1 to 9; default 9]"""'),
        (f'"""{"x " * 44}one-two"""', f'"""{"x " * 44}one-two [from 1 to 9;\ndefault 9]"""'),
    ],
)
def test_facts_are_written_at_the_end_of_a_docstring(before: str, after: str) -> None:
    assert with_facts(cat(before), [Cat]) == cat(after)
    assert with_facts(cat(after), [Cat]) == cat(after)


def test_what_describes_no_setting_is_left_alone() -> None:
    source = (
        'class Cat:\n    other: int = 9\n    """no setting"""\n\n\nclass Mat:\n    lives: int = 9\n    """of a mat"""\n'
    )
    assert with_facts(source, [Cat]) == source
