"""What scanners and proofs found, as files of theirs say: reports of checkov in JSON, and ``proofs.json``."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handover.platforms import Platform


class UnreadableFindingsError(Exception):
    """A file has no findings."""


@dataclass(frozen=True)
class Finding:
    """One check that failed, or was passed over for a reason."""

    check: str
    says: str
    stack: str
    address: str
    reason: str = ""


@dataclass(frozen=True)
class Findings:
    """All that is known of one environment; None: it was not scanned, or nothing was proved of it."""

    passed: int | None = None
    failed: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()
    proved: tuple[str, ...] | None = None
    refuted: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gaps: tuple[str, ...] = ()


def read_findings(places: Sequence[Path]) -> list[Mapping[str, Any]]:
    """Return what files hold, those in folders too. Raises UnreadableFindingsError."""
    files = [file for place in places for file in (sorted(place.glob("*.json")) if place.is_dir() else [place])]
    return [report for file in files for report in _reports(file)]


def findings(reports: Sequence[Mapping[str, Any]], platform: Platform) -> Findings:
    """Return what reports say of a platform."""
    stacks = {module.name for module in platform.modules}
    results = [report["results"] for report in reports if report.get("results")]

    def of(kind: str) -> tuple[Finding, ...]:
        found = {_finding(item) for result in results for item in result.get(kind, ()) if _stack(item) in stacks}
        return tuple(sorted(found, key=lambda item: (item.stack, item.check, item.address)))

    passed = sum(_stack(item) in stacks for result in results for item in result.get("passed_checks", ()))
    failed, skipped = of("failed_checks"), of("skipped_checks")
    told = [proofs for report in reports if (proofs := report.get("environments", {}).get(platform.name))]
    return Findings(
        passed if passed or failed or skipped else None,
        failed,
        skipped,
        tuple(text for proofs in told for text in proofs["proved"]) if told else None,
        tuple((text, _reasons(found)) for proofs in told for text, found in proofs["refuted"].items()),
        tuple(gap["name"] for report in reports for gap in report.get("known_gaps", ())) if told else (),
    )


def _reports(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableFindingsError(f"{file} is no JSON: {error}") from error
    for report in document if isinstance(document, list) else [document]:
        if not isinstance(report, Mapping) or not {"results", "passed", "environments"} & report.keys():
            raise UnreadableFindingsError(f"{file} is neither what `checkov --output json` prints nor a proofs.json")
        yield report


def _finding(item: Mapping[str, Any]) -> Finding:
    reason = str(item.get("check_result", {}).get("suppress_comment") or "")
    return Finding(str(item["check_id"]), str(item.get("check_name", "")), _stack(item), str(item["resource"]), reason)


def _stack(item: Mapping[str, Any]) -> str:
    return Path(str(item.get("file_path", ""))).parent.name


def _reasons(refutations: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return why something does not hold, each with the requests that show it."""
    return tuple(
        f"{found['reason']}: "
        + "; then ".join(", ".join(f"{key} = {value}" for key, value in step.items()) for step in found["steps"])
        if found.get("steps")
        else str(found["reason"])
        for found in refutations
    )
