"""Processes that end with the rehearsal, however it ends."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType


@dataclass(frozen=True)
class Finished:
    """A process that came to its end."""

    status: int
    output: str


class EndedError(Exception):
    """A process was to be started, or was ended, after the end of the rehearsal."""


class Processes:
    """All processes of a rehearsal, each with those that it starts in a group of its own.

    A group of its own also keeps a Ctrl-C on the terminal away from Terraform, which would wait for AWS before it ends.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._ended = False

    def start(
        self,
        command: Sequence[str | Path],
        *,
        environ: Mapping[str, str],
        log: Path | None = None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[str]:
        """Start a process; what it prints can be read from it, errors too, unless they go to ``log``.

        Its input stays open until this process ends, by which it may know when to end.
        """
        with self._lock, log.open("a") if log else nullcontext() as errors:
            if self._ended:
                raise EndedError
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors or subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            self._running.add(process)
        return process

    def run(self, command: Sequence[str | Path], *, environ: Mapping[str, str], cwd: Path, seconds: float) -> Finished:
        """Run a process to its end, or end it after ``seconds``: then its status is -9."""
        process = self.start(command, environ=environ, cwd=cwd)
        try:
            try:
                output, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                _kill(process)
                output, _ = process.communicate()
        finally:
            _kill(process)  # what it may have left running
            with self._lock:
                self._running.discard(process)
        if self._ended:
            raise EndedError
        return Finished(process.returncode, output)

    def end(self) -> None:
        """End all that run, at once; none can be started any more."""
        with self._lock:
            self._ended = True
            running = list(self._running)
        for process in running:
            _kill(process)
        for process in running:
            process.wait()


def _kill(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # all of the group are gone
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end this process as an exception does, so that what must be ended is."""

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        raise SystemExit(128 + number)

    numbers = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
