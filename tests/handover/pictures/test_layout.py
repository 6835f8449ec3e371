"""Lines between boxes: through lanes, past labels, and back within a layer."""

from handover.pictures.graph import Edge
from handover.pictures.layout import Spacing, lay_out

SPACING = Spacing(40, 10)
SIZE = (100.0, 40.0)


def test_lines_that_end_at_one_box_share_their_lane() -> None:
    edges = [Edge("a", "z"), Edge("b", "z")]
    ranks = {"a": 0, "b": 0, "m": 1, "z": 2}
    found = lay_out(ranks, dict.fromkeys(ranks, SIZE), edges, {}, SPACING)
    assert [line.curved for line in found.lines].count(False) == 1
    assert sum(line.ends for line in found.lines) == 1


def test_a_line_is_open_where_its_label_is() -> None:
    edge = Edge("a", "b", label="1")
    found = lay_out({"a": 0, "b": 1}, {"a": SIZE, "b": SIZE}, [edge], {edge: (20, 14)}, SPACING)
    along, across = found.labels[edge]
    assert found.lines[-2].end[0] <= along - 10 or found.lines[0].end == (along - 10, across)
    assert found.ranks == [(0, 100), (176, 276)]


def test_a_line_back_comes_in_from_behind() -> None:
    found = lay_out({"a": 0, "b": 1}, {"a": SIZE, "b": SIZE}, [Edge("b", "a")], {}, SPACING)
    (line,) = found.lines
    assert (line.start[0], line.end[0], line.ends) == (140, 100, True)


def test_a_line_within_a_layer_leads_around_it() -> None:
    found = lay_out({"a": 0, "b": 0}, {"a": SIZE, "b": SIZE}, [Edge("a", "b")], {}, SPACING)
    (line,) = found.lines
    assert line.start[0] == line.end[0] == 40
    assert 0 < line.bends < 40
