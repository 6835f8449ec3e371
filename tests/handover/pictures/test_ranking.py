"""The ranks of states: after what leads to them, and none too wide."""

from hypothesis import given
from hypothesis import strategies as st

from handover.pictures.graph import Edge
from handover.pictures.ranking import ranked, split


def test_each_is_behind_all_that_lead_to_it_and_what_leads_back_changes_nothing() -> None:
    edges = [Edge("a", "b"), Edge("b", "c"), Edge("a", "c"), Edge("c", "b"), Edge("c", "d")]
    assert ranked(["a", "b", "c", "d"], edges) == {"a": 0, "b": 1, "c": 2, "d": 3}


@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=16))
def test_no_two_that_are_joined_have_one_rank(pairs: list[tuple[str, str]]) -> None:
    edges = [Edge(*pair) for pair in pairs if pair[0] != pair[1]]
    ranks = ranked(list("abcdefg"), edges)
    assert [edge for edge in edges if ranks[edge.source] == ranks[edge.target]] == []


def test_what_is_too_wide_goes_on_in_a_rank_of_its_own() -> None:
    ranks = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2}
    assert split(ranks, dict.fromkeys(ranks, 100), 210) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3}
    assert split(ranks, dict.fromkeys(ranks, 100), 300) == ranks
    assert split(ranks, dict.fromkeys(ranks, 100), 50) == {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}
