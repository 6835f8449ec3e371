"""Starts that take long, made one after the other on the core that pytest leaves free while it runs all other tests.

``tests/conftest.py`` imports the hooks and fixtures.
"""

import os
import shutil
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

from tests.processes import PROJECT, WARM_CACHE, copy_project, environ, files, run, set_environments

# TERRABATCH_PLAIN is set: nothing is made lazy, and what comes out is to be the same.
PLAIN_MAIN = """
import os, runpy, sys
sys.argv = ["main.py", "--quiet"]
try:
    runpy.run_path("main.py", run_name="__main__")
finally:
    print(sum(name.startswith("cdktf_cdktf_provider_aws.") for name in sys.modules), os.environ.get("NODE_OPTIONS"))
"""


# Raises as a file system that is mounted read-only would, root included.
READ_ONLY_MAIN = """
import errno, os, runpy, sys

def refuse(event, arguments):
    writes = event in {"os.mkdir", "os.rename", "os.remove"}
    if event == "open":
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes and str(arguments[0]).startswith(sys.prefix):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), arguments[0])

sys.addaudithook(refuse)
try:
    open(os.path.join(sys.prefix, "written"), "w")
except OSError as error:
    print(error.strerror)
del sys.argv[0]
sys.path[0] = os.path.dirname(sys.argv[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Start:
    """What a start printed, on both streams, and wrote."""

    printed: str
    output: dict[str, bytes]


@dataclass(frozen=True)
class ColdStarts:
    """What became of starts without anything in jsii's cache."""

    interrupted_while_unpacking: bool
    errors: list[str]
    outputs: list[dict[str, bytes]]
    indexed: set[str]


def _start(done: subprocess.CompletedProcess[str], output: Path) -> Start:
    assert done.returncode == 0, done.stderr
    return Start(done.stdout + done.stderr, files(output))


def _start_elsewhere(folder: Path) -> Start:
    """Start a copy of the project in another folder, as another user at another time, who cannot write to Python."""
    elsewhere = folder / "elsewhere"
    project = copy_project(elsewhere / "another folder")
    shutil.copytree(PROJECT / "stacks/environments", project / "stacks/environments", dirs_exist_ok=True)
    for name in ("work", "temporary files"):
        (elsewhere / name).mkdir()
    done = run(
        *(sys.executable, "-c", READ_ONLY_MAIN, project / "main.py", "--quiet"),
        cwd=elsewhere / "work",
        PYTHONHASHSEED="271828",
        TZ="Asia/Kathmandu",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        USER="somebody",
        HOME=elsewhere,
        TMPDIR=elsewhere / "temporary files",
        AWS_REGION="eu-central-1",
        AWS_PROFILE="another",
        **WARM_CACHE,
    )
    return _start(done, elsewhere / "work" / "cdktf.out")


def _start_plain(folder: Path) -> Start:
    done = run(
        sys.executable, "-c", PLAIN_MAIN, CDKTF_OUTDIR=folder / "plain", TERRABATCH_PLAIN="1", PYTHONHASHSEED="1"
    )
    return Start(done.stdout, _start(done, folder / "plain").output)


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
    indexed = {path.parents[2].name for path in cache.glob("**/.jsii.runtime.v1.json")}
    shutil.rmtree(home)  # here and not at the end of the run: it takes seconds, and the tests go on meanwhile
    return ColdStarts(
        interrupted_while_unpacking=interrupted,
        errors=errors,
        outputs=[files(folder / "second"), files(folder / "third")],
        indexed=indexed,
    )


JOBS: dict[str, Callable[[Path], Any]] = {
    "start_elsewhere": _start_elsewhere,
    "plain_start": _start_plain,
    "cold_starts": _start_cold,
}
FOLDER = pytest.StashKey[TemporaryDirectory[str]]()
STARTED = pytest.StashKey[dict[str, Future[Any]]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask for what they found when all else is tested, and for the messages of all tests at the very end."""

    def order(item: pytest.Item) -> tuple[bool, bool]:
        fixtures = getattr(item, "fixturenames", ())
        return "examples" in fixtures, not JOBS.keys().isdisjoint(fixtures)

    items.sort(key=order)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what the collected tests will ask for."""
    wanted = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    jobs = {} if session.config.option.collectonly else {name: JOBS[name] for name in JOBS if name in wanted}
    folder = session.config.stash[FOLDER] = TemporaryDirectory(prefix="terrabatch-tests-")
    executor = ThreadPoolExecutor(max_workers=1)
    session.config.stash[STARTED] = {name: executor.submit(job, Path(folder.name)) for name, job in jobs.items()}
    executor.shutdown(wait=False)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what was written."""
    if FOLDER in config.stash:
        config.stash[FOLDER].cleanup()


def _result(name: str) -> Callable[[pytest.Config], Any]:
    def result(pytestconfig: pytest.Config) -> Any:
        return pytestconfig.stash[STARTED][name].result()

    return pytest.fixture(scope="session", name=name)(result)


start_elsewhere, plain_start, cold_starts = map(_result, JOBS)
