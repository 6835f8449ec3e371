"""The order within layers."""

from handover.pictures.ordering import Links, ordered


def test_lines_do_not_cross_where_they_need_not() -> None:
    links = Links({("a", "z"): 1, ("b", "y"): 1, ("c", "x"): 1, ("x", "q"): 1, ("z", "p"): 1}, [])
    first, second, third = ordered([["a", "b", "c"], ["x", "y", "z"], ["p", "q"]], links)
    assert [first, second, third] in ([list("abc"), list("zyx"), list("pq")], [list("cba"), list("xyz"), list("qp")])


def test_what_is_joined_within_a_layer_is_side_by_side() -> None:
    (layer,) = ordered([["a", "b", "c", "d"]], Links({}, [("a", "d")]))
    assert abs(layer.index("a") - layer.index("d")) == 1


def test_what_nothing_is_joined_to_is_last() -> None:
    links = Links({("b", "x"): 1}, [])
    assert ordered([["a", "b"], ["x"]], links) == [["b", "a"], ["x"]]
