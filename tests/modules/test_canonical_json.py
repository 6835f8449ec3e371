import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from modules.canonical_json import canonical_json, pruned

DOCUMENTS = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.text(some.characters(codec="ascii", exclude_characters="$%")),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text("abc"), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"a": None, "b": "", "c": [], "d": {}, "e": ()}, "{}"),
        ({"a": {"b": {"c": None}}}, "{}"),
        ({"a": 0, "b": False}, '{"a":0,"b":false}'),
        ({"a": ["z", "", None, {}, "a"]}, '{"a":["z","",null,{},"a"]}'),
        ({"a": ({"b": None, "c": 1},)}, '{"a":[{"c":1}]}'),
        ({"a": "ä"}, '{"a":"ä"}'),
    ],
)
def test_a_document_becomes_sorted_and_minimal(document: dict[str, Any], text: str) -> None:
    assert canonical_json(document) == text


def test_what_is_no_json_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": float("nan")})


@settings(max_examples=25)
@given(some.dictionaries(some.text("abc"), DOCUMENTS))
def test_it_does_not_matter_how_the_keys_were_ordered(document: dict[str, Any]) -> None:
    assert canonical_json(dict(reversed(document.items()))) == canonical_json(document)


@settings(max_examples=25)
@given(some.dictionaries(some.text("abc"), DOCUMENTS))
def test_what_was_canonical_stays_as_it_is(document: dict[str, Any]) -> None:
    once = canonical_json(document)

    assert canonical_json(json.loads(once)) == once
    assert json.loads(once) == pruned(document)
