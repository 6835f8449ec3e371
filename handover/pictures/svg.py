"""A picture as SVG, light or dark as the reader prefers, with a title and a description for screen readers."""

from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from handover.pictures.graph import Graph
from handover.pictures.scene import LEGEND, SIZES, Area, Stroke, Text, picture

# Of each: background, box, text, text that is less, and the lines between boxes.
LIGHT = {"page": "#ffffff", "box": "#f6f8fa", "text": "#1f2328", "less": "#57606a"}
DARK = {"page": "#0d1117", "box": "#161b22", "text": "#e6edf3", "less": "#9aa4af"}
LINES = {
    "flow": ("#57606a", "#8b949e", ""),
    "sends": ("#0f766e", "#2dd4bf", "2 3"),
    "waits": ("#6d28d9", "#a78bfa", "2 3"),
    "dead": ("#b42318", "#ff7b72", "6 4"),
    "fails": ("#b42318", "#ff7b72", "6 4"),
}
LOOKS = {
    "bucket": ("#2e7d32", "#56d364"),
    "clock": ("#6d28d9", "#a78bfa"),
    "event": ("#be185d", "#f778ba"),
    "balancer": ("#6d28d9", "#a78bfa"),
    "queue": ("#b45309", "#e3b341"),
    "starter": ("#be185d", "#f778ba"),
    "pipeline": ("#be185d", "#f778ba"),
    "job": ("#0550ae", "#79c0ff"),
    "task": ("#0e7490", "#39c5cf"),
    "function": ("#b45309", "#e3b341"),
    "jobqueue": ("#0550ae", "#79c0ff"),
    "capacity": ("#2e7d32", "#56d364"),
    "choice": ("#6d28d9", "#a78bfa"),
    "fail": ("#b42318", "#ff7b72"),
    "branches": ("#57606a", "#8b949e"),
    "pass": ("#57606a", "#8b949e"),
    "ends": ("#57606a", "#8b949e"),
    "end": ("#2e7d32", "#56d364"),
}
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
    'role="img" aria-labelledby="title description">'
)
FONT = "system-ui,-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"


def svg(graph: Graph) -> str:
    """Return the picture of a graph."""
    scene = picture(graph)
    styles = [style for style in LINES if any(stroke.style == style for stroke in scene.strokes)]
    looks = sorted({area.look for area in scene.areas})
    width, height = round(scene.width), round(scene.height)
    parts = [
        HEAD.format(width=width, height=height),
        f'<title id="title">{escape(graph.title)}</title>',
        f'<desc id="description">{escape(described(graph))}</desc>',
        f"<style>{''.join(_rules(styles, looks))}</style>",
        "<defs>",
        *(_marker(style) for style in styles),
        "</defs>",
        f'<rect class="page" width="{width}" height="{height}"/>',
        *(part for area in scene.areas for part in _box(area)),
        *map(_line, scene.strokes),
        *(_text(text) for area in scene.areas for text in area.texts),
        *map(_text, scene.texts),
        "</svg>\n",
    ]
    return "\n".join(parts)


def described(graph: Graph) -> str:
    """Return in words what a picture shows, for those who do not see it."""
    names = {box.key: box.title for box in graph.boxes}
    kinds = ", ".join(f"{box.caption} {box.title}".strip() for box in graph.boxes)
    leads = "; ".join(
        f"{names[edge.source]} {LEGEND[edge.style]} {names[edge.target]}{f' ({edge.label})' if edge.label else ''}"
        for edge in graph.edges
    )
    inside = "".join(f" In {box.title}: {described(inner)}" for box in graph.boxes for inner in box.inside)
    return f"{kinds}. {leads}.{inside}" if leads else f"{kinds}.{inside}"


def _rules(styles: Sequence[str], looks: Sequence[str]) -> Iterator[str]:
    """Yield the style sheet: sizes, light colours, dark ones."""
    yield f"text{{font-family:{FONT}}}.box{{stroke-width:1.2}}.bar{{stroke:none}}.line{{fill:none;stroke-width:1.4}}"
    yield from (f".{role}{{font-size:{size}px}}" for role, size in SIZES.items())
    yield ".title,.heading,.name{font-weight:bold}.middle{text-anchor:middle}"
    yield from (f".{style}{{stroke-dasharray:{LINES[style][2]}}}" for style in styles if LINES[style][2])
    yield from _colours(LIGHT, 0, styles, looks)
    yield f"@media(prefers-color-scheme:dark){{{''.join(_colours(DARK, 1, styles, looks))}}}"


def _colours(base: Mapping[str, str], which: int, styles: Sequence[str], looks: Sequence[str]) -> Iterator[str]:
    yield f".page{{fill:{base['page']}}}.box{{fill:{base['box']}}}text{{fill:{base['text']}}}"
    yield f".caption,.label,.heading{{fill:{base['less']}}}"
    for style in styles:
        yield f".{style}{{stroke:{LINES[style][which]}}}.head-{style}{{fill:{LINES[style][which]}}}"
    for look in looks:
        yield f".{look}{{stroke:{LOOKS[look][which]}}}.bar.{look}{{fill:{LOOKS[look][which]}}}"


def _marker(style: str) -> str:
    return (
        f'<marker id="{style}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="head-{style}" d="M0 0L8 4L0 8z"/></marker>'
    )


def _box(area: Area) -> Iterator[str]:
    x, y, width, height = map(_number, (area.x, area.y, area.width, area.height))
    round_ = 14 if area.look in ("choice", "ends") else 5
    yield f'<rect class="box {area.look}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{round_}"/>'
    if area.look not in ("choice", "ends"):
        inner = _number(area.height - 10)
        yield f'<rect class="bar {area.look}" x="{x}" y="{_number(area.y + 5)}" width="4" height="{inner}"/>'


def _line(stroke: Stroke) -> str:
    first, *others = (f"{_number(x)} {_number(y)}" for x, y in stroke.points)
    path = f"M{first}{'C' if len(others) > 1 else 'L'}{' '.join(others)}"
    head = f' marker-end="url(#{stroke.style})"' if stroke.ends else ""
    return f'<path class="line {stroke.style}" d="{path}"{head}/>'


def _text(text: Text) -> str:
    anchor = " middle" if text.centred else ""
    return f'<text class="{text.role}{anchor}" x="{_number(text.x)}" y="{_number(text.y)}">{escape(text.text)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
