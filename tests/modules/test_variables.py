"""Variables in place of values: what they may be, and that all else sees their default."""

from typing import Any

import pytest

from modules.settings import collect_problems
from modules.sqs.settings import MessageQueueSettings
from modules.variables import RESERVED, TerraformVariable, Variable
from tests.problems import refused


def variable(**changes: Any) -> TerraformVariable:
    values: dict[str, Any] = {"name": "size", "description": "how large", "default": 2_048}
    return TerraformVariable(**values | changes)


def queue(**changes: Any) -> MessageQueueSettings:
    return MessageQueueSettings(visibility_timeout_seconds=60, **changes)


def test_a_setting_has_the_default_and_keeps_who_stands_for_it() -> None:
    made = queue(max_message_bytes=variable(), tags={"team": variable(name="team", default="a")})
    assert (made.max_message_bytes, made.tags) == (2_048, {"team": "a"})
    assert {path: item.name for path, item in made.__dict__["variables"].items()} == {
        ("max_message_bytes",): "size",
        ("tags", "team"): "team",
    }


def test_the_default_is_checked_as_a_plain_value_is() -> None:
    assert refused(queue, max_message_bytes=variable(default=1_023)) == [
        "max_message_bytes: 1,024, 1,048,576, got 1,023"
    ]
    assert refused(queue, max_message_bytes=variable(default="x"))


def test_a_copy_keeps_its_variables_but_for_those_that_are_replaced() -> None:
    made = queue(max_message_bytes=variable(), tags={"team": variable(name="team", default="a"), "x": "y"})
    copied = made.model_copy(update={"max_message_bytes": 4_096})
    assert list(copied.__dict__["variables"]) == [("tags", "team")]
    assert copied.tags == {"team": "a", "x": "y"}
    assert "variables" not in copied.model_copy(update={"tags": {}}).__dict__


def test_a_bad_variable_is_told_where_it_stands() -> None:
    with collect_problems():
        made = queue(max_message_bytes=Variable(name="Size", description="d", default=2_048))
    assert [problem.path for problem in made.__dict__["problems"]] == ["max_message_bytes.name"]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_names_that_terraform_keeps_are_refused(name: str) -> None:
    assert refused(variable, name=name) == [f"name: got {name!r}"]


def test_a_number_may_have_a_range_with_the_default_in_it() -> None:
    variable(at_least=2_048, at_most=2_048)
    assert refused(variable, at_least=2_049) == ["default: 2,049, got 2,048"]
    assert refused(variable, at_most=2_047) == ["default: 2,047, got 2,048"]


@pytest.mark.parametrize("default", ["text", True])
def test_nothing_but_a_number_has_a_range(default: object) -> None:
    variable(default=default)
    assert refused(variable, default=default, at_least=1, at_most=2) == ["at_least: got 1", "at_most: got 2"]


@pytest.mark.parametrize("default", ['a"b', "a\\b", "${a}", "%{a}", "a\nb"])
def test_a_text_can_stand_in_a_document_as_it_is(default: str) -> None:
    assert len(refused(variable, default=default)) == 1
    variable(default="a-b_c:d/e f")
