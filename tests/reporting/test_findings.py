"""What scanners found, as their files say."""

import json
from pathlib import Path
from typing import Any

import pytest

from reporting.findings import Finding, Findings, UnreadableFindingsError, findings, read_findings

STACKS = ["prod-queues", "prod-batch"]


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
    return findings(read_findings(files), STACKS)


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
    assert found.sources == ("0.json", "1.json")


def test_a_report_of_nothing_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, {"passed": 0, "failed": 0}) == Findings(("0.json",))


@pytest.mark.parametrize(
    ("text", "problem"), [("no", "is no JSON: "), ("{}", "is no report of checkov"), ("[1]", "is no report of checkov")]
)
def test_any_other_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(UnreadableFindingsError, match=problem):
        read_findings([tmp_path / "a.json"])
