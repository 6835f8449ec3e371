"""What would be wrong with a picture to somebody who looks at it."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from handover.pictures.graph import Edge, Graph
from handover.pictures.layout import Point
from handover.pictures.scene import MARGIN, SIZES, Area, Scene, Stroke, Text, picture

Rectangle = tuple[float, float, float, float]
STEPS = 12


def faults(graph: Graph) -> list[str]:
    """Return what is wrong with the picture of a graph: what lies over another, is cut or leads nowhere."""
    scene = picture(graph)
    return [
        *_boxes(scene),
        *_lines(scene),
        *_texts(scene),
        *_ends(graph, scene),
        *_inside(graph, scene),
    ]


def _boxes(scene: Scene) -> Iterator[str]:
    for one, other in combinations(scene.areas, 2):
        if _overlap(_of(one), _of(other)) and not (_holds(_of(one), _of(other)) or _holds(_of(other), _of(one))):
            yield f"{one.key} lies over {other.key}"


def _lines(scene: Scene) -> Iterator[str]:
    for stroke in scene.strokes:
        points = list(_points(stroke))
        across, down = zip(*points, strict=True)
        around = (min(across), min(down), max(across), max(down))
        for area in scene.areas:
            if not _overlap(around, _of(area)):
                continue
            inside = [_within(point, _of(area), -0.5) for point in points]
            if any(inside) and not all(_within(point, _of(area), 0.5) for point in points):
                yield f"a line leads through {area.key}: {stroke}"
        for text in scene.texts:
            letters = _letters(text)
            if _overlap(around, letters) and any(_within(point, letters, -2) for point in points):
                yield f"a line leads through the text {text.text!r}: {stroke}"


def _texts(scene: Scene) -> Iterator[str]:
    yield from (f"{role} is smaller than 11 pixels" for role, size in SIZES.items() if size < 11)
    for area in scene.areas:
        yield from (f"{text.text!r} leaves {area.key}" for text in area.texts if not _holds(_of(area), _letters(text)))
    placed = [(text, _letters(text)) for area in scene.areas for text in area.texts]
    placed += [(text, _letters(text)) for text in scene.texts]
    for (one, here), (other, there) in combinations(placed, 2):
        if _overlap(here, there):
            yield f"{one.text!r} lies over {other.text!r}"


def _ends(graph: Graph, scene: Scene) -> Iterator[str]:
    areas = {area.key: _of(area) for area in scene.areas}
    for edge in _all_edges(graph):
        strokes = [stroke for stroke in scene.strokes if stroke.style == edge.style]
        if not any(_touches(stroke.points[0], areas[edge.source]) for stroke in strokes):
            yield f"no line begins at {edge.source} for {edge}"
        if not any(stroke.ends and _touches(stroke.points[-1], areas[edge.target]) for stroke in strokes):
            yield f"no line ends at {edge.target} for {edge}"
    for stroke in scene.strokes[: -len({stroke.style for stroke in scene.strokes}) or None]:  # below is the legend
        if stroke.ends and not any(_touches(stroke.points[-1], area) for area in areas.values()):
            yield f"a line ends at nothing: {stroke}"


def _all_edges(graph: Graph) -> Iterator[Edge]:
    yield from graph.edges
    for box in graph.boxes:
        for inner in box.inside:
            yield from _all_edges(inner)


def _inside(graph: Graph, scene: Scene) -> Iterator[str]:
    page = (0.0, 0.0, scene.width, scene.height)
    yield from (f"{area.key} leaves the page" for area in scene.areas if not _holds(page, _of(area)))
    yield from (f"{text.text!r} leaves the page" for text in scene.texts if not _holds(page, _letters(text)))
    points = [point for stroke in scene.strokes for point in _points(stroke)]
    yield from (f"a line leaves the page at {point}" for point in points if not _within(point, page, -MARGIN / 4))
    missing = {box.key for box in graph.boxes} - {area.key for area in scene.areas}
    yield from (f"{key} is not drawn" for key in missing)


def _of(area: Area) -> Rectangle:
    return area.x, area.y, area.x + area.width, area.y + area.height


def _letters(text: Text) -> Rectangle:
    left = text.x - text.width / 2 if text.centred else text.x
    return left, text.y - SIZES[text.role] * 0.8, left + text.width, text.y + SIZES[text.role] * 0.25


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _holds(one: Rectangle, other: Rectangle) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one[2] >= other[2] and one[3] >= other[3]


def _within(point: Point, area: Rectangle, slack: float) -> bool:
    """Return whether a point is in a rectangle that is larger by ``slack`` on each side."""
    across = area[0] - slack <= point[0] <= area[2] + slack
    return across and area[1] - slack <= point[1] <= area[3] + slack


def _touches(point: Point, area: Rectangle) -> bool:
    return _within(point, area, 0.2) and not _within(point, area, -0.2)


def _points(stroke: Stroke) -> Iterator[Point]:
    for step in range(STEPS + 1):
        yield _at(list(stroke.points), step / STEPS)


def _at(points: list[Point], share: float) -> Point:
    while len(points) > 1:
        points = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(points)]
    return points[0]
