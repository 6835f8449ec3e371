"""Where things are within their layers."""

from handover.pictures.ordering import Links
from handover.pictures.placing import STRIPE, nearer, placed


def test_what_is_joined_is_in_one_line_and_nothing_is_nearer_than_it_may() -> None:
    layers = [["a"], ["x", "y", "z"]]
    sizes = {"a": 40.0, "x": 20.0, "y": 60.0, "z": 20.0}
    centres = placed(layers, sizes, dict.fromkeys("axyz", 10.0), Links({("a", key): 1 for key in "xyz"}, []))
    assert centres["a"] == centres["y"]
    assert centres["y"] - centres["x"] >= 50
    assert centres["z"] - centres["y"] >= 50
    assert min(centres[key] - sizes[key] / 2 for key in sizes) == 0


def test_what_is_alone_is_next_to_the_others() -> None:
    layers = [["a", "b"], ["x"], ["y"]]
    centres = placed(layers, dict.fromkeys("abxy", 20.0), dict.fromkeys("abxy", 10.0), Links({("a", "x"): 1}, []))
    assert centres == {"a": 10, "b": 40, "x": 10, "y": 10}


def test_no_empty_stripe_is_left_that_no_line_crosses() -> None:
    sizes = dict.fromkeys("abcd", 20.0)
    apart = {"a": 10.0, "b": 510.0, "c": 540.0, "d": 1_000.0}
    assert nearer(apart, sizes, Links({}, [])) == {"a": 10, "b": 30 + STRIPE, "c": 60 + STRIPE, "d": 80 + 2 * STRIPE}
    assert nearer(apart, sizes, Links({("a", "d"): 1}, [])) == apart


def test_no_things_have_no_places() -> None:
    assert placed([], {}, {}, Links({}, [])) == {}
