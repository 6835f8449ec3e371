"""Reports of scanners and proofs in a bundle: as they are, counted in its README."""

import json
from pathlib import Path

import pytest

from handover.bundle import bundle
from handover.options import Options, RefusedError
from handover.platforms import Platform
from tests.handover.platforms import root_module

PLATFORM = Platform("dev", (root_module(),))
PROOFS = {"environments": {"dev": {"proved": ["a", "b"], "refuted": {"c": []}}, "prod": {"proved": []}}}


def check(check_id: str, severity: str, stack: str = "dev-queues") -> dict[str, str]:
    return {"check_id": check_id, "severity": severity, "file_path": f"/{stack}/cdk.tf.json"}


PARLIAMENT = {
    "summary": {"passed": 9, "failed": 1},
    "results": {
        "failed_checks": [check("MALFORMED", "HIGH")],
        "skipped_checks": [
            check("RESOURCE_STAR", "LOW"),
            check("RESOURCE_STAR", "LOW", "dev-eu-queues"),
            check("MISMATCHED_TYPE", "MEDIUM"),
            check("MISMATCHED_TYPE", "MEDIUM"),
        ],
    },
}


def test_reports_are_in_the_bundle_and_counted(tmp_path: Path) -> None:
    reports = {
        "checkov.json": json.dumps({"summary": {"passed": 1200, "failed": 3}}),
        "parliament.json": json.dumps(PARLIAMENT),
        "proofs.json": json.dumps(PROOFS),
        "proofs.txt": "dev: 2 of 3 theorems proved",
        "list.json": "[1]",
    }
    for name, text in reports.items():
        (tmp_path / name).write_text(text)
    written = bundle(PLATFORM, Options(findings=[tmp_path]))
    assert {name: written[f"policy/{name}"].decode() for name in reports} == reports
    readme = written["README.md"].decode()
    assert "- [policy/checkov.json](policy/checkov.json): 1,200 checks passed, 3 failed\n" in readme
    assert (
        "- [policy/parliament.json](policy/parliament.json): 9 checks passed, 1 failed; "
        "failed here: 1 high MALFORMED; skipped here: 2 medium MISMATCHED_TYPE, 1 low RESOURCE_STAR\n"
    ) in readme
    assert "- [policy/proofs.json](policy/proofs.json): 2 theorems proved, 1 refuted\n" in readme
    assert "- [policy/proofs.txt](policy/proofs.txt)\n" in readme
    assert "policy/proofs.txt" in written["SHA256SUMS"].decode()
    assert "## Policy reports\n\nNone: no scanner was asked" in bundle(PLATFORM)["README.md"].decode()


def test_what_is_not_there_and_names_that_are_taken_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"^--findings .*: there is no file$"):
        bundle(PLATFORM, Options(findings=[tmp_path / "none"]))
    file = tmp_path / "a.json"
    file.touch()
    with pytest.raises(RefusedError, match=r"another file is called a\.json, too"):
        bundle(PLATFORM, Options(findings=[file, tmp_path]))
