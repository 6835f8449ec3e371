"""A whole rehearsal with a Terraform that does what a test tells it: what is printed, returned, kept and ended."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal import setting_up
from rehearsal.command import missing, rehearse
from rehearsal.printing import Printer
from tests.processes import PROJECT, environ, run_python
from tests.rehearsal.schemas import block, schema
from tests.rehearsal.test_processes import is_gone, number
from tests.rehearsal.test_provider import plugin, program

TERRAFORM = """#!/usr/bin/env bash
stack=${PWD##*/}
echo "$stack $1 ${AWS_ENDPOINT_URL:-}" >>"$HOME/calls"
if [[ -e $HOME/$1-waits-$stack ]]; then trap '' INT TERM; echo $$ >"$HOME/waiting"; while :; do sleep 1; done; fi
if [[ -e $HOME/$1-fails-$stack ]]; then printf 'Error: %s\\n\\n  was refused\\n' "$1"; exit 1; fi
case $1 in
  version) echo '{"terraform_version": "1.11.4"}' ;;
  providers) cat "$HOME/schema.json" ;;
  apply) cp cdk.tf.json terraform.tfstate ;;
  show) cat "$HOME/plan-$stack.json" 2>/dev/null || echo '{}' ;;
  destroy) rm terraform.tfstate ;;
esac
"""
CHANGED = {"address": "aws_sqs_queue.a", "type": "aws_sqs_queue", "change": {"actions": ["create"]}}
FIRST_LINE = "Terraform 1.11.4, AWS provider 1.2.3"


def document(stack: str, version: str = "1.2.3", **queue: Any) -> dict[str, Any]:
    return {
        "terraform": {
            "required_providers": {"aws": {"source": "aws", "version": version}},
            "backend": {"local": {"path": f"{stack}.tfstate"}},
        },
        "provider": {"aws": [{"region": "us-east-1", "allowed_account_ids": ["111122223333"]}]},
        "resource": {"aws_sqs_queue": {"a": {"name": stack, **queue}}},
    }


def written(folder: Path, version: str = "1.2.3", **needs: list[str]) -> Path:
    """Write stacks with one queue each."""
    entries = {}
    for name, others in needs.items():
        path = folder / "stacks" / name / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(document(name, version)))
        entries[name] = {"dependencies": others, "synthesizedStackPath": f"stacks/{name}/cdk.tf.json"}
    (folder / "manifest.json").write_text(json.dumps({"stacks": entries}))
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a machine's home folder: a Terraform that takes notes, a provider, no real local AWS."""
    program(tmp_path / "programs" / "terraform", TERRAFORM)
    plugin(tmp_path / "plugins", "1.2.3")
    provider = {"registry.terraform.io/hashicorp/aws": schema(aws_sqs_queue=block("name"))}
    (tmp_path / "schema.json").write_text(json.dumps({"provider_schemas": provider}))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'programs'}:/usr/local/bin:/usr/bin:/bin")
    monkeypatch.setenv("TF_PLUGIN_MIRROR", str(tmp_path / "plugins"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(setting_up, "start_account", lambda account_id, *_: f"http://{account_id}")
    return tmp_path


def calls(home: Path) -> list[str]:
    return (home / "calls").read_text().splitlines()


def left(home: Path) -> list[str]:
    return [path.name for path in (home / "temporary").iterdir()]


def run(folder: Path, then: Path | None = None, *, keep: bool = False, as_json: bool = False) -> int:
    return rehearse([folder], then, os.environ, keep=keep, as_json=as_json)


def test_stacks_are_applied_planned_again_and_destroyed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(written(home / "out", batch=["network"], network=[])) == 0
    ours = [line for line in calls(home) if line.startswith(("batch", "network"))]
    url = "http://111122223333"
    assert ours == [
        *(f"network {name} {url}" for name in ("init", "apply", "init", "plan")),
        "network show ",
        *(f"batch {name} {url}" for name in ("init", "apply", "init", "plan")),
        "batch show ",
        f"batch destroy {url}",
        f"network destroy {url}",
    ]
    printed, problems = capsys.readouterr()
    assert re.sub(r", \d+ s", ", 0 s", printed).splitlines() == [
        FIRST_LINE,
        "ok       network: applied, and planned again, 1 resources, 0 s",
        "ok       batch: applied, and planned again, 1 resources, 0 s",
        "ok       batch: destroyed, 1 resources, 0 s",
        "ok       network: destroyed, 1 resources, 0 s",
        "2 stacks, 2 resources, 0 s: all well",
    ]
    assert problems == ""
    assert left(home) == []


def test_a_second_plan_that_changes_something_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "plan-network.json").write_text(json.dumps({"resource_changes": [CHANGED]}))
    assert run(written(home / "out", batch=["network"], network=[])) == 1
    printed, problems = capsys.readouterr()
    assert "FAILED   network: applied, and planned again, 1 resources, " in printed
    assert "         a second plan: aws_sqs_queue.a: created" in printed
    assert "ok       batch" in printed
    assert re.search(r"\n2 stacks, 2 resources, \d+ s: something fell short\n$", printed)
    (folder,) = left(home)
    assert problems == f"states and logs: {home / 'temporary' / folder}\n"
    assert (home / "temporary" / folder / "network" / "apply.log").exists()


def test_what_needs_a_stack_that_was_refused_is_not_reached(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "apply-fails-network").touch()
    assert run(written(home / "out", batch=["network"], network=[], queues=[])) == 1
    printed = capsys.readouterr().out
    assert "         apply was refused" in printed
    assert "skipped  batch: what it needs fell short" in printed
    assert "ok       queues: destroyed" in printed
    assert "batch apply http://111122223333" not in calls(home)


def test_what_cannot_be_destroyed_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "destroy-fails-queues").touch()
    assert run(written(home / "out", queues=[])) == 1
    assert "FAILED   queues: destroyed" in capsys.readouterr().out


