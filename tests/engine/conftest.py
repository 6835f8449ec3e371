"""What takes long is started when the tests are collected, one after the other, on the core that pytest leaves free."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.processes import copy_project, environ, files, run, run_main, set_environments

# The provider package is imported as a whole before anything of ours, so that the engine leaves all as it is.
PLAIN_MAIN = """
import os, runpy, sys
import cdktf_cdktf_provider_aws
sys.argv = ["main.py", "--quiet"]
try:
    runpy.run_path("main.py", run_name="__main__")
finally:
    print(sum(name.startswith("cdktf_cdktf_provider_aws.") for name in sys.modules), os.environ.get("NODE_OPTIONS"))
"""


@dataclass(frozen=True)
class ColdStarts:
    """What became of starts without anything in jsii's cache."""

    interrupted_while_unpacking: bool
    errors: list[str]
    outputs: list[dict[str, bytes]]
    warm_output: dict[str, bytes]
    indexed: set[str]


def _start_plain(folder: Path) -> subprocess.CompletedProcess[str]:
    node = os.environ["JSII_NODE"]
    return run(sys.executable, "-c", PLAIN_MAIN, CDKTF_OUTDIR=folder / "plain", JSII_NODE=node)


def _start_cold(folder: Path) -> ColdStarts:
    """Kill a first start while jsii unpacks, then start two at once in the same home."""
    project = copy_project(folder / "project")
    set_environments(project, dev="intake")
    home = folder / "home"
    home.mkdir()
    cache = home / ".cache" / "aws" / "jsii" / "package-cache"

    def start(output: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-O", "main.py", "--quiet"]
        settings = environ(HOME=home, CDKTF_OUTDIR=folder / output)
        return subprocess.Popen(
            command, cwd=project, env=settings, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    first = start("first")
    deadline = time.monotonic() + 60
    while not list(cache.glob("@cdktf/provider-aws/*/*/lib/a*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    interrupted = not list(cache.glob("@cdktf/provider-aws/*/*/.jsii-runtime-package-cache"))

    starts = [start("second"), start("third")]
    errors = [process.communicate()[1] for process in starts]
    warm = run_main("--quiet", project=project, CDKTF_OUTDIR=folder / "warm")
    errors.append(warm.stderr)
    return ColdStarts(
        interrupted_while_unpacking=interrupted,
        errors=errors,
        outputs=[files(folder / "second"), files(folder / "third")],
        warm_output=files(folder / "warm"),
        indexed={path.parents[2].name for path in cache.glob("**/.jsii.runtime.v1.json")},
    )


JOBS: dict[str, Callable[[Path], Any]] = {"plain_start": _start_plain, "cold_starts": _start_cold}
FOLDER = pytest.StashKey[TemporaryDirectory[str]]()
STARTED = pytest.StashKey[dict[str, Future[Any]]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask for what they found when all else is tested."""
    items.sort(key=lambda item: not JOBS.keys().isdisjoint(getattr(item, "fixturenames", ())))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the collected tests will ask for."""
    wanted = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    jobs = {} if session.config.option.collectonly else {name: JOBS[name] for name in JOBS if name in wanted}
    folder = session.config.stash[FOLDER] = TemporaryDirectory(prefix="terrabatch-tests-")
    executor = ThreadPoolExecutor(max_workers=1)
    session.config.stash[STARTED] = {name: executor.submit(job, Path(folder.name)) for name, job in jobs.items()}
    executor.shutdown(wait=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what was written; 400 MB of it is jsii's cache."""
    if FOLDER in config.stash:
        config.stash[FOLDER].cleanup()


@pytest.fixture(scope="session")
def plain_start(pytestconfig: pytest.Config) -> tuple[str, dict[str, bytes]]:
    """What a start without the engine printed and wrote."""
    done = pytestconfig.stash[STARTED]["plain_start"].result()
    assert done.returncode == 0, done.stderr
    return done.stdout, files(Path(pytestconfig.stash[FOLDER].name, "plain"))


@pytest.fixture(scope="session")
def cold_starts(pytestconfig: pytest.Config) -> ColdStarts:
    """What became of starts without anything in jsii's cache."""
    starts: ColdStarts = pytestconfig.stash[STARTED]["cold_starts"].result()
    return starts
