"""Say how a rehearsal goes: a line for each stack and step, or one JSON document at its end."""

import json
import sys
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.status import Status

from rehearsal.rehearsing import Outcome
from rehearsal.setting_up import Versions

STEPS = {"apply": "applied, and planned again", "then": "planned over it and applied", "destroy": "destroyed"}


class Printer:
    """Tells what became of each stack, and keeps the sum of it."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._start = time.monotonic()
        self._console = Console(stderr=as_json, highlight=False)
        self._status: Status | None = None
        self._outcomes: list[Outcome] = []
        self._left_out: Counter[str] = Counter()
        self._skipped: list[tuple[str, str]] = []
        self._step, self._waiting = "", set[str]()
        self._versions: Versions | None = None

    def __enter__(self) -> "Printer":
        if self._console.is_terminal:
            self._status = self._console.status("setting up Terraform, its provider and a local AWS")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back, however it ends: with its cursor."""
        if self._status:
            self._status.stop()
            self._status = None

    @property
    def is_open(self) -> bool:
        """Return whether anything was rehearsed."""
        return self._versions is not None

    @property
    def is_well(self) -> bool:
        """Return whether nothing fell short."""
        return not self._skipped and all(outcome.is_well for outcome in self._outcomes)

    def open(self, versions: Versions, workspace: Path) -> None:
        """Say with what is rehearsed, and where."""
        self._versions = versions
        self._say(str(versions))
        if self._console.is_terminal:
            self._say(f"states and logs: {workspace}")

    def begin(self, step: str, names: Collection[str]) -> None:
        """Say which stacks a step is done with."""
        self._step, self._waiting = step, set(names)
        self._progress()

    def tell(self, name: str, outcome: Outcome | None) -> None:
        """Say what became of one stack; None: it was not reached."""
        self._waiting.discard(name)
        if outcome is None:
            self._skipped.append((name, self._step))
            self._say(f"skipped  {name}: what it needs fell short")
            return
        self._outcomes.append(outcome)
        if outcome.step == "apply":
            self._left_out += outcome.left_out
        word = "ok     " if outcome.is_well else "FAILED "
        self._say(f"{word}  {name}: {STEPS[outcome.step]}, {outcome.resources} resources, {outcome.seconds:.0f} s")
        for problem in outcome.problems:
            self._say(f"         {problem}")
        for change in outcome.changes:
            self._say(f"         {'a second plan: ' if outcome.step == 'apply' else ''}{change}")
        self._progress()

    def close(self) -> int:
        """Say the sum; return the exit status."""
        seconds = time.monotonic() - self._start
        for what, count in sorted(self._left_out.items()):
            self._say(f"left out {count}x {what}")
        applied = [outcome for outcome in self._outcomes if outcome.step == "apply"]
        resources = sum(outcome.resources for outcome in applied)
        verdict = "all well" if self.is_well else "something fell short"
        self._say(f"{len(applied)} stacks, {resources} resources, {seconds:.0f} s: {verdict}")
        if self._as_json:
            print(json.dumps(self._document(seconds), indent=2))
        return 0 if self.is_well else 1

    def _document(self, seconds: float) -> dict[str, Any]:
        return {
            "versions": asdict(self._versions) | {"cannot_know": self._versions.cannot_know}
            if self._versions
            else None,
            "is_well": self.is_well,
            "seconds": round(seconds, 1),
            "left_out": dict(sorted(self._left_out.items())),
            "skipped": [{"stack": name, "step": step} for name, step in self._skipped],
            "steps": [_shown(outcome) for outcome in self._outcomes],
        }

    def _progress(self) -> None:
        if self._status:
            self._status.update(f"{self._step}: {len(self._waiting)} to go: {', '.join(sorted(self._waiting))}")

    def _say(self, line: str) -> None:
        if not self._as_json or self._console.is_terminal:
            self._console.print(line, markup=False, soft_wrap=True)
        if not self._as_json:
            sys.stdout.flush()


def _shown(outcome: Outcome) -> dict[str, Any]:
    return {
        "stack": outcome.stack,
        "step": outcome.step,
        "seconds": round(outcome.seconds, 1),
        "resources": outcome.resources,
        "is_well": outcome.is_well,
        "problems": outcome.problems,
        "changes": [asdict(change) for change in outcome.changes],
    }
