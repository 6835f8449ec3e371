"""What counts as shown by an editor; ``make check`` asks one over every setting of the environments."""

import sys
from pathlib import Path

import pytest

from modules.source import description
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings
from reference.editor import Argument, arguments, is_shown
from stacks.environment import Environment

DELAY = Argument(MessageQueueSettings, "delay_seconds", 1, 1)
PROJECT = Argument(Environment, "project", 1, 1)


SAID = description(MessageQueueSettings, "delay_seconds")


@pytest.mark.parametrize(
    ("argument", "hover", "shown"),
    [
        (DELAY, f"(variable) delay_seconds: int\n---\n{SAID} \\[from 0 to 900; default 0\\]", True),
        (DELAY, f"(variable) delay_seconds: int\n---\n{SAID}", False),
        (DELAY, f"(variable) delay_seconds: int\n---\n{SAID} \\[default 0\\]", False),
        (DELAY, f"(variable) delay_seconds: Unknown\n---\n{SAID} \\[from 0 to 900; default 0\\]", False),
        (DELAY, f"{SAID} \\[from 0 to 900; default 0\\]", False),
        (DELAY, "", False),
        (
            PROJECT,
            "(variable) project: ShortName\n---\nleads every physical name: "
            "&lt;project&gt;-&lt;environment&gt;-&lt;part&gt;\n\\[at most 24 characters; default 'terrabatch'; "
            "a change replaces the whole platform, losing all data in it\\]",
            True,
        ),
    ],
)
def test_an_editor_has_to_show_type_description_and_facts(argument: Argument, hover: str, shown: bool) -> None:
    assert is_shown(argument, hover) is shown


def test_it_is_asked_over_every_setting_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "some_environment_file.py"
    file.write_text(
        "from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings\n\n"
        "MORE = dict(tags={})\n"
        "QUEUE = MessageQueueSettings(\n"
        "    visibility_timeout_seconds=30, dead_letter_queue=DeadLetterQueueSettings(delay_seconds=2)\n"
        ")\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "some_environment_file", raising=False)

    assert set(arguments(file, "some_environment_file")) == {
        Argument(MessageQueueSettings, "visibility_timeout_seconds", 5, 5),
        Argument(MessageQueueSettings, "dead_letter_queue", 5, 36),
        Argument(DeadLetterQueueSettings, "delay_seconds", 5, 78),
    }
