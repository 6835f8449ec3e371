"""Where things are within their layers: near to what they are joined to, in their order, and none over another."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from handover.pictures.ordering import Layers, Links

SWEEPS, STRIPE = 30, 24


def placed(layers: Layers, sizes: Mapping[str, float], gaps: Mapping[str, float], links: Links) -> dict[str, float]:
    """Return the middle of each thing; the first of all begins at 0. ``gaps``: how far others stay away of it."""
    offsets = {key: offset for layer in layers for key, offset in zip(layer, _offsets(layer, sizes, gaps), strict=True)}
    centres = {key: offsets[key] - offsets[layer[-1]] / 2 for layer in layers for key in layer}
    joined: list[Sequence[str]] = [[key for key in layer if not links.is_alone(key)] for layer in layers]
    for sweep in range(SWEEPS):
        near = (links.before, links.after) if sweep >= SWEEPS - 4 else ((links.after, links.before)[sweep % 2 == 0],)
        for layer in reversed(joined) if sweep % 2 else joined:
            pulls = [{far: weight for side in near for far, weight in side[key].items()} for key in layer]
            weights = [sum(pull.values()) or 0.01 for pull in pulls]
            wanted = [
                sum(centres[far] * weight for far, weight in pull.items()) / heft if pull else centres[key]
                for key, pull, heft in zip(layer, pulls, weights, strict=True)
            ]
            places = _ascending([want - offsets[key] for want, key in zip(wanted, layer, strict=True)], weights)
            centres |= {key: place + offsets[key] for key, place in zip(layer, places, strict=True)}
    centres |= nearer({key: centres[key] for layer in joined for key in layer}, sizes, links)
    first = min((centres[key] - sizes[key] / 2 for layer in joined for key in layer), default=0)
    for layer, others in zip(layers, joined, strict=True):  # what is alone is behind all others
        for key in layer[len(others) :]:
            last = layer[layer.index(key) - 1]
            behind = centres[last] - offsets[last] + offsets[key] if key != layer[0] else first + sizes[key] / 2
            centres[key] = behind
    return {key: round(centre - first, 1) for key, centre in centres.items()}


def nearer(centres: Mapping[str, float], sizes: Mapping[str, float], links: Links) -> dict[str, float]:
    """Return the middles without empty stripes through all layers, wider than ``STRIPE``, that no line crosses."""
    spans = [(centre - sizes[key] / 2, centre + sizes[key] / 2) for key, centre in centres.items()]
    spans += [
        (centres[key], centres[far]) for key in centres for far in links.joined(key) if centres[key] < centres[far]
    ]
    reach, moved, stripes = None, 0.0, []
    for start, end in sorted(spans):
        if reach is not None and start > reach + STRIPE:
            moved += start - reach - STRIPE
            stripes.append((start, moved))
        reach = end if reach is None else max(reach, end)
    return {
        key: centre - max((by for start, by in stripes if start <= centre), default=0)
        for key, centre in centres.items()
    }


def _offsets(layer: Sequence[str], sizes: Mapping[str, float], gaps: Mapping[str, float]) -> list[float]:
    """Return how far behind the first of a layer each is where they stand as near as they may."""
    offsets = [0.0] if layer else []
    for one, other in pairwise(layer):
        offsets.append(offsets[-1] + (sizes[one] + sizes[other]) / 2 + max(gaps[one], gaps[other]))
    return offsets


def _ascending(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the ascending numbers nearest to these, by the weighted squares of their distances."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pool = (value, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, heft, count = pools.pop()
            total = heft + pool[1]
            pool = ((mean * heft + pool[0] * pool[1]) / total, total, count + pool[2])
        pools.append(pool)
    return [mean for mean, _, count in pools for _ in range(count)]
