"""Things that wait for each other, however many there are in between."""

from modules.cycles import cycle_in


def test_what_waits_in_a_line_has_no_cycle() -> None:
    assert cycle_in({}) is None
    assert cycle_in({"a": ["b"], "b": ["c"], "d": ["c", "nowhere"]}) is None


def test_a_cycle_is_shown_from_its_beginning_to_its_beginning() -> None:
    assert cycle_in({"a": ["a"]}) == "a → a"
    assert cycle_in({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == "a → b → c → a"
