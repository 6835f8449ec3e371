"""Every process of a rehearsal ends with it, and what it has started too."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.processes import EndedError, Processes, ended_by_signals

# Starts a process of its own, says both ids, and ends only when it is killed.
STUBBORN = "trap '' INT TERM HUP; sleep 600 & echo $! > child; echo $$ > self; while :; do wait; done"


@pytest.fixture
def processes() -> Iterator[Processes]:
    processes = Processes()
    yield processes
    processes.end()


def number(file: Path) -> int:
    for _ in range(1_000):
        if file.exists() and file.read_text().strip():
            return int(file.read_text())
        time.sleep(0.01)
    raise AssertionError(f"{file} was not written")


def is_gone(id_: int) -> bool:
    """Return whether a process has ended; one that nobody has waited for is a zombie."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{id_}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def run(processes: Processes, script: str, folder: Path, seconds: float = 60) -> tuple[int, str]:
    done = processes.run(["sh", "-c", script], environ=os.environ, cwd=folder, seconds=seconds)
    return done.status, done.output


def test_a_process_is_run_to_its_end(processes: Processes, tmp_path: Path) -> None:
    assert run(processes, "echo out; echo err >&2; exit 3", tmp_path) == (3, "out\nerr\n")


def test_it_is_not_asked_anything(processes: Processes, tmp_path: Path) -> None:
    assert run(processes, "read answer || echo nobody", tmp_path) == (0, "nobody\n")


def test_what_takes_too_long_is_ended_with_all_that_it_started(processes: Processes, tmp_path: Path) -> None:
    status, _ = run(processes, STUBBORN, tmp_path, seconds=1)
    assert status == -signal.SIGKILL
    assert is_gone(number(tmp_path / "child"))
    assert is_gone(number(tmp_path / "self"))


def test_what_a_process_leaves_running_ends_with_it(processes: Processes, tmp_path: Path) -> None:
    assert run(processes, "sleep 600 >/dev/null 2>&1 & echo $! > child", tmp_path)[0] == 0
    assert is_gone(number(tmp_path / "child"))


def test_the_end_ends_what_others_wait_for(tmp_path: Path) -> None:
    processes, raised = Processes(), []

    def wait() -> None:
        try:
            run(processes, STUBBORN, tmp_path)
        except EndedError as error:
            raised.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    ids = [number(tmp_path / "child"), number(tmp_path / "self")]
    processes.end()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert raised
    assert [is_gone(id_) for id_ in ids] == [True, True]


def test_nothing_is_started_after_the_end(tmp_path: Path) -> None:
    processes = Processes()
    processes.end()
    with pytest.raises(EndedError):
        run(processes, "touch here", tmp_path)
    assert not (tmp_path / "here").exists()


def test_input_stays_open_while_this_process_lives(processes: Processes, tmp_path: Path) -> None:
    process = processes.start(["cat"], environ=os.environ)
    assert process.poll() is None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=30) == 0


def test_a_log_gets_what_is_said_beside_the_answer(processes: Processes, tmp_path: Path) -> None:
    process = processes.start(["sh", "-c", "echo url; echo noise >&2"], environ=os.environ, log=tmp_path / "log")
    assert process.stdout is not None
    assert process.stdout.read() == "url\n"
    assert (tmp_path / "log").read_text() == "noise\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_as_an_exception_does_and_only_meanwhile(name: str) -> None:
    number_ = signal.Signals[name]
    before = signal.getsignal(number_)
    signal.signal(number_, signal.SIG_DFL)
    try:
        with pytest.raises(SystemExit) as raised, ended_by_signals():
            signal.raise_signal(number_)
        assert raised.value.code == 128 + number_
        assert signal.getsignal(number_) == signal.SIG_DFL
    finally:
        signal.signal(number_, before)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
