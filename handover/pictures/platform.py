"""A platform as boxes and edges: sources, queues, what starts work, the work, job queues, capacity, storage."""

from handover.pictures.boxes import HEADINGS, RANKS, STORAGE
from handover.pictures.graph import Graph
from handover.pictures.starting import starting
from handover.pictures.things import Things
from handover.pictures.working import working
from handover.platforms import Platform


def platform_graph(platform: Platform) -> Graph:
    """Return the graph of a platform."""
    things = Things(platform)
    found = dict.fromkeys([*starting(things), *working(things)])
    begins = {edge.source for edge in found}
    ranks = {
        key: STORAGE if made.look == "bucket" and key not in begins else RANKS[made.look]
        for key, made in things.boxes.items()
    }
    used = sorted(set(ranks.values()))
    firsts = {edge.target: edge.label for edge in sorted(found, key=lambda edge: edge.label, reverse=True)}
    boxes = sorted(
        things.boxes.values(),
        key=lambda made: (ranks[made.key], firsts.get(made.key, ""), made.look, made.title, made.key),
    )
    place = {made.key: at for at, made in enumerate(boxes)}
    edges = [edge for edge in found if edge.source in place and edge.target in place]
    edges.sort(key=lambda edge: (place[edge.source], place[edge.target], edge.style, edge.label))
    return Graph(
        f"Platform {platform.name}",
        boxes,
        edges,
        {made.key: used.index(ranks[made.key]) for made in boxes},
        [HEADINGS[rank] for rank in used],
    )
