"""In which rank each box of a graph is: after all that lead to it, but for what leads back."""

from collections.abc import Iterable, Mapping, Sequence

from handover.pictures.graph import Edge


def ranked(keys: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Return the rank of each box. The first of ``keys`` is where all begins."""
    follow = {key: [edge.target for edge in edges if edge.source == key] for key in keys}
    order = _onward(keys, follow)
    places = {key: place for place, key in enumerate(order)}
    ranks = dict.fromkeys(order, 0)
    for key in order:
        for target in follow[key]:
            if places[target] > places[key]:
                ranks[target] = max(ranks[target], ranks[key] + 1)
    return {key: ranks[key] for key in keys}


def _onward(keys: Sequence[str], follow: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the boxes so that each comes after those that lead to it, unless these are reached from it."""
    done: dict[str, None] = {}
    for key in keys:
        path = [] if key in done else [(key, iter(follow[key]))]
        entered = {key}
        while path:
            at, targets = path[-1]
            following = next((target for target in targets if target not in done and target not in entered), None)
            if following is None:
                done[at] = None
                path.pop()
            else:
                entered.add(following)
                path.append((following, iter(follow[following])))
    return list(reversed(done))


def split(ranks: Mapping[str, int], widths: Mapping[str, float], room: float) -> dict[str, int]:
    """Return ranks of which none is wider than ``room``: what is too much is a rank of its own behind it."""
    split_, shift, used = {}, 0, 0.0
    previous = 0
    for key in sorted(ranks, key=lambda key: ranks[key]):
        if ranks[key] != previous:
            previous, used = ranks[key], 0.0
        if used and used + widths[key] > room:
            shift, used = shift + 1, 0.0
        used += widths[key]
        split_[key] = ranks[key] + shift
    return split_
