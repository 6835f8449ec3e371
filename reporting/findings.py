"""What scanners found, as files of theirs say: reports of checkov in JSON, of one framework or of several."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class UnreadableFindingsError(Exception):
    """A file is no report of checkov's."""


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
    """All that the files of a scan say of one environment."""

    sources: tuple[str, ...] = ()
    passed: int = 0
    failed: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()


def read_findings(files: Sequence[Path]) -> dict[Path, Any]:
    """Return what the files hold. Raises UnreadableFindingsError."""
    return {file: list(_reports(file)) for file in files}


def findings(read: Mapping[Path, Any], stacks: Iterable[str]) -> Findings:
    """Return what files that were read say of these stacks."""
    names = set(stacks)
    results = [report.get("results", {}) for reports in read.values() for report in reports]

    def found(kind: str) -> tuple[Finding, ...]:
        made = {_finding(item) for result in results for item in result.get(kind, ())}
        return tuple(
            sorted(
                (item for item in made if item.stack in names), key=lambda item: (item.stack, item.check, item.address)
            )
        )

    passed = sum(_stack(item) in names for result in results for item in result.get("passed_checks", ()))
    return Findings(tuple(file.name for file in read), passed, found("failed_checks"), found("skipped_checks"))


def _reports(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnreadableFindingsError(f"{file} is no JSON: {error}") from error
    for report in document if isinstance(document, list) else [document]:
        if not isinstance(report, Mapping) or not {"results", "passed"} & report.keys():
            raise UnreadableFindingsError(f"{file} is no report of checkov, which `checkov --output json` prints")
        yield report


def _finding(item: Mapping[str, Any]) -> Finding:
    reason = str(item.get("check_result", {}).get("suppress_comment") or "")
    return Finding(str(item["check_id"]), str(item.get("check_name", "")), _stack(item), str(item["resource"]), reason)


def _stack(item: Mapping[str, Any]) -> str:
    return Path(str(item.get("file_path", ""))).parent.name
