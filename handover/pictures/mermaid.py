"""A picture as Mermaid text, which GitHub draws in Markdown.

Source: Mermaid's page of flowcharts. Words are between quotation marks, where only entities like ``#35;`` are special.
"""

import re
from collections.abc import Iterator, Mapping

from handover.pictures.graph import Box, Graph

ARROWS = {
    "flow": ("-->", ""),
    "sends": ("-.->", "sends"),
    "waits": ("-.->", "read"),
    "dead": ("-.->", "if it cannot start"),
    "fails": ("-.->", "on failure"),
}
SHAPES = {
    "bucket": ("[(", ")]"),
    "choice": ("{", "}"),
    "ends": ("([", "])"),
    "end": ("([", "])"),
    "queue": ("[[", "]]"),
}


def mermaid(graph: Graph) -> str:
    """Return the text of a graph: ranks with headings side by side, others from top to bottom."""
    ids: dict[str, str] = {}
    lines = [f"flowchart {'LR' if graph.headings else 'TB'}", f"  accTitle: {_plain(graph.title)}"]
    if graph.headings:
        for rank, heading in enumerate(graph.headings):
            lines.append(f'  subgraph c{rank} ["{_escaped(heading)}"]')
            lines += (f"  {line}" for box in graph.boxes if graph.ranks[box.key] == rank for line in _box(box, ids))
            lines.append("  end")
    else:
        lines += (line for box in graph.boxes for line in _box(box, ids))
    lines += _edges(graph, ids)
    return "\n".join(lines) + "\n"


def _box(box: Box, ids: dict[str, str]) -> Iterator[str]:
    id_ = ids[box.key] = f"n{len(ids)}"
    words = [box.title, box.caption, *box.details]
    if not box.inside:
        first, last = SHAPES.get(box.look, ("[", "]"))
        yield f'  {id_}{first}"{"<br/>".join(_escaped(word) for word in words if word)}"{last}'
        return
    yield f'  subgraph {id_} ["{_escaped(", ".join(word for word in words if word))}"]'
    for inner in box.inside:
        yield from (f"  {line}" for part in inner.boxes for line in _box(part, ids))
        yield from (f"  {line}" for line in _edges(inner, ids))
    yield "  end"


def _edges(graph: Graph, ids: Mapping[str, str]) -> Iterator[str]:
    for edge in graph.edges:
        arrow, word = ARROWS[edge.style]
        label = edge.label or word
        told = f'|"{_escaped(label)}"|' if label else ""
        yield f"  {ids[edge.source]} {arrow}{told} {ids[edge.target]}"


def _escaped(text: str) -> str:
    """Return a text as it stands between quotation marks: what is no letter, digit or harmless sign as an entity."""
    return re.sub(r"[^\w ,.:=/()+*?$%§≤≥…'-]", lambda found: f"#{ord(found[0])};", text)


def _plain(text: str) -> str:
    return re.sub(r"[^\w .:-]", " ", text)
