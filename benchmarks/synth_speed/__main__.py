"""``python -m benchmarks.synth_speed``: measure, print a table, and keep it where ``--write`` is given."""

import argparse
import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.synth_speed.processes import (
    OUR_WAY,
    PLAIN_WAY,
    PROGRAMS,
    Way,
    cpu_seconds,
    peak_mebibytes,
    printed_number,
    wall_seconds,
)

RESULTS = Path(__file__).with_name("results.md")
ONE_QUEUE = [str(PROGRAMS / "one_queue.py")]
PLATFORM = ["main.py", "--quiet"]
MANY_QUEUES = [str(PROGRAMS / "many_queues.py")]
MANY_ENVIRONMENTS = str(PROGRAMS / "many_environments.py")
FOOTNOTE = """\
Memory is the proportional set size of all processes together, sampled every 50 ms. The very first start finds no
compiled file and nothing in jsii's package cache."""


@dataclass(frozen=True)
class Comparison:
    """One line of a table: medians of plain and ours (or of few and many), and what their ratio is to be."""

    name: str
    unit: str
    plain: float
    ours: float
    least: float | None = None  # plain / ours
    most: float | None = None  # ours / plain

    def __str__(self) -> str:
        digits = 0 if self.unit == "MiB" else 2
        cells = [self.name, f"{self.plain:,.{digits}f} {self.unit}", f"{self.ours:,.{digits}f} {self.unit}"]
        return f"| {' | '.join([*cells, *self._ratio()])} |"

    def _ratio(self) -> tuple[str, str]:
        if self.most is not None:
            ratio = self.ours / self.plain
            return f"{ratio:.2f}", f"≤ {self.most:.2f}{'' if ratio <= self.most else ' missed'}"
        ratio = self.plain / self.ours
        if self.least is None:
            return f"{ratio:.1f}x", ""
        return f"{ratio:.1f}x", f"≥ {self.least:.0f}x{'' if ratio >= self.least else ' missed'}"


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(prog="benchmarks.synth_speed", description="Measure synth against plain cdktf.")
    parser.add_argument("--runs", type=int, default=5, help="of each program and way, alternating (default 5)")
    parser.add_argument("--write", action="store_true", help=f"also to {RESULTS.relative_to(Path.cwd())}")
    options = parser.parse_args()
    runs: int = options.runs

    for program in (ONE_QUEUE, PLATFORM):
        for way in (PLAIN_WAY, OUR_WAY):
            _progress(f"warming up: {way.name}")
            wall_seconds(way, program)
    lines = [
        Comparison("one queue, wall clock", "s", *_alternating(runs, wall_seconds, ONE_QUEUE), least=15),
        Comparison("one queue, processor time", "s", *_alternating(min(runs, 3), cpu_seconds, ONE_QUEUE)),
        Comparison("one queue, peak memory", "MiB", *_alternating(min(runs, 3), peak_mebibytes, ONE_QUEUE), least=4),
        Comparison("three environments, wall clock", "s", *_alternating(runs, wall_seconds, PLATFORM), least=6),
        Comparison("three environments, processor time", "s", *_alternating(min(runs, 3), cpu_seconds, PLATFORM)),
        Comparison("three environments, peak memory", "MiB", *_alternating(min(runs, 3), peak_mebibytes, PLATFORM)),
        Comparison("one more construct", "ms", *_alternating(runs, printed_number, MANY_QUEUES), most=0.75),
        Comparison("one queue, very first start", "s", _cold_seconds(PLAIN_WAY), _cold_seconds(OUR_WAY)),
    ]
    few, many = (_environments(count, min(runs, 3)) for count in (10, 100))
    growth = Comparison("a resource, in so many environments", "ms", few, many, most=1.2)
    report = "\n".join(
        (
            f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, median of {runs} runs, {_machine()}",
            "",
            "| | plain cdktf | Terrabatch | ratio | target |",
            "|---|---:|---:|---:|---:|",
            *map(str, lines),
            "",
            "| | 10 | 100 | ratio | target |",
            "|---|---:|---:|---:|---:|",
            str(growth),
            "",
            FOOTNOTE,
        )
    )
    print(report)
    if options.write:
        RESULTS.write_text(f"# Speed of synth\n\n`make bench` on {report}\n", encoding="utf-8")


def _alternating(
    runs: int, measure: Callable[[Way, Sequence[str]], float], program: Sequence[str]
) -> tuple[float, float]:
    """Return the medians of plain and ours; alternating, so that a slow minute of the machine hits both."""
    found: dict[str, list[float]] = {PLAIN_WAY.name: [], OUR_WAY.name: []}
    for run in range(runs):
        for way in (PLAIN_WAY, OUR_WAY):
            _progress(f"{Path(program[0]).name}, {measure.__name__}, {way.name}, {run + 1} of {runs}")
            found[way.name].append(measure(way, program))
    return median(found[PLAIN_WAY.name]), median(found[OUR_WAY.name])


def _environments(count: int, runs: int) -> float:
    _progress(f"{count} environments")
    return median(printed_number(OUR_WAY, [MANY_ENVIRONMENTS, str(count)]) for _ in range(runs))


def _cold_seconds(way: Way) -> float:
    _progress(f"very first start, {way.name}")
    with TemporaryDirectory() as folder:
        environ = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": f"{folder}/jsii", "PYTHONPYCACHEPREFIX": f"{folder}/pyc"}
        return wall_seconds(way, ONE_QUEUE, environ)


def _machine() -> str:
    node = subprocess.run([os.environ["JSII_NODE"], "--version"], capture_output=True, text=True, check=True).stdout
    return f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, Node {node.strip()[1:]}"


def _progress(what: str) -> None:
    print(f"  {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
