"""Where things are within their layers."""

from handover.pictures.ordering import Links
from handover.pictures.placing import placed


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


def test_no_things_have_no_places() -> None:
    assert placed([], {}, {}, Links({}, [])) == {}
