"""``scripts/setup.sh``: once, again where something broke it, and no more than a look otherwise."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.processes import PROJECT, environ

# Stands for Python: notes what it is asked for and makes what a venv and pip would make.
PYTHON = r"""#!/usr/bin/env bash
case "$*" in
  "-c import sys, venv; "*) exit 0 ;;
  --version) echo "Python 3.99" ;;
  "-m venv .venv")
    echo venv >>calls
    mkdir -p .venv/bin .venv/lib/python3.99/site-packages/setuptools-65.5.0.dist-info
    cp "$0" .venv/bin/python ;;
  "-m pip install "*)
    echo "pip ${!#}" >>calls
    [[ ! -e pip-waits ]] || { touch pip-is-waiting; sleep 30; }
    [[ ! -e pip-fails ]] || exit 1
    nested=$(sed -n 's/^-r //p' "${!#}")
    sed -n 's/^\([a-z-]*\)==\(.*\)/\1-\2/p' requirements.txt $nested "${!#}" | while read -r package; do
      rm -rf ".venv/lib/python3.99/site-packages/${package%-*}"-*.dist-info
      mkdir -p ".venv/lib/python3.99/site-packages/$package.dist-info"
    done ;;
  "-O -m engine") echo engine >>calls ;;
  "-m compileall -q -j 0 .venv/lib/python3"*"/site-packages/cdktf_cdktf_provider_aws") echo compile >>calls ;;
  *) echo "unexpected: $*" >>calls; exit 1 ;;
esac
"""
WHOLE = ["venv", "pip requirements.txt", "engine"]
REPORT = ["pip requirements-report.txt"]
REHEARSE = ["pip requirements-rehearse.txt"]
TESTS = ["pip requirements-dev.txt", "compile"]


class Checkout:
    """A checkout with a Python that only takes notes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "scripts").mkdir(parents=True)
        shutil.copy(PROJECT / "scripts" / "setup.sh", folder / "scripts")
        (folder / "requirements.txt").write_text("cdktf==1.0\n")
        (folder / "requirements-report.txt").write_text("-r requirements.txt\njinja==4.0\n")
        (folder / "requirements-rehearse.txt").write_text("-r requirements-report.txt\nmoto==3.0\n")
        (folder / "requirements-dev.txt").write_text("-r requirements-rehearse.txt\npytest==2.0\nsetuptools==80.8.0\n")
        self.python = folder / "python3.99"
        self.python.write_text(PYTHON)
        self.python.chmod(0o755)

    def start(self, level: str, **changes: str) -> subprocess.Popen[str]:
        """Start the set-up."""
        settings = environ(**({"PYTHON": str(self.folder / "python3.99")} | changes))
        command = [str(self.folder / "scripts" / "setup.sh"), level]
        return subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def set_up(self, level: str = "synth", **changes: str) -> list[str]:
        """Run the set-up, which must succeed; return what it asked Python for."""
        process = self.start(level, **changes)
        _, printed = process.communicate()
        assert process.returncode == 0, printed
        return self.calls()

    def calls(self) -> list[str]:
        """Return what Python was asked for since the last time."""
        file = self.folder / "calls"
        calls = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return calls


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / 'it\'s "a" checkout')


def test_the_first_call_sets_everything_up_and_the_second_nothing(checkout: Checkout) -> None:
    assert checkout.set_up() == WHOLE
    assert checkout.set_up() == []


def test_tests_add_to_what_synth_has(checkout: Checkout) -> None:
    assert checkout.set_up("synth") == WHOLE
    assert checkout.set_up("tests") == TESTS
    assert checkout.set_up("tests") == []
    assert checkout.set_up("synth") == []


def test_a_rehearsal_adds_to_what_synth_has_and_tests_have_all_that_it_needs(checkout: Checkout) -> None:
    assert checkout.set_up("rehearse") == [*WHOLE, *REHEARSE]
    assert checkout.set_up("rehearse") == []
    assert checkout.set_up("tests") == TESTS
    (checkout.folder / ".venv" / "ready-rehearse").unlink()
    assert checkout.set_up("rehearse") == []


def test_a_report_adds_to_what_synth_has_and_a_rehearsal_has_all_that_it_needs(checkout: Checkout) -> None:
    assert checkout.set_up("report") == [*WHOLE, *REPORT]
    assert checkout.set_up("report") == []
    assert checkout.set_up("rehearse") == REHEARSE
    (checkout.folder / ".venv" / "ready-report").unlink()
    assert checkout.set_up("report") == []


def test_other_requirements_of_a_rehearsal_are_noticed(checkout: Checkout) -> None:
    checkout.set_up("tests")
    (checkout.folder / "requirements-rehearse.txt").write_text("-r requirements-report.txt\nmoto==3.1\n")
    assert checkout.set_up("synth") == []
    assert checkout.set_up("tests") == TESTS
    assert checkout.set_up("rehearse") == []


