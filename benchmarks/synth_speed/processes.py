"""Run one program, the plain way or ours, and measure it: wall clock and memory of all its processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import modules  # noqa: F401  chooses the Node that both ways run on

PROJECT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).with_name("programs")
PLAIN = """
import runpy, sys
import cdktf_cdktf_provider_aws
sys.path.insert(0, ".")
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Way:
    """A way to start programs."""

    name: str
    command: Sequence[str]


PLAIN_WAY = Way("plain", (sys.executable, "-c", PLAIN))
OUR_WAY = Way("ours", (sys.executable, "-O"))


def wall_seconds(way: Way, program: Sequence[str], environ: Mapping[str, str] | None = None) -> float:
    """Return how long a program runs."""
    with TemporaryDirectory() as output:
        start = time.perf_counter()
        _start(way, program, output, environ or {}).communicate()
        return time.perf_counter() - start


def printed_number(way: Way, program: Sequence[str]) -> float:
    """Return what a program has measured itself."""
    with TemporaryDirectory() as output:
        return float(_start(way, program, output, {}).communicate()[0])


def peak_mebibytes(way: Way, program: Sequence[str]) -> float:
    """Return the most memory that all processes of a program had together, shared pages counted once (PSS)."""
    with TemporaryDirectory() as output:
        process = _start(way, program, output, {})
        peak = peak_of(process)
        process.communicate()
        return peak


def peak_of(process: subprocess.Popen[str]) -> float:
    """Return the most memory in MiB that a process and those it started had together until its end."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_kibibytes(pid) for pid in _family(process.pid)))
        time.sleep(SAMPLE_SECONDS)
    return peak / 1_024


def _start(way: Way, program: Sequence[str], output: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a program that writes its stacks to ``output``, of which it is told both ways there are."""
    script, *arguments = program
    where = [] if script == "main.py" else [output]
    cleared = {name: value for name, value in os.environ.items() if name not in {"NODE_OPTIONS", "PYTHONPATH"}}
    cleared.pop("PYTHONDONTWRITEBYTECODE", None)
    settings = {**cleared, "PYTHONPATH": str(PROJECT), "CDKTF_OUTDIR": output, **environ}
    command = [*way.command, script, *where, *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env=settings, stdout=subprocess.PIPE, text=True)


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has just ended
        return
    for child in children:
        yield from _family(int(child))


def _kibibytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
