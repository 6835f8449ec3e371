"""What a picture shows: boxes in ranks, what leads from one to another, and pictures inside of boxes."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edge:
    """What leads from one box to another. ``style``: flow, sends, waits, dead or fails."""

    source: str
    target: str
    style: str = "flow"
    label: str = ""


@dataclass(frozen=True)
class Box:
    """One thing: what kind of thing (``caption``), its name, more of it line by line, and what is inside of it."""

    key: str
    look: str
    title: str
    caption: str = ""
    details: Sequence[str] = ()
    inside: "Sequence[Graph]" = ()


@dataclass(frozen=True)
class Graph:
    """Boxes by rank, and edges between them. ``headings``: of each rank."""

    title: str
    boxes: Sequence[Box]
    edges: Sequence[Edge]
    ranks: dict[str, int] = field(default_factory=dict)
    headings: Sequence[str] = ()