def test_tests_alone_set_up_everything(checkout: Checkout) -> None:
    assert checkout.set_up("tests") == [*WHOLE, *TESTS]


def test_a_look_takes_next_to_nothing(checkout: Checkout) -> None:
    checkout.set_up("tests")
    start = time.perf_counter()
    for _ in range(10):
        checkout.set_up("tests")
    assert (time.perf_counter() - start) / 10 < 0.2


def test_other_requirements_are_noticed(checkout: Checkout) -> None:
    checkout.set_up("tests")
    (checkout.folder / "requirements.txt").write_text("cdktf==1.1\n")
    assert checkout.set_up("tests") == [*WHOLE, *TESTS]
    (checkout.folder / "requirements-dev.txt").write_text(
        "-r requirements-rehearse.txt\npytest==2.1\nsetuptools==80.8.0\n"
    )
    assert checkout.set_up("synth") == []
    assert checkout.set_up("tests") == TESTS


def test_a_file_that_is_only_newer_changes_nothing(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.folder / "requirements.txt").touch()
    assert checkout.set_up() == []


def test_a_moved_checkout_is_noticed(checkout: Checkout, tmp_path: Path) -> None:
    checkout.set_up()
    checkout.folder = checkout.folder.rename(tmp_path / "moved")
    assert checkout.set_up() == WHOLE


def test_a_python_that_is_gone_is_noticed(checkout: Checkout) -> None:
    checkout.set_up()
    python = checkout.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/opt/python3.99-that-was-upgraded/bin/python")
    assert checkout.set_up() == WHOLE


def test_a_package_that_is_gone_is_noticed(checkout: Checkout) -> None:
    checkout.set_up("tests")
    packages = checkout.folder / ".venv" / "lib" / "python3.99" / "site-packages"
    (packages / "pytest-2.0.dist-info").rmdir()
    assert checkout.set_up("synth") == []
    assert checkout.set_up("tests") == TESTS
    (packages / "cdktf-1.0.dist-info").rmdir()
    assert checkout.set_up("synth") == WHOLE


def test_a_package_that_somebody_added_does_no_harm(checkout: Checkout) -> None:
    checkout.set_up()
    (checkout.folder / ".venv" / "lib" / "python3.99" / "site-packages" / "ipython-9.0.dist-info").mkdir()
    assert checkout.set_up() == []


def test_a_set_up_that_failed_is_done_again(checkout: Checkout) -> None:
    (checkout.folder / "pip-fails").touch()
    process = checkout.start("synth")
    _, printed = process.communicate()
    assert process.returncode == 1
    assert printed.endswith("terrabatch: packages could not be installed; the next call starts over\n")
    (checkout.folder / "pip-fails").unlink()
    checkout.calls()
    assert checkout.set_up() == WHOLE


@pytest.mark.parametrize("level", ["synth", "report", "rehearse", "tests"])
def test_a_set_up_that_was_killed_is_done_again(checkout: Checkout, level: str) -> None:
    if level != "synth":
        checkout.set_up("synth")
    (checkout.folder / "pip-waits").touch()
    process = checkout.start(level)
    while not (checkout.folder / "pip-is-waiting").exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (checkout.folder / "pip-waits").unlink()
    checkout.calls()
    assert checkout.set_up(level) == {"synth": WHOLE, "report": REPORT, "rehearse": REHEARSE, "tests": TESTS}[level]


@pytest.mark.skipif(not shutil.which("flock"), reason="no flock: set-ups are not kept apart")
def test_of_two_set_ups_at_once_one_waits(checkout: Checkout) -> None:
    processes = [checkout.start("synth"), checkout.start("synth")]
    assert [process.wait() for process in processes] == [0, 0]
    assert checkout.calls() == WHOLE


def test_progress_is_shown_on_stderr(checkout: Checkout) -> None:
    _, printed = checkout.start("synth").communicate()
    assert printed.splitlines() == [
        "terrabatch: setting up .venv with Python 3.99, once; about half a minute",
        "terrabatch: 1/3 virtual environment",
        "terrabatch: 2/3 packages of requirements.txt, Node among them",
        "terrabatch: 3/3 unpacking the AWS bindings",
    ]


def test_a_python_that_is_too_old_is_named(checkout: Checkout) -> None:
    process = checkout.start("synth", PYTHON="/no/such/python3.8")
    _, printed = process.communicate()
    assert process.returncode == 2
    assert printed == (
        "terrabatch: none of these is a Python 3.11 or newer with venv: /no/such/python3.8; "
        "name one: make synth PYTHON=/path/to/python3\n"
    )
    assert not (checkout.folder / ".venv").exists()
