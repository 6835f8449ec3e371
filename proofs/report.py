"""What was proved of an environment, for people and for programs; no times, so that it is the same each time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from modules.iam.actions import actions_of, services
from proofs.takeovers import GAPS
from proofs.theorems import Refutation, Step, Theorem


class Report:
    """The theorems of one environment, and what refutes them."""

    def __init__(self, name: str, theorems: Iterable[Theorem]) -> None:
        self.name = name
        self.refutations: dict[str, list[Refutation]] = {}
        self.proved: list[str] = []
        for theorem in theorems:
            if found := list(theorem.refutations()):
                self.refutations[theorem.text] = found
            else:
                self.proved.append(theorem.text)

    def summary(self, seconds: float | None = None) -> str:
        """Return how much was proved."""
        time = f" in {seconds:.1f} s" if seconds is not None else ""
        total = len(self.proved) + len(self.refutations)
        return f"{self.name}: {len(self.proved)} of {total} theorems proved{time}"

    def refuted(self) -> Iterator[str]:
        """Yield, line by line, what does not hold, and requests that show it."""
        for text, refutations in self.refutations.items():
            yield f"  not proved: {text}"
            for refutation in refutations:
                yield f"    {refutation.reason}"
                for number, step in enumerate(refutation.steps, start=1):
                    yield f"      request{f' {number}' if len(refutation.steps) > 1 else ''}"
                    yield from (f"        {key} = {value}" for key, value in _readable(step).items())

    def as_json(self) -> dict[str, Any]:
        """Return the same for programs."""
        refuted = {text: list(map(asdict, found)) for text, found in self.refutations.items()}
        return {"proved": self.proved, "refuted": refuted}


def write_reports(folder: Path, reports: Sequence[Report]) -> None:
    """Write proofs.txt and proofs.json into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "environments": {report.name: report.as_json() for report in reports},
        "known_gaps": list(map(asdict, GAPS)),
    }
    (folder / "proofs.json").write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")
    lines = []
    for report in reports:
        lines += [report.summary(), *report.refuted(), *(f"  proved: {text}" for text in report.proved)]
    lines += [f"known gap: {gap.name} ({gap.page}: {gap.words})" for gap in GAPS]
    (folder / "proofs.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _readable(step: Step) -> dict[str, str]:
    """Return a request with its action in AWS's own spelling."""
    return {key: _spelled(value) if key == "action" else value for key, value in step.items()}


def _spelled(action: str) -> str:
    service, _, name = action.partition(":")
    known = actions_of(service).names if service in services() else ()
    return f"{service}:{next((item for item in known if item.lower() == name), name)}"
