"""A picture with every place in pixels: boxes with the lines of their text, boxes inside of them, lines, labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handover.pictures.graph import Box, Edge, Graph
from handover.pictures.layout import NEAR, Layout, Line, Point, Spacing, lay_out
from handover.pictures.lettering import lines, width
from handover.pictures.ranking import ranked, split

WIDTH = 1600
MARGIN = 24
PADDING = 10
SIZES = {"title": 13, "caption": 11, "detail": 12, "label": 11, "heading": 14, "name": 18}
HEIGHTS = {"title": 17, "caption": 14, "detail": 15, "label": 14}
COLUMNS, FARTHEST, ROWS = Spacing(56, 14), 110, Spacing(26, 22)
# How wide boxes are at most, those of states at least, and labels at most.
WIDEST, WIDEST_STATE, NARROWEST_STATE, WIDEST_LABEL = 210, 230, 90, 130

# What a line says: what it begins at does this to what it ends at.
LEGEND = {
    "flow": "leads to",
    "sends": "sends messages to",
    "waits": "is read, or waited for, by",
    "dead": "when it cannot start anything, tells",
    "fails": "on failure leads to",
}


@dataclass(frozen=True)
class Text:
    """One line of text: its left end, or its middle, and its baseline."""

    text: str
    x: float
    y: float
    role: str
    centred: bool = False

    @property
    def width(self) -> float:
        """Return how wide it is at most."""
        return _width(self.text, self.role)


@dataclass(frozen=True)
class Area:
    """A box as it is drawn, with all of its text."""

    key: str
    look: str
    x: float
    y: float
    width: float
    height: float
    texts: Sequence[Text]


@dataclass(frozen=True)
class Stroke:
    """A piece of a line: two points, or four of which two pull it (a Bézier curve)."""

    style: str
    points: Sequence[Point]
    ends: bool = False


@dataclass
class Scene:
    """All that is drawn of one graph, and how large that is."""

    width: float = 0
    height: float = 0
    areas: list[Area] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def put(self, other: "Scene", x: float, y: float) -> None:
        """Draw another one inside of this."""
        for area in other.areas:
            self.areas.append(replace(area, x=area.x + x, y=area.y + y, texts=_moved(area.texts, x, y)))
        self.texts += _moved(other.texts, x, y)
        for stroke in other.strokes:
            self.strokes.append(replace(stroke, points=[(a + x, b + y) for a, b in stroke.points]))


def picture(graph: Graph) -> Scene:
    """Return a graph as a picture of its own: with headings where its ranks are columns."""
    scene = Scene(WIDTH)
    scene.texts.append(Text(graph.title, MARGIN, MARGIN + SIZES["name"], "name"))
    top = MARGIN + SIZES["name"] + 22 + (30 if graph.headings else 0)
    inner, found = _columns(graph) if graph.headings else _rows(graph)
    for heading, (left, _) in zip(graph.headings, found.ranks, strict=False):
        scene.texts.append(Text(heading, MARGIN + left, top - 18, "heading"))
    scene.put(inner, MARGIN, top)
    scene.height = top + inner.height + 2 * MARGIN
    right = _legend(scene, [style for style in LEGEND if any(stroke.style == style for stroke in inner.strokes)])
    scene.width = round(MARGIN + max(inner.width + MARGIN, right, _width(graph.title, "name") + MARGIN), 1)
    return scene


def _legend(scene: Scene, styles: Sequence[str]) -> float:
    """Say below all else what lines of these styles mean; return how wide that is."""
    x, y = float(MARGIN), scene.height - 14
    for style in styles:
        scene.strokes.append(Stroke(style, [(x, y), (x + 34, y)], ends=True))
        scene.texts.append(text := Text(LEGEND[style], x + 42, y + 4, "label"))
        x += 42 + text.width + MARGIN
    return x - MARGIN


def _columns(graph: Graph) -> tuple[Scene, Layout]:
    labels = {edge: [edge.label] for edge in graph.edges if edge.label}
    sizes = {edge: (_width(edge.label, "label") + 4, HEIGHTS["label"]) for edge in labels}
    count = max(graph.ranks.values(), default=0) + 1
    between = {graph.ranks[edge.source] - (graph.ranks[edge.target] < graph.ranks[edge.source]) for edge in labels}
    widest = max((along for along, _ in sizes.values()), default=0)
    loops = any(graph.ranks[edge.source] == graph.ranks[edge.target] for edge in graph.edges)
    gaps = loops + count - 1 + (2 * NEAR - 1) * len(between)
    room = min(WIDEST, (WIDTH - 2 * MARGIN - COLUMNS.along * gaps - widest * len(between)) // count)
    boxes = {box.key: _drawn(box, room) for box in graph.boxes}
    extents = {key: (drawn.width, drawn.height) for key, drawn in boxes.items()}
    along = min(FARTHEST, (WIDTH - 2 * MARGIN - room * count - widest * len(between)) / (gaps or 1))
    found = lay_out(graph.ranks, extents, graph.edges, sizes, replace(COLUMNS, along=along))
    return _composed(boxes, labels, found, upright=False), found


def _rows(graph: Graph) -> tuple[Scene, Layout]:
    labels = {edge: lines(edge.label, SIZES["label"], WIDEST_LABEL) for edge in graph.edges if edge.label}
    sizes = {
        edge: (len(texts) * HEIGHTS["label"], max(_width(text, "label") for text in texts) + 4)
        for edge, texts in labels.items()
    }
    boxes = {box.key: _drawn(box) for box in graph.boxes}
    widths = {key: drawn.width + ROWS.across for key, drawn in boxes.items()}
    ranks = split(ranked(list(boxes), graph.edges), widths, WIDTH - 2 * MARGIN - 200)
    extents = {key: (drawn.height, drawn.width) for key, drawn in boxes.items()}
    found = lay_out(ranks, extents, graph.edges, sizes, ROWS)
    return _composed(boxes, labels, found, upright=True), found


def _composed(
    boxes: Mapping[str, Scene], labels: Mapping[Edge, Sequence[str]], found: Layout, *, upright: bool
) -> Scene:
    """Return what was laid out with each thing in its place; along is down where it is ``upright``."""

    def turned(point: Point) -> Point:
        return (point[1], point[0]) if upright else point

    scene = Scene(*turned(found.size))
    for line in found.lines:
        scene.strokes.append(Stroke(line.style, [turned(point) for point in _points(line)], line.ends))
    for key, drawn in boxes.items():
        x, y = turned(found.middles[key])
        scene.put(drawn, x - drawn.width / 2, y - drawn.height / 2)
    for edge, texts in labels.items():
        x, y = turned(found.labels[edge])
        first = y - (len(texts) - 1) / 2 * HEIGHTS["label"] + 4
        for place, text in enumerate(texts):
            scene.texts.append(Text(text, x, first + place * HEIGHTS["label"], "label", centred=True))
    return scene


def _points(line: Line) -> list[Point]:
    (along, across), (end, place) = line.start, line.end
    if line.bends:
        return [line.start, (along - line.bends, across), (end - line.bends, place), line.end]
    if not line.curved or across == place:
        return [line.start, line.end]
    middle = (along + end) / 2
    return [line.start, (middle, across), (middle, place), line.end]


def _drawn(box: Box, room: float = 0) -> Scene:
    """Return a box at 0, 0 with its text and what is inside of it; as wide as ``room``, or as it has to be."""
    said = [("caption", box.caption), ("title", box.title), *(("detail", detail) for detail in box.details)]
    inner = [_rows(graph)[0] for graph in box.inside]
    most = (room or max(WIDEST_STATE, sum(scene.width for scene in inner))) - 2 * PADDING
    broken = [(role, line) for role, text in said for line in lines(text, SIZES[role], most, bold=role == "title")]
    fitting = max(_width(text, role) for role, text in broken) + 2 * PADDING
    scene = Scene(room or max(fitting, NARROWEST_STATE))
    texts, y = [], float(PADDING - 3)
    for role, text in broken:
        y += HEIGHTS[role]
        texts.append(Text(text, PADDING, y - 3, role))
    x, highest = float(PADDING), 0.0
    for part in inner:
        scene.put(part, x, y + PADDING)
        x += part.width + 2 * PADDING
        highest = max(highest, part.height)
    scene.width = max(scene.width, x - PADDING if inner else 0)
    scene.height = y + highest + (2 * PADDING if inner else PADDING - 2)
    area = Area(box.key, box.look, 0, 0, scene.width, scene.height, texts)
    scene.areas.insert(0, area)
    return scene


def _width(text: str, role: str) -> float:
    return width(text, SIZES[role], bold=role in ("title", "heading", "name"))


def _moved(texts: Sequence[Text], x: float, y: float) -> list[Text]:
    return [replace(text, x=text.x + x, y=text.y + y) for text in texts]
