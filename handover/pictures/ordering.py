"""The order of things within layers: few lines cross."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

SWEEPS, ROUNDS = 16, 8
# As bad as how many crossings is a place between two things of one layer that are joined.
ASTRAY = 2
Layers = Sequence[Sequence[str]]


class Links:
    """What each thing is joined to, and how much it matters: in the layer before, in that behind, and in its own."""

    def __init__(self, pairs: Mapping[tuple[str, str], float], beside: Iterable[tuple[str, str]]) -> None:
        self.before: dict[str, dict[str, float]] = defaultdict(dict)
        self.after: dict[str, dict[str, float]] = defaultdict(dict)
        self.beside: dict[str, dict[str, float]] = defaultdict(dict)
        for (one, other), weight in pairs.items():
            self.after[one][other] = self.before[other][one] = weight
        for one, other in beside:
            self.beside[one][other] = self.beside[other][one] = 1

    def joined(self, key: str) -> list[str]:
        """Return all that is joined to it."""
        return [*self.before[key], *self.after[key], *self.beside[key]]

    def is_alone(self, key: str) -> bool:
        """Return whether nothing is joined to it."""
        return not self.joined(key)


def ordered(layers: Layers, links: Links) -> list[list[str]]:
    """Return the layers, each in an order in which few lines cross."""
    best = current = [sorted(layer, key=links.is_alone) for layer in layers]
    fewest = _cost(best, links)
    for sweep in range(SWEEPS):
        current = [list(layer) for layer in current]
        down = sweep % 2 == 0
        for layer in current if down else reversed(current):
            places = _places(current, scaled=True)
            near = links.before if down else links.after
            wanted = {key: _mean([*near[key], *links.beside[key]], places, key) for key in layer}
            layer.sort(key=lambda key: (links.is_alone(key), wanted[key]))
        swapped = _swapped(current, links)
        if (cost := _cost(swapped, links)) < fewest:
            best, fewest = swapped, cost
    return best


def _places(layers: Layers, *, scaled: bool = False) -> dict[str, float]:
    return {
        key: place / max(1, len(layer) - 1) if scaled else place for layer in layers for place, key in enumerate(layer)
    }


def _mean(near: Sequence[str], places: Mapping[str, float], key: str) -> float:
    return sum(places[link] for link in near) / len(near) if near else places[key]


def _swapped(layers: Layers, links: Links) -> list[list[str]]:
    """Return the layers with neighbours in the other order where fewer lines cross then."""
    swapped = [list(layer) for layer in layers]
    for _ in range(ROUNDS):
        places, better = _places(swapped), False
        for layer in swapped:
            for at in range(len(layer) - 1):
                one, other = layer[at : at + 2]
                if not links.is_alone(other) and _gain(one, other, places, links) > 0:
                    layer[at : at + 2] = other, one
                    places[one], places[other] = places[other], places[one]
                    better = True
        if not better:
            break
    return swapped


def _gain(one: str, other: str, places: Mapping[str, float], links: Links) -> float:
    """Return how many crossings fewer there are once two neighbours change places."""
    gain = 0.0
    for near in (links.before, links.after):
        for a in near[one]:
            for b in near[other]:
                gain += (places[a] > places[b]) - (places[a] < places[b])
    for key, way in ((one, 1), (other, -1)):
        for far in links.beside[key]:
            if far not in (one, other):
                gain += ASTRAY * (way if places[far] > places[key] else -way)
    return gain


def _cost(layers: Layers, links: Links) -> float:
    """Return how many lines cross, and how far those lead that stay in a layer."""
    places, cost = _places(layers), 0.0
    for layer in layers:
        passed: list[float] = []
        for key in layer:
            ends = [places[link] for link in links.after[key]]
            cost += sum(place > end for end in ends for place in passed)
            cost += sum(
                ASTRAY * (places[far] - places[key] - 1) for far in links.beside[key] if places[far] > places[key]
            )
            passed += ends
    return cost
