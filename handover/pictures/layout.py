"""Layers of boxes and the lines between them: nothing over another, no line through a box.

Layers follow each other ``along`` a picture: left to right, or top to bottom. A box has its place ``across`` its layer.
A line passes a layer in a lane of its own, which all lines share that end at the same box; its label is a place too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handover.pictures.graph import Edge
from handover.pictures.ordering import Links, ordered
from handover.pictures.placing import placed

Point = tuple[float, float]
LANE = 8
PORT = 14
# How much it matters that lines are straight: from lane to lane, from box to box, and those of each style.
LANES, BOXES = 8.0, 4.0
WEIGHTS = {"flow": 1.0, "sends": 0.3, "waits": 0.3, "dead": 0.1, "fails": 0.02}
NEAR = 0.7  # of the space between ranks is on each side of a label


@dataclass(frozen=True)
class Spacing:
    """How far apart layers are (``along``), and boxes of one layer (``across``), in pixels."""

    along: float
    across: float


@dataclass(frozen=True)
class Line:
    """A piece of a line, curved or straight (``bends`` is how far out a line leads back to its own layer)."""

    style: str
    start: Point
    end: Point
    curved: bool = False
    ends: bool = False
    bends: float = 0


@dataclass(frozen=True)
class Layout:
    """The middles of boxes and labels, the lines, where each rank begins and ends, and how large all is."""

    middles: dict[str, Point]
    labels: dict[Edge, Point]
    lines: list[Line]
    ranks: list[tuple[float, float]]
    size: Point


def lay_out(
    ranks: Mapping[str, int],
    sizes: Mapping[str, Point],
    edges: Sequence[Edge],
    labels: Mapping[Edge, Point],
    spacing: Spacing,
) -> Layout:
    """Return where boxes of these ranks and sizes are, with the lines between them. Sizes are along and across."""
    chains = _Chains(ranks, edges, labels)
    size = {**sizes, **{_label(edge): extent for edge, extent in labels.items()}}
    across = {key: size[key][1] if key in size else LANE for layer in chains.layers for key in layer}
    gaps = {key: spacing.across if key in sizes else 6.0 for key in across}
    links = Links(chains.pairs, [(edge.source, edge.target) for edge in chains.loops])
    layers = ordered(chains.layers, links)
    centres = placed(layers, across, gaps, links)
    bands, at = [], float(spacing.along if chains.loops else 0)
    for layer, number in zip(layers, chains.numbers, strict=True):
        if number % 2:  # labels stand in the middle of what is between two ranks
            at -= spacing.along * (1 - NEAR)
        thickness = max((size[key][0] for key in layer if key in size), default=0)
        bands.append((at, at + thickness))
        at += thickness + spacing.along * (NEAR if number % 2 else 1)
    middles = {key: (sum(bands[at]) / 2, centres[key]) for at, layer in enumerate(layers) for key in layer}
    drawn = _Lines(middles, bands, size, {key: at for at, layer in enumerate(layers) for key in layer}, chains, spacing)
    return Layout(
        {key: middles[key] for key in sizes},
        {edge: middles[_label(edge)] for edge in labels},
        drawn.lines,
        [bands[at] for at, number in enumerate(chains.numbers) if number % 2 == 0],
        (at - spacing.along, max((centres[key] + extent / 2 for key, extent in across.items()), default=0)),
    )


def _label(edge: Edge) -> str:
    return f"\0label\0{edge.source}\0{edge.target}\0{edge.style}\0{edge.label}"


class _Chains:
    """Through which layers each edge leads; those with odd numbers have labels only."""

    def __init__(self, ranks: Mapping[str, int], edges: Sequence[Edge], labels: Mapping[Edge, Point]) -> None:
        by_number: dict[int, list[str]] = defaultdict(list)
        for key, rank in ranks.items():
            by_number[2 * rank].append(key)
        self.loops = [edge for edge in edges if ranks[edge.source] == ranks[edge.target]]
        through = [edge for edge in edges if ranks[edge.source] != ranks[edge.target]]
        labelled = {edge: 2 * ranks[edge.source] + self._step(ranks, edge) for edge in through if edge in labels}
        for edge, number in labelled.items():
            by_number[number].append(_label(edge))
        self.numbers = sorted(by_number)
        self.chains: dict[Edge, list[str]] = {}
        for edge in through:
            step = self._step(ranks, edge)
            chain = [edge.source]
            for number in sorted(by_number, reverse=step < 0):
                if min(own := (2 * ranks[edge.source], 2 * ranks[edge.target])) < number < max(own):
                    key = f"\0lane\0{edge.target}\0{edge.style}\0{number}\0{step}"
                    if labelled.get(edge) == number:
                        key = _label(edge)
                    elif key not in by_number[number]:
                        by_number[number].append(key)
                    chain.append(key)
            self.chains[edge] = [*chain, edge.target]
        self.layers = [by_number[number] for number in self.numbers]
        self.pairs: dict[tuple[str, str], float] = {}
        for edge, chain in self.chains.items():
            for one, other in pairwise(chain):
                boxes = (one in ranks) + (other in ranks)
                weight = (LANES, 1, BOXES)[boxes] * (WEIGHTS[edge.style] if boxes else 1)
                pair = (one, other) if self._step(ranks, edge) > 0 else (other, one)
                self.pairs[pair] = max(weight, self.pairs.get(pair, 0))

    @staticmethod
    def _step(ranks: Mapping[str, int], edge: Edge) -> int:
        return 1 if ranks[edge.target] > ranks[edge.source] else -1


class _Lines:
    """The pieces of lines, each once, from port to port."""

    def __init__(
        self,
        middles: Mapping[str, Point],
        bands: Sequence[tuple[float, float]],
        sizes: Mapping[str, Point],
        layer_of: Mapping[str, int],
        chains: _Chains,
        spacing: Spacing,
    ) -> None:
        self._middles, self._bands, self._sizes, self._layer_of = middles, bands, sizes, layer_of
        self._ports = self._find_ports(chains)
        found: dict[Line, bool] = {}
        for edge, chain in chains.chains.items():
            found |= dict.fromkeys(self._pieces(edge, chain), True)
        for edge in chains.loops:
            start, end = self._port(edge.source, -1, edge, "out"), self._port(edge.target, -1, edge, "in")
            found[Line(edge.style, start, end, curved=True, ends=True, bends=spacing.along * 0.7)] = True
        self.lines = list(found)

    def _find_ports(self, chains: _Chains) -> dict[tuple[str, int, str, str], float]:
        """Return where across its box each kind of line begins and ends, by box, side, style and way."""
        met: dict[tuple[str, int], dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
        for edge, chain in chains.chains.items():
            for key, other, way in ((chain[0], chain[1], "out"), (chain[-1], chain[-2], "in")):
                side = 1 if self._layer_of[other] > self._layer_of[key] else -1
                met[key, side][edge.style, way].append(self._middles[other][1])
        for edge in chains.loops:
            for key, other, way in ((edge.source, edge.target, "out"), (edge.target, edge.source, "in")):
                met[key, -1][edge.style, way].append(self._middles[other][1])
        ports = {}
        for (key, side), kinds in met.items():
            order = sorted(kinds, key=lambda kind: (sum(kinds[kind]) / len(kinds[kind]), kind))
            step = min(PORT, self._sizes[key][1] / (len(order) + 1))
            middle = _middle(order, self._sizes[key][1] / step)
            for place, kind in enumerate(order):
                ports[key, side, *kind] = self._middles[key][1] + (place - middle) * step
        return ports

    def _port(self, key: str, side: int, edge: Edge, way: str) -> Point:
        return self._middles[key][0] + side * self._sizes[key][0] / 2, self._ports[key, side, edge.style, way]

    def _pieces(self, edge: Edge, chain: Sequence[str]) -> list[Line]:
        step = 1 if self._layer_of[chain[-1]] > self._layer_of[chain[0]] else -1
        at = self._port(chain[0], step, edge, "out")
        pieces = []

        def to(point: Point, *, curved: bool = False) -> None:
            nonlocal at
            if point != at:
                pieces.append(Line(edge.style, at, point, curved))
                at = point

        for key, following in pairwise(chain):
            leave = self._bands[self._layer_of[key]][step > 0]
            enter = self._bands[self._layer_of[following]][step < 0]
            to((leave, at[1]))
            if following == chain[-1]:
                end = self._port(following, -step, edge, "in")
                to((enter, end[1]), curved=True)
                to(end)
            elif following in self._sizes:  # a label, which is in the middle of its layer
                middle, half = self._middles[following], self._sizes[following][0] / 2
                to((enter, middle[1]), curved=True)
                to((middle[0] - step * half, middle[1]))
                at = (middle[0] + step * half, middle[1])
            else:
                to((enter, self._middles[following][1]), curved=True)
        last = pieces[-1]
        return [*pieces[:-1], Line(last.style, last.start, last.end, last.curved, ends=True)]


def _middle(kinds: Sequence[tuple[str, str]], room: float) -> float:
    """Return which of the kinds of lines at one side of a box is in the middle: what flows, where others have room."""
    for place, (style, _) in enumerate(kinds):
        if style == "flow" and max(place, len(kinds) - 1 - place) < room / 2:
            return place
    return (len(kinds) - 1) / 2
