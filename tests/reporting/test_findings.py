"""What scanners found, as their files say."""

import json
from pathlib import Path
from typing import Any

import pytest

from handover.platforms import Platform
from proofs.report import Report, write_reports
from proofs.theorems import Refutation, Theorem
from reporting.findings import Finding, Findings, UnreadableFindingsError, findings, read_findings
from tests.handover.platforms import root_module

PLATFORM = Platform("prod", (root_module("prod-queues"), root_module("prod-batch")))


def check(stack: str, check_id: str = "CKV_1", **more: Any) -> dict[str, Any]:
    return {
        "check_id": check_id,
        "check_name": "Ensure",
        "file_path": f"/{stack}/cdk.tf.json",
        "resource": "aws_sqs_queue.q",
        **more,
    }


def read(tmp_path: Path, *documents: Any) -> Findings:
    files = [tmp_path / f"{index}.json" for index in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_text(json.dumps(document))
    return findings(read_findings(files), PLATFORM)


def test_only_what_is_about_these_stacks_is_told_in_one_order(tmp_path: Path) -> None:
    results = {
        "passed_checks": [check("prod-queues"), check("dev-queues")],
        "failed_checks": [check("prod-queues"), check("prod-batch"), check("dev-queues")],
        "skipped_checks": [check("prod-batch", check_result={"suppress_comment": "not here"})],
    }
    found = read(tmp_path, {"results": results, "summary": {}})
    assert found.passed == 1
    assert [item.stack for item in found.failed] == ["prod-batch", "prod-queues"]
    assert found.skipped == (Finding("CKV_1", "Ensure", "prod-batch", "aws_sqs_queue.q", "not here"),)


def test_reports_of_several_frameworks_and_files_are_one_and_what_they_share_is_told_once(tmp_path: Path) -> None:
    one = {"results": {"failed_checks": [check("prod-queues")]}}
    other = {"results": {"failed_checks": [check("prod-queues"), check("prod-queues", "CKV_2")]}}
    found = read(tmp_path, [one, other], one)
    assert [item.check for item in found.failed] == ["CKV_1", "CKV_2"]


def test_a_report_of_nothing_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, {"passed": 0, "failed": 0}) == read(tmp_path, {"results": {}}) == Findings()


def test_what_is_said_of_other_environments_alone_is_nothing_of_this_one(tmp_path: Path) -> None:
    proofs = {"environments": {"dev": {"proved": ["It holds."], "refuted": {}}}, "known_gaps": [{"name": "a gap"}]}
    assert read(tmp_path, {"results": {"passed_checks": [check("dev-queues")]}}, proofs) == Findings()


def test_proofs_are_told_with_the_requests_that_show_what_does_not_hold(tmp_path: Path) -> None:
    steps = [{"action": "sqs:send", "resource": "a"}, {"action": "sqs:get", "resource": "b"}]
    refuted = {"It holds.": [{"reason": "it does not", "steps": steps}, {"reason": "it never did", "steps": []}]}
    proofs = {"environments": {"prod": {"proved": ["True."], "refuted": refuted}}, "known_gaps": [{"name": "a gap"}]}
    shown = "it does not: action = sqs:send, resource = a; then action = sqs:get, resource = b"
    expected = Findings(proved=("True.",), refuted=(("It holds.", (shown, "it never did")),), gaps=("a gap",))
    assert read(tmp_path, proofs) == expected


def test_proofs_are_written_as_they_are_read_here(tmp_path: Path) -> None:
    theorems = [Theorem("True.", lambda: iter(())), Theorem("False.", lambda: iter([Refutation("it is not")]))]
    write_reports(tmp_path, [Report("prod", theorems)])
    found = findings(read_findings([tmp_path]), PLATFORM)
    assert (found.proved, found.refuted) == (("True.",), (("False.", ("it is not",)),))
    assert found.gaps


@pytest.mark.parametrize(
    ("text", "problem"), [("no", "is no JSON: "), ("{}", "is neither what"), ("[1]", "is neither what")]
)
def test_any_other_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UnreadableFindingsError, match=problem):
        read_findings([tmp_path / "a.json"])
