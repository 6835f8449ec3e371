from graphlib import CycleError

import pytest

from modules.states.ordering import AtOnce, Block, InTurn, Leaf, block_of, leaves


def in_short(block: Block) -> str:
    match block:
        case Leaf(name):
            return name
        case InTurn(blocks):
            return "(" + " → ".join(map(in_short, blocks)) + ")"
        case AtOnce(blocks):
            return "[" + " | ".join(map(in_short, blocks)) + "]"


@pytest.mark.parametrize(
    ("waits_for", "expected"),
    [
        ({"a": []}, "a"),
        ({"a": [], "b": ["a"], "c": ["b"]}, "(a → b → c)"),
        ({"a": [], "b": ["a"], "c": ["b", "a"]}, "(a → b → c)"),
        ({"a": [], "b": []}, "[a | b]"),
        ({"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}, "(a → [b | c] → d)"),
        ({"a": [], "b": ["a"], "c": [], "d": ["b", "c"]}, "([(a → b) | c] → d)"),
        ({"a": [], "b": [], "c": ["a", "b"], "d": ["a", "b"]}, "([a | b] → [c | d])"),
        ({"a": [], "b": [], "x": ["a"], "y": ["b"]}, "[(a → x) | (b → y)]"),
    ],
)
def test_what_waits_for_nothing_else_runs_at_the_same_time(waits_for: dict[str, list[str]], expected: str) -> None:
    assert in_short(block_of(waits_for)) == expected


def test_an_order_that_branches_cannot_have_makes_as_few_wait_without_need_as_there_is_a_way_to() -> None:
    # d needs a and b, c only a: one barrier makes c wait for b.
    assert in_short(block_of({"a": [], "b": [], "c": ["a"], "d": ["a", "b"]})) == "([a | b] → [c | d])"
    # Behind the first level four pairs wait without need, behind the second one only.
    chain = {"a": [], "b": [], "c": ["a"], "d": ["b"], "e": ["c"], "f": ["c", "d"], "g": ["c", "d"], "h": ["c", "d"]}
    assert in_short(block_of(chain)) == "([(a → c) | (b → d)] → [e | f | g | h])"


def test_leaves_come_in_an_order_that_their_edges_allow() -> None:
    assert leaves(block_of({"z": [], "a": ["z"], "m": ["z"], "b": ["a", "m"]})) == ["z", "a", "m", "b"]


def test_what_waits_for_itself_has_no_order() -> None:
    with pytest.raises(CycleError):
        block_of({"a": ["b"], "b": ["a"]})


def test_nothing_is_no_pipeline() -> None:
    with pytest.raises(ValueError, match="needs a stage"):
        block_of({})
