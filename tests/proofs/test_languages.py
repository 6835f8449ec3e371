from itertools import product

import pytest

from proofs.languages import Pattern, kinds
from tests.simulator import like

PATTERNS = [
    [Pattern("ab"), Pattern("AB", any_case=True), Pattern("a*", has_wildcards=True)],
    [Pattern("a*b", has_wildcards=True), Pattern("*ba*", has_wildcards=True), Pattern("a?b", has_wildcards=True)],
    [Pattern("", has_wildcards=True), Pattern("*", has_wildcards=True), Pattern("?", has_wildcards=True)],
    [Pattern("*:a", has_wildcards=True, is_arn=True), Pattern("*:a", has_wildcards=True), Pattern("*")],
]


@pytest.mark.parametrize("patterns", PATTERNS)
def test_every_text_is_of_a_kind_and_every_kind_has_a_text(patterns: list[Pattern]) -> None:
    found = {kind.accepted: kind.example for kind in kinds(patterns)}
    texts = ["".join(letters) for length in range(6) for letters in product("abB:", repeat=length)]
    met = {frozenset(pattern for pattern in patterns if pattern.accepts(text)) for text in texts}

    assert met <= set(found)
    for accepted, example in found.items():
        assert {pattern for pattern in patterns if pattern.accepts(example)} == accepted


@pytest.mark.parametrize("text", ["", "a", "ab", "aab", "ba", "a:b", "A", "a.b", "a\nb"])
@pytest.mark.parametrize("pattern", ["", "a", "a*", "*b", "a?b", "*", "?", "a.b"])
def test_wildcards_stand_for_what_the_simulator_takes(pattern: str, text: str) -> None:
    assert Pattern(pattern, has_wildcards=True).accepts(text) == like(pattern, text)


def test_wildcards_of_an_arn_stay_in_their_part_but_for_the_last() -> None:
    pattern = Pattern("arn:aws:*:*:*:queue/*", has_wildcards=True, is_arn=True)
    assert pattern.accepts("arn:aws:batch:us-east-1:1:queue/a:b")
    assert not pattern.accepts("arn:aws:batch:us-east-1:1:more:queue/a")


def test_examples_that_people_know_are_preferred() -> None:
    found = kinds([Pattern("s3:*", has_wildcards=True)], ["s3:GetObject", "sqs:SendMessage"])
    assert [kind.example for kind in found] == ["s3:GetObject", "sqs:SendMessage"]
