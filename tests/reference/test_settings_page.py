"""docs/settings.md has every class and every setting, and its links lead somewhere."""

import re
from functools import cache

from modules.settings import Settings
from reference.classes import concrete_settings
from reference.settings_page import settings_page
from stacks.environment import Environment
from stacks.environment_list import EnvironmentNames


@cache
def page() -> str:
    return settings_page()


def section(title: str) -> str:
    (found,) = re.findall(rf"^#+ {title}\n(.*?)(?=^##|\Z)", page(), re.MULTILINE | re.DOTALL)
    return str(found)


def rows(title: str) -> list[str]:
    return re.findall(r"^\| `(\w+)`", section(title), re.MULTILINE)


def inside(kind: type[Settings]) -> list[str]:
    """Return the settings that are told of a class, those of the one it is like included."""
    like = re.search(r"^What \[(\w+)\]", section(kind.__name__), re.MULTILINE)
    base = {base.__name__: base for base in kind.__mro__}[like[1]] if like else None
    return [*(inside(base) if base else []), *rows(kind.__name__)]


def test_every_class_that_an_environment_may_have_is_there_once() -> None:
    kinds = [kind.__name__ for kind in concrete_settings() if kind not in (Environment, EnvironmentNames)]
    headings = re.findall(r"^### (\w+)$", page(), re.MULTILINE)

    assert sorted(headings) == sorted(kinds)


def test_every_setting_is_there() -> None:
    headings = re.findall(r"^### (\w+)$", page(), re.MULTILINE)
    once = [kind for kind in concrete_settings() if headings.count(kind.__name__) == 1]

    assert {kind.__name__: set(inside(kind)) for kind in once} == {
        kind.__name__: set(kind.model_fields) for kind in once
    }
    assert rows("Environment") == list(Environment.model_fields)


def test_the_groups_are_those_of_an_environment() -> None:
    groups = re.findall(r"^## (\w+)$", page(), re.MULTILINE)

    assert groups[0] == "Environment"
    assert groups[1:] == [name for name in Environment.model_fields if name in groups]
    assert {"queues", "buckets", "job_definitions", "services"} <= set(groups)


def test_what_one_group_alone_uses_is_in_it_and_the_rest_comes_last() -> None:
    assert page().index("## queues") < page().index("### DeadLetterQueueSettings") < page().index("## buckets")
    assert page().index("## used by several") < page().index("### NewKmsKey")


def test_a_row_tells_all_that_is_known() -> None:
    row = "| `visibility_timeout_seconds` | `int` | from 0 to 43,200 | required |"
    assert row in section("MessageQueueSettings")
    assert "| `max_receive_count` | `int` or None | from 1 to 1,000 | 5 |" in section("MessageQueueSettings")
    assert " | the file system, losing all files |  |\n" in section("FileSystemSettings")
    assert " |  | must be True: a mistake could not be undone |\n" in section("FileSystemSettings")
    assert "| `tag` | `str` | at most 128 characters; `^[A-Za-z0-9_][A-Za-z0-9_.-]*$` |" in section("RepositoryImage")


def test_every_row_has_as_many_cells_as_its_header() -> None:
    tables = re.findall(r"^\|.*\|$", page(), re.MULTILINE)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in tables} == {8}
