"""What the dashboard of production would look like: its widgets where they are, over a day that is made up.

Nothing is computed of it: a graph has as many curves as the dashboard shows, which rise with the working day, each to
its own height below the limits of the graph.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape

from handover.pictures.svg import FONT

COLUMN, ROW, GAP, HEAD, FOOT = 50, 30, 4, 34, 34
COLOURS = ("#0969da", "#bf3989", "#1a7f37", "#9a6700", "#8250df", "#cf222e", "#0e7490", "#57606a", "#bc4c00", "#6e7781")
# What there should be hardly any of.
RARE = ("Dead letters", "failed", "Failed", "Blocked", "missing", "File systems")
POINTS, MOST_NAMED, MOST_TABLE_ROWS = 96, 6, 5
STYLE = (
    f"text{{font:11px {FONT};fill:#1f2328}}.title{{font-weight:bold}}.less{{fill:#57606a;font-size:10px}}"
    ".card{fill:#fff;stroke:#d0d7de}.axis{stroke:#d0d7de}.limit{stroke:#cf222e;stroke-dasharray:5 3}"
    ".curve{fill:none;stroke-width:1.3}"
)


def dashboard_picture(title: str, body: Mapping[str, Any]) -> str:
    """Return the picture of a dashboard's body."""
    widgets = body["widgets"]
    width = 24 * COLUMN
    height = HEAD + ROW * max(item["y"] + item["height"] for item in widgets)
    size = f'width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect {size} fill="#f6f8fa"/>',
        f'<text class="title" x="{GAP * 2}" y="21">{escape(title)}</text>',
        *(part for item in widgets for part in _widget(item)),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _widget(item: Mapping[str, Any]) -> Iterator[str]:
    x, y = item["x"] * COLUMN + GAP, HEAD + item["y"] * ROW + GAP
    width, height = item["width"] * COLUMN - 2 * GAP, item["height"] * ROW - 2 * GAP
    properties = item["properties"]
    yield f'<rect class="card" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'
    yield f'<text class="title" x="{x + 10}" y="{y + 18}">{escape(properties["title"])}</text>'
    draw = {"metric": _graph, "alarm": _states, "log": _table}[item["type"]]
    yield from draw(properties, x + 10, y + 26, width - 20, height - 34)


def _states(properties: Mapping[str, Any], x: int, y: int, width: int, height: int) -> Iterator[str]:
    """Yield a square for each alarm: all but one are well."""
    del height
    columns = 7
    for number, arn in enumerate(properties["alarms"]):
        left, top = x + number % columns * (width // columns), y + 2 + number // columns * 20
        name = "-".join(arn.rpartition(":")[2].split("-")[2:])
        colour = "#cf222e" if number == len(properties["alarms"]) // 3 else "#1a7f37"
        yield f'<rect x="{left}" y="{top}" width="10" height="10" rx="2" fill="{colour}"/>'
        yield f'<text class="less" x="{left + 14}" y="{top + 9}">{escape(_short(name, width // columns - 16))}</text>'


def _table(properties: Mapping[str, Any], x: int, y: int, width: int, height: int) -> Iterator[str]:
    """Yield the columns of the query's last stats, with rows that are bars."""
    del height
    stats = next(line for line in reversed(properties["query"].split("\n| ")) if line.startswith("stats "))
    columns = [part.rpartition(" as ")[2].strip("` ") for part in stats[6:].replace(" by ", ", ").split(", ")]
    step = width // len(columns)
    for number, column in enumerate(columns):
        text = _short(column.removeprefix("detail."), step - 4)
        yield f'<text class="less" x="{x + number * step}" y="{y + 10}">{escape(text)}</text>'
        for row in range(MOST_TABLE_ROWS):
            share = 0.25 + 0.6 * _chance(column, row)
            top = y + 20 + row * 20
            yield f'<rect x="{x + number * step}" y="{top}" width="{step * share:.0f}" height="9" fill="#d0d7de"/>'


def _graph(properties: Mapping[str, Any], x: int, y: int, width: int, height: int) -> Iterator[str]:
    labels = [metric[-1]["label"] for metric in properties["metrics"] if metric[-1]["visible"]]
    limits = [limit["value"] for limit in properties.get("annotations", {}).get("horizontal", ())]
    top = max([*limits, 1]) * 1.15
    plot = height - FOOT
    yield f'<path class="axis" d="M{x} {y + plot}H{x + width}M{x} {y}V{y + plot}"/>'
    for limit in sorted(set(limits)):
        at = y + plot - plot * limit / top
        yield f'<path class="limit" d="M{x} {at:.1f}H{x + width}"/>'
        yield f'<text class="less" x="{x + width - 4}" y="{at - 3:.1f}" text-anchor="end">{limit:,g}</text>'
    below = [0.0] * POINTS
    for number, label in enumerate(labels):
        values = _day(properties["title"], label, (min(limits) if limits else 1) * 0.85)
        if properties["stacked"]:
            values = [value / len(labels) + under for value, under in zip(values, below, strict=True)]
            below = values
        yield _curve(values, top, (x, y, width, plot), COLOURS[number % len(COLOURS)])
    yield from _names(labels, x, y + plot + 14, width)


def _curve(values: Sequence[float], top: float, place: tuple[int, int, int, int], colour: str) -> str:
    x, y, width, height = place
    points = (
        f"{x + width * at / (POINTS - 1):.0f} {y + height - height * value / top:.1f}"
        for at, value in enumerate(values)
    )
    return f'<polyline class="curve" stroke="{colour}" points="{" ".join(points)}"/>'


def _names(labels: Sequence[str], x: int, y: int, width: int) -> Iterator[str]:
    columns = 3
    for number, label in enumerate(labels[:MOST_NAMED]):
        left, line = x + number % columns * (width // columns), y + number // columns * 14
        text = label if number < MOST_NAMED - 1 or len(labels) == MOST_NAMED else f"and {len(labels) - number} more"
        yield f'<rect x="{left}" y="{line - 8}" width="8" height="8" fill="{COLOURS[number % len(COLOURS)]}"/>'
        yield f'<text class="less" x="{left + 12}" y="{line}">{escape(_short(text, width // columns - 14))}</text>'


def _day(title: str, label: str, peak: float) -> list[float]:
    """Return values from midnight to midnight: little at night, most at an hour of its own."""
    if any(word in title for word in RARE):
        return [float(peak * _chance(title, label) * (_chance(label, title, at) > 0.985)) for at in range(POINTS)]
    noon, height = 9 + 8 * _chance(title, label), peak * (0.3 + 0.7 * _chance(label, title))
    hours = (24 * at / (POINTS - 1) for at in range(POINTS))
    return [
        height
        * (0.04 + math.exp(-(((hour - noon) / 3.2) ** 2)))
        * (0.85 + 0.15 * _chance(title, label, round(hour * 4)))
        for hour in hours
    ]


def _chance(*what: object) -> float:
    """Return a number between 0 and 1 that is the same each time."""
    return sha256(repr(what).encode()).digest()[0] / 255


def _short(text: str, width: int) -> str:
    most = width // 6
    return text if len(text) <= most else f"{text[: most - 1]}…"
