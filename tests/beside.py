"""Tests that wait for processes of their own, or look at what is shipped, run beside all others in another pytest.

One after the other they would leave a core idle. Their reports come in as those of the other tests. None of them is
among those whose problems are examples of docs/messages.md.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.processes import PROJECT, environ

BESIDE_THE_OTHERS = {
    PROJECT / "tests" / name
    for name in (
        "emitted",
        "engine/test_bindings.py",
        "handover",
        "reference",
        "rehearsal",
        "stacks/test_deployment.py",
        "stacks/test_revisions.py",
        "stacks/test_user_files.py",
        "test_cli.py",
        "test_contributing.py",
        "test_generated_environments.py",
        "test_governed_environments.py",
        "test_printed_commands.py",
        "test_setup.py",
        "test_shipped_pipelines.py",
        "test_workload_permissions.py",
    )
}
# With fewer others, one more start would take longer than it saves.
ENOUGH_OTHERS = 1_000
# Tells the other pytest where its reports go.
REPORTS = "TERRABATCH_TEST_REPORTS"


class Beside:
    """The other pytest, and what it has reported so far."""

    def __init__(self, config: pytest.Config, nodeids: Sequence[str]) -> None:
        self._config = config
        self._nodeids = set(nodeids)
        self._folder = TemporaryDirectory(prefix="terrabatch-beside-")
        self._file = Path(self._folder.name, "reports")
        self._file.touch()
        self._printed = Path(self._folder.name, "printed")
        self._read = 0
        self._reports: defaultdict[str, list[pytest.TestReport]] = defaultdict(list)
        with self._printed.open("wb") as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "--no-header", *nodeids],
                cwd=config.invocation_params.dir,
                env=environ(**{REPORTS: self._file}),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )

    def has(self, item: pytest.Item) -> bool:
        """Return whether ``item`` runs there."""
        return item.nodeid in self._nodeids

    def reports(self, nodeid: str) -> list[pytest.TestReport]:
        """Return the reports of a test, once it is torn down. Raises AssertionError if they never come."""
        while not (self._reports[nodeid] and self._reports[nodeid][-1].when == "teardown"):
            ended = self._process.poll() is not None
            if not self._receive() and ended:
                raise AssertionError(f"{nodeid} was not reported:\n{self._printed.read_text(errors='replace')}")
            time.sleep(0.05)
        return self._reports[nodeid]

    def end(self) -> None:
        """End the other pytest, if it has not."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._folder.cleanup()

    def _receive(self) -> bool:
        with self._file.open("rb") as file:
            file.seek(self._read)
            lines = file.read().split(b"\n")[:-1]
        self._read += sum(len(line) + 1 for line in lines)
        for line in lines:
            report: Any = self._config.hook.pytest_report_from_serializable(config=self._config, data=json.loads(line))
            self._reports[report.nodeid].append(report)
        return bool(lines)


def is_beside(item: pytest.Item) -> bool:
    """Return whether ``item`` belongs to those that run there."""
    return not BESIDE_THE_OTHERS.isdisjoint((item.path, *item.path.parents))


BESIDE = pytest.StashKey[Beside]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask for them last."""
    items.sort(key=is_beside)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start them."""
    nodeids = [item.nodeid for item in session.items if is_beside(item)]
    is_wanted = not session.config.option.collectonly and len(session.items) - len(nodeids) >= ENOUGH_OTHERS
    if nodeids and is_wanted:
        session.config.stash[BESIDE] = Beside(session.config, nodeids)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Tell what became of a test that runs there, instead of running it."""
    beside = item.config.stash.get(BESIDE, None)
    if beside is None or not beside.has(item):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in beside.reports(item.nodeid):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    item.session._setupstate.teardown_exact(nextitem)
    return True


class Reporter:
    """Hands reports on, where this is the other pytest."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self._config, self._file = config, file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write a line for each report."""
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        with self._file.open("a", encoding="utf-8") as reports:
            reports.write(json.dumps(data) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Report, where this is the other pytest."""
    if file := os.environ.get(REPORTS):
        config.pluginmanager.register(Reporter(config, Path(file)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if BESIDE in config.stash:
        config.stash[BESIDE].end()
