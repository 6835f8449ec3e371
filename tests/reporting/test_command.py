"""``python main.py report`` as a user runs it."""

import json
import os
from pathlib import Path

import pytest

import reporting.command
from main import main
from reporting.command import write
from stacks.loading import load_environments
from tests.handover.platforms import root_module, write_stacks


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    return write_stacks(tmp_path / "stacks", root_module("dev-queues", terraform={}))


def test_it_writes_a_page_for_an_environment_and_reads_a_scan_and_another_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passed = [{"check_id": "CKV_1", "file_path": "/dev-queues/cdk.tf.json", "resource": "aws_sqs_queue.q"}]
    (tmp_path / "scan.json").write_text(json.dumps({"results": {"passed_checks": passed}, "summary": {}}))
    options = ("--findings", str(tmp_path / "scan.json"), "--since", "dev", "--to", str(tmp_path / "out"))
    assert main(["report", "dev", *options]) == 0
    (page,) = (tmp_path / "out").iterdir()
    assert capsys.readouterr() == (f"{os.path.relpath(page)}\n", "")
    text = page.read_text(encoding="utf-8")
    assert page.name == "dev.html"
    assert "0 checks failed, 1 passed" in text
    assert '<h2 id="changes-title">Since dev</h2>\n<p>Nothing is different.</p>' in text


def test_a_file_that_is_no_scan_is_refused_before_anything_is_written(
    tmp_path: Path, stacks: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "scan.json").write_text("{}")
    for scan in ("scan.json", "none.json"):
        assert write(load_environments(), stacks, tmp_path / "out", scans=[tmp_path / scan]) == 2
    assert not (tmp_path / "out").exists()
    assert capsys.readouterr().err.count("; nothing was written\n") == 2


def test_without_templates_there_is_none_and_it_says_where_they_are_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reporting.command, "find_spec", lambda name: None)
    assert main(["report", "dev"]) == 1
    rule = "Jinja2 is not installed; run make report, or pip install -r requirements-report.txt"
    assert capsys.readouterr().err == f"no report: {rule}\n"


def test_what_cannot_be_compared_with_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "dev", "--since", "no-such-branch"]) == 2
    assert capsys.readouterr().err.startswith("--since no-such-branch: neither a folder with a manifest.json")
