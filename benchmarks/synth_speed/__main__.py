"""``python -m benchmarks.synth_speed``: measure, print a table, and keep it where ``--write`` is given."""

import argparse
import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.synth_speed.processes import (
    OUR_WAY,
    PLAIN_WAY,
    PROGRAMS,
    Way,
    peak_mebibytes,
    printed_number,
    wall_seconds,
)

LEAST_RUNS = 5
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
    if runs < (LEAST_RUNS if options.write else 1):
        parser.error(f"--runs must be at least 1, and {LEAST_RUNS} for results that are kept, got {runs}")

    for program in (ONE_QUEUE, PLATFORM):
        for way in (PLAIN_WAY, OUR_WAY):
            _progress(f"warming up: {way.name}")
            wall_seconds(way, program)
    lines = [
        Comparison("one queue, wall clock", "s", *_both_ways(runs, wall_seconds, ONE_QUEUE), least=15),
        Comparison("one queue, peak memory", "MiB", *_both_ways(runs, peak_mebibytes, ONE_QUEUE), least=4),
        Comparison("three environments, wall clock", "s", *_both_ways(runs, wall_seconds, PLATFORM), least=6),
        Comparison("three environments, peak memory", "MiB", *_both_ways(runs, peak_mebibytes, PLATFORM)),
        Comparison("one more construct", "ms", *_both_ways(runs, printed_number, MANY_QUEUES), most=0.75),
        Comparison("one queue, very first start, one run", "s", *_both_ways(1, _cold_seconds, ONE_QUEUE)),
    ]
    growth = Comparison("a resource, in so many environments", "ms", *_few_and_many(runs), most=1.2)
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


def _both_ways(
    runs: int, measure: Callable[[Way, Sequence[str]], float], program: Sequence[str]
) -> tuple[float, float]:
    """Return the medians of plain and ours."""
    name = f"{Path(program[0]).name}, {measure.__name__.strip('_')}"
    return _alternating(runs, {f"{name}, {way.name}": partial(measure, way, program) for way in (PLAIN_WAY, OUR_WAY)})


def _few_and_many(runs: int) -> tuple[float, float]:
    """Return what a resource costs in 10 environments, and in 100."""
    programs = {f"{count} environments": [MANY_ENVIRONMENTS, str(count)] for count in (10, 100)}
    return _alternating(runs, {name: partial(printed_number, OUR_WAY, program) for name, program in programs.items()})


def _alternating(runs: int, measures: Mapping[str, Callable[[], float]]) -> tuple[float, float]:
    """Return the medians of two measures; alternating, so that a slow minute of the machine hits both."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for run in range(runs):
        for name, measure in measures.items():
            found[name].append(measure())
            _progress(f"{name}, {run + 1} of {runs}: {found[name][-1]:.2f}")
    first, second = map(median, found.values())
    return first, second


def _cold_seconds(way: Way, program: Sequence[str]) -> float:
    with TemporaryDirectory() as folder:
        environ = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": f"{folder}/jsii", "PYTHONPYCACHEPREFIX": f"{folder}/pyc"}
        return wall_seconds(way, program, environ)


def _machine() -> str:
    node = subprocess.run([os.environ["JSII_NODE"], "--version"], capture_output=True, text=True, check=True).stdout
    return f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, Node {node.strip()[1:]}"


def _progress(what: str) -> None:
    print(f"  {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
