"""The simulated day as an SVG picture: what came, how many tasks there were, how late the messages were done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.worker_day.simulation import Minute, Worker

LEFT, WIDTH, TOP, HEIGHT, GAP = 60, 864, 56, 130, 44  # 864: three pixels for five minutes
TEXT, LINE, FAINT, GOAL = "#24292f", "#0969da", "#d0d7de", "#cf222e"


@dataclass(frozen=True)
class _Panel:
    title: str
    value: Callable[[Minute], float]
    top: int  # the largest value that the axis shows
    ticks: Sequence[int]


def picture(minutes: Sequence[Minute], worker: Worker) -> str:
    """Return the SVG document."""
    goal = worker.acceptable_latency_seconds
    panels = (
        _Panel("Messages sent, per minute", lambda minute: minute.arrived, 4_000, (0, 2_000, 4_000)),
        _Panel("Tasks: wanted (line) and running (area)", lambda minute: minute.desired, 80, (0, 40, 80)),
        _Panel(
            "Slowest message of the minute, seconds from sent to done", lambda minute: minute.latency, 1_000, (0, 500)
        ),
    )
    height = TOP + len(panels) * (HEIGHT + GAP)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="960" height="{height}" viewBox="0 0 960 {height}" '
            f'font-family="sans-serif" font-size="12" fill="{TEXT}">'
        ),
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        (
            f'<text x="{LEFT}" y="26" font-size="15">A simulated day of a queue worker: {worker.seconds_per_message:g} '
            f"s a message, done within {goal:,} s, no task while there is nothing to do</text>"
        ),
    ]
    for index, panel in enumerate(panels):
        bottom = TOP + index * (HEIGHT + GAP) + HEIGHT + 12
        parts += _axes(panel, bottom)
        if panel is panels[1]:
            parts.append(_area([minute.running for minute in minutes], panel, bottom))
        parts.append(_steps([panel.value(minute) for minute in minutes], panel, bottom))
        if panel is panels[2]:
            y = _y(goal, panel, bottom)
            parts.append(f'<path d="M{LEFT} {y:g}h{WIDTH}" stroke="{GOAL}" stroke-dasharray="6 4"/>')
            parts.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end" fill="{GOAL}">{goal:,}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axes(panel: _Panel, bottom: int) -> list[str]:
    parts = [f'<text x="{LEFT}" y="{bottom - HEIGHT - 8}" font-weight="bold">{panel.title}</text>']
    for tick in panel.ticks:
        y = _y(tick, panel, bottom)
        parts.append(f'<path d="M{LEFT} {y:g}h{WIDTH}" stroke="{FAINT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:g}" text-anchor="end">{tick:,}</text>')
    for hour in range(0, 25, 3):
        x = LEFT + WIDTH * hour // 24
        parts.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{hour:02}:00</text>')
    return parts


def _steps(values: Sequence[float], panel: _Panel, bottom: int) -> str:
    return f'<path d="{_path(values, panel, bottom)}" fill="none" stroke="{LINE}" stroke-width="1.2"/>'


def _area(values: Sequence[float], panel: _Panel, bottom: int) -> str:
    return f'<path d="{_path(values, panel, bottom)}V{bottom}H{LEFT}z" fill="{LINE}" fill-opacity="0.2"/>'


def _path(values: Sequence[float], panel: _Panel, bottom: int) -> str:
    """Return a line of steps, with a point only where the value changes."""
    parts, last = [f"M{LEFT} {_y(values[0], panel, bottom):g}"], values[0]
    for minute, value in enumerate(values):
        if value != last:
            parts.append(f"H{LEFT + round(WIDTH * minute / len(values), 1):g}V{_y(value, panel, bottom):g}")
            last = value
    return "".join([*parts, f"H{LEFT + WIDTH}"])


def _y(value: float, panel: _Panel, bottom: int) -> float:
    return round(bottom - HEIGHT * min(value, panel.top) / panel.top, 1)
