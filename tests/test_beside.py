"""Tests that run beside the others are reported as if they ran among them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PROJECT, environ

CONFTEST = """
from pathlib import Path
from tests import beside

beside.BESIDE_THE_OTHERS, beside.ENOUGH_OTHERS = {Path(__file__).with_name("test_waiting.py")}, 1

def pytest_configure(config):
    config.pluginmanager.register(beside)
"""
WAITING = """
import os
from pathlib import Path

def test_one_that_is_well():
    Path("beside").write_text(str(os.getpid()))

def test_one_that_is_not():
"""
OTHER = """
import os
from pathlib import Path

def test_another():
    Path("here").write_text(str(os.getpid()))
"""


def run(folder: Path, last: str) -> tuple[int, str]:
    """Return how a run ends whose last test that waits does ``last``, and what it prints."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_waiting.py").write_text(f"{WAITING}    {last}\n")
    (folder / "test_other.py").write_text(OTHER)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    settings = environ(PYTHONPATH=PROJECT)
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_failure_beside_the_others_is_one(tmp_path: Path) -> None:
    status, printed = run(tmp_path, "assert 1 == 2")
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 2 passed" in printed
    assert "assert 1 == 2" in printed
    assert (tmp_path / "beside").read_text() != (tmp_path / "here").read_text()


def test_a_test_that_ends_its_process_is_not_passed_over(tmp_path: Path) -> None:
    status, printed = run(tmp_path, "os._exit(0)")
    assert status == pytest.ExitCode.INTERNAL_ERROR
    assert "test_one_that_is_not was not reported" in printed
