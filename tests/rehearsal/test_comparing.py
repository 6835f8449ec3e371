"""What is said to replace is compared with what a plan does replace, in both directions."""

import pytest

from rehearsal.comparing import contradictions
from rehearsal.plan_reading import Change

REPLACED = "replaced, the old one first"
SAID = {"aws_a": ["name", "network.subnets"]}


@pytest.mark.parametrize("attributes", [("name",), ("network.0.subnets",), ("network.0.subnets.1",), ("name", "other")])
def test_what_is_replaced_as_said_is_no_contradiction(attributes: tuple[str, ...]) -> None:
    assert list(contradictions([Change("aws_a.b", "aws_a", REPLACED, attributes)], SAID)) == []


@pytest.mark.parametrize(("type_", "attribute"), [("aws_a", "other"), ("aws_a", "network.0.groups"), ("aws_b", "name")])
def test_what_is_replaced_by_something_else_is_found(type_: str, attribute: str) -> None:
    (found,) = contradictions([Change("x", type_, REPLACED, (attribute,))], SAID)
    assert found == f"x: replaced, the old one first ({attribute}); nothing says that"


def test_what_is_updated_though_it_is_said_to_replace_is_found() -> None:
    (found,) = contradictions([Change("x", "aws_a", "updated in place", ("name", "tags"))], SAID)
    assert found == "x: updated in place (name, tags); name is said to replace it"


@pytest.mark.parametrize("action", ["created", "destroyed"])
def test_what_comes_and_goes_contradicts_nothing(action: str) -> None:
    assert list(contradictions([Change("x", "aws_a", action)], SAID)) == []
