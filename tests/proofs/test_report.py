import json
import re
from pathlib import Path

import pytest

from proofs.__main__ import main
from proofs.report import Report, write_reports
from proofs.theorems import Refutation, Theorem
from tests.proofs.shipped import proofs_of, shipped_world

STEP = {"action": "sqs:purgequeue", "resource": "arn:aws:sqs:us-east-1:111122223333:images", "aws:sourcevpc": "vpc-1"}
TRUE = Theorem("all is well", list)
FALSE = Theorem("nothing is purged", lambda: [Refutation("the policies say so, the settings do not", (STEP,))])


def test_a_refutation_is_shown_as_a_request() -> None:
    report = Report("prod", [TRUE, FALSE])

    assert report.summary() == "prod: 1 of 2 theorems proved"
    assert list(report.refuted()) == [
        "  not proved: nothing is purged",
        "    the policies say so, the settings do not",
        "      request",
        "        action = sqs:PurgeQueue",
        "        resource = arn:aws:sqs:us-east-1:111122223333:images",
        "        aws:sourcevpc = vpc-1",
    ]


def test_a_report_is_written_for_people_and_for_programs(tmp_path: Path) -> None:
    write_reports(tmp_path / "new", [Report("prod", [TRUE, FALSE])])

    document = json.loads((tmp_path / "new/proofs.json").read_text(encoding="utf-8"))
    (found,) = document["environments"]["prod"]["refuted"]["nothing is purged"]
    assert document["environments"]["prod"]["proved"] == ["all is well"]
    assert found["steps"] == [STEP]
    assert [gap["page"] for gap in document["known_gaps"]] == ["docs/gotchas.md"] * 2
    lines = (tmp_path / "new/proofs.txt").read_text(encoding="utf-8").splitlines()
    assert {"  proved: all is well", "        action = sqs:PurgeQueue"} <= set(lines)


def test_everything_of_an_example_is_proved() -> None:
    report = Report("shared-account", proofs_of("shared-account").theorems())
    assert report.refutations == {}
    assert len(report.proved) > 40


def test_what_synth_wrote_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, stack in shipped_world("batch-tour").stacks.items():
        (tmp_path / "stacks" / name).mkdir(parents=True)
        (tmp_path / "stacks" / name / "cdk.tf.json").write_text(json.dumps(stack), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["proofs", str(tmp_path), "--report", str(tmp_path / "report")])

    assert main() == 0
    assert re.fullmatch(r"batch-tour: (\d+) of \1 theorems proved in \d+\.\d s\n", capsys.readouterr().out)
    assert {file.name for file in (tmp_path / "report").iterdir()} == {"proofs.json", "proofs.txt"}


def test_a_folder_without_stacks_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["proofs", str(tmp_path)])
    assert main() == 2
    assert capsys.readouterr().err == "no folder has stacks of an environment that is known here\n"
