from typing import Any

import pytest

from modules.events.matching import IsNumber, IsThere, Match, StartsWith, Wildcard
from modules.events.patterns import EITHER, match_problems, pattern_document, pattern_text
from tests.modules.events.samples import has
from tests.problems import in_short

MESSAGE = {"messageId": "059f36b4", "body": {"kind": "image", "key": "in/a.png", "meta": {"size": 5}}}


def test_fields_stand_inside_each_other_and_all_of_them_count() -> None:
    matches: dict[str, list[str | Match]] = {
        "body.kind": ["image", "video"],
        "body.key": [StartsWith(text="in/")],
        "body.meta.size": [IsThere()],
    }
    assert pattern_document(matches) == {
        "body": {"kind": ["image", "video"], "key": [{"prefix": "in/"}], "meta": {"size": [{"exists": True}]}}
    }
    assert has(matches, MESSAGE)
    assert not has({**matches, "body.kind": ["text"]}, MESSAGE)


def test_what_looks_like_an_expression_of_terraform_is_meant_as_it_is() -> None:
    assert pattern_text({"body.kind": ["${x}"]}) == '{"body":{"kind":["$${x}"]}}'


@pytest.mark.parametrize(
    ("matches", "found"),
    [
        ({"body": ["x"], "attributes.SenderId": ["y"]}, []),
        ({"body": ["x"], "body.kind": ["y"]}, ["here.body.kind: got 'body.kind'"]),
        ({"body.a": ["x"], "body.ab": ["y"]}, []),
    ],
)
def test_a_field_is_matched_itself_or_inside(matches: dict[str, Any], found: list[str]) -> None:
    assert in_short(match_problems("here", matches)) == found


def test_pipes_know_no_wildcards() -> None:
    matches: dict[str, list[str | Match]] = {"body.key": ["x", Wildcard(pattern="*.png")]}
    assert in_short(match_problems("here", matches)) == []
    assert in_short(match_problems("here", matches, for_pipes=True)) == ["here.body.key[1]: got a Wildcard"]


def test_one_of_several_fields_is_enough_where_it_is_said() -> None:
    matches = {"body.kind": ["image"], EITHER: [{"body.key": ["a"]}, {"body.meta.size": [IsNumber(above=9)]}]}
    assert pattern_document(matches) == {
        "body": {"kind": ["image"]},
        "$or": [{"body": {"key": ["a"]}}, {"body": {"meta": {"size": [{"numeric": [">", 9]}]}}}],
    }
    assert not has(matches, MESSAGE)
    assert has(matches, {"body": {"kind": "image", "key": "b", "meta": {"size": 10}}})
    assert has(matches, {"body": {"kind": "image", "key": "a"}})
    assert not has(matches, {"body": {"kind": "text", "key": "a"}})


def test_a_pattern_has_a_longest_size() -> None:
    room = 4_096 - len('{"body":["",""]}')
    assert in_short(match_problems("here", {"body": ["x" * 1_000, "y" * (room - 1_000)]})) == []
    assert in_short(match_problems("here", {"body": ["x" * 1_000, "y" * (room - 999)]})) == ["here: 4,096, got 4,097"]