def test_other_stacks_are_planned_over_them_and_applied(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    then = written(home / "then", queues=[], network=[])
    (then / "stacks" / "queues" / "cdk.tf.json").write_text(json.dumps(document("changed")))
    assert run(written(home / "out", queues=[]), then, keep=True) == 0
    (folder,) = left(home)
    state = json.loads((home / "temporary" / folder / "queues" / "terraform.tfstate").read_text())
    assert state["resource"]["aws_sqs_queue"]["a"]["name"] == "changed"
    assert "ok       network: planned over it and applied" in capsys.readouterr().out


def test_changes_that_were_asked_for_are_told_and_well(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terraform = home / "programs" / "terraform"
    # The second plan is empty, the third is not.
    terraform.write_text(TERRAFORM.replace("show) ", 'show) [[ -e seen ]] || { touch seen; echo "{}"; exit; }; '))
    (home / "plan-queues.json").write_text(json.dumps({"resource_changes": [CHANGED]}))
    assert run(written(home / "out", queues=[]), written(home / "then", queues=[])) == 0
    lines = re.sub(r", \d+ s", ", 0 s", capsys.readouterr().out).splitlines()
    assert lines[2:4] == [
        "ok       queues: planned over it and applied, 1 resources, 0 s",
        "         aws_sqs_queue.a: created",
    ]


def test_several_folders_are_rehearsed_at_once(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [written(home / "out", queues=[]), written(home / "more", network=[])]
    assert rehearse(folders, None, os.environ, keep=False, as_json=False) == 0
    assert "2 stacks, 2 resources" in capsys.readouterr().out


def test_nothing_is_destroyed_where_all_is_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(written(home / "out", queues=[]), keep=True) == 0
    assert [line for line in calls(home) if "destroy" in line] == []
    (folder,) = left(home)
    assert capsys.readouterr().err == f"states and logs: {home / 'temporary' / folder}\n"


def test_json_says_all_of_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "plan-network.json").write_text(json.dumps({"resource_changes": [CHANGED]}))
    (home / "apply-fails-queues").touch()
    folder = written(home / "out", batch=["queues"], network=[], queues=[])
    (folder / "stacks" / "network" / "cdk.tf.json").write_text(json.dumps(document("network", new=1)))
    assert run(folder, as_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["versions"] == {"terraform": "1.11.4", "provider": "1.2.3", "wanted": "1.2.3", "cannot_know": ""}
    assert said["is_well"] is False
    assert said["left_out"] == {"aws_sqs_queue.new (unknown to this provider)": 1}
    assert {"stack": "batch", "step": "apply"} in said["skipped"]
    steps = {(step["stack"], step["step"]): step for step in said["steps"]}
    change = {"address": "aws_sqs_queue.a", "type": "aws_sqs_queue", "action": "created", "attributes": []}
    assert steps["network", "apply"]["changes"] == [change]
    assert steps["queues", "apply"]["problems"] == ["apply was refused"]
    assert steps["network", "destroy"]["is_well"] is True


def test_another_version_than_the_one_that_is_asked_for_is_told_first(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "init-fails-fetch").touch()
    monkey = written(home / "out", version="9.9.9", queues=[])
    assert run(monkey) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert ", not 9.9.9, which the stacks ask for and which could not be fetched. What 9.9.9 does differently" in first


def test_without_a_provider_nothing_is_rehearsed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rehearsal.provider.plugin_folders", lambda environ: [])
    (home / "init-fails-fetch").touch()
    assert run(written(home / "out", queues=[])) == 3
    printed, problems = capsys.readouterr()
    assert printed == ""
    assert problems == (
        "not rehearsed: no AWS provider in a plugin folder, and 1.2.3 could not be fetched: init was refused\n"
    )
    assert left(home) == []


def test_what_a_machine_lacks_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert missing({"PATH": str(tmp_path)}).startswith("no terraform on PATH; install Terraform")
    program(tmp_path / "terraform")
    assert missing({"PATH": str(tmp_path)}) == ""
    monkeypatch.setattr("rehearsal.command.lacks_moto", lambda: True)
    assert missing({"PATH": str(tmp_path)}).startswith("moto is not installed; run make rehearse")


def test_a_terminal_gets_its_cursor_back(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with pytest.raises(KeyboardInterrupt), Printer(as_json=False):
        raise KeyboardInterrupt
    printed = capsys.readouterr().out
    assert 0 <= printed.rfind("\x1b[?25l") < printed.rfind("\x1b[?25h")


def test_hardly_anything_is_imported_before_an_interruption_is_told_in_a_word() -> None:
    new = "import sys; there = {*sys.modules}; import rehearsal.__main__; print(*{*sys.modules} - there)"
    assert set(run_python(new).split()) == {"rehearsal", "rehearsal.__main__"}


def rehearsing(home: Path, folder: Path) -> subprocess.Popen[str]:
    """Start a rehearsal with a real local AWS."""
    settings = environ(HOME=home, PATH=os.environ["PATH"], TF_PLUGIN_MIRROR=home / "plugins", TMPDIR=home / "temporary")
    return subprocess.Popen(
        [sys.executable, "-m", "rehearsal", folder],
        cwd=PROJECT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(id_) for id_ in listed.split()]


@pytest.mark.parametrize(
    ("name", "ended", "said"),
    [("SIGINT", lambda status: status == 130, "interrupted"), ("SIGTERM", lambda status: status == 143, "")],
)
def test_all_processes_end_with_it(home: Path, name: str, ended: Callable[[int], bool], said: str) -> None:
    (home / "apply-waits-queues").touch()
    process = rehearsing(home, written(home / "out", queues=[]))
    waiting = number(home / "waiting")
    aws = [id_ for id_ in children(process) if id_ != waiting]
    assert aws
    start = time.monotonic()
    process.send_signal(signal.Signals[name])
    printed, problems = process.communicate(timeout=60)
    assert ended(process.returncode), problems
    assert time.monotonic() - start < 20
    assert printed.startswith(FIRST_LINE)
    (folder,) = left(home)
    assert problems.splitlines() == [f"states and logs: {home / 'temporary' / folder}", *([said] if said else [])]
    assert [is_gone(id_) for id_ in [waiting, *aws]] == [True] * (1 + len(aws))


def test_the_local_aws_ends_when_the_rehearsal_is_killed(home: Path) -> None:
    (home / "apply-waits-queues").touch()
    process = rehearsing(home, written(home / "out", queues=[]))
    waiting = number(home / "waiting")
    aws = [id_ for id_ in children(process) if id_ != waiting]
    process.kill()
    process.communicate(timeout=60)
    try:
        assert [is_gone(id_) for id_ in aws] == [True] * len(aws)
    finally:
        os.killpg(waiting, signal.SIGKILL)
