"""What a synth leaves in a folder in which something is already."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from cdktf import App

from modules.sqs.settings import MessageQueueSettings
from stacks import synthesis
from stacks.environment import Environment
from stacks.queues import QueuesStack
from stacks.state import LocalState
from stacks.synthesis import synthesize
from tests.processes import files


def environment(name: str, queue: str = "requests") -> Environment:
    return Environment(
        name=name,
        account_id="111122223333",
        region="us-east-1",
        production=False,
        state=LocalState(),
        queues={queue: MessageQueueSettings(visibility_timeout_seconds=60)},
    )


def test_another_synth_into_the_same_folder_takes_nothing_from_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_files = synthesis._move_files

    def move_files_while_another_synth_ends(source: Path, target: Path) -> None:
        move_files(source, target)
        monkeypatch.setattr(synthesis, "_move_files", move_files)
        synthesize([environment("dev")], target, complete=False)

    monkeypatch.setattr(synthesis, "_move_files", move_files_while_another_synth_ends)
    stacks = synthesize([environment("dev"), environment("prod")], tmp_path, complete=True)

    assert [stack.name for stack in stacks] == ["dev-queues", "prod-queues"]
    assert [stack.resources for stack in stacks] == [6, 6]
    assert all((stack.folder / "cdk.tf.json").exists() for stack in stacks)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return a folder with two small environments."""
    synthesize([environment("dev"), environment("prod")], tmp_path, complete=True)
    return tmp_path


def test_a_construct_that_fails_leaves_everything_as_it_was(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_after_a_stack(app: App, settings: Environment) -> None:
        QueuesStack(app, settings)
        raise ZeroDivisionError

    before = files(output)
    monkeypatch.setattr(synthesis, "build_platform", fail_after_a_stack)
    with pytest.raises(ZeroDivisionError):
        synthesize([environment("dev", queue="another")], output, complete=True)
    assert files(output) == before


def test_stacks_that_are_gone_are_removed_unless_there_is_something_else_in_them(output: Path) -> None:
    stacks = output / "stacks"
    shutil.copytree(stacks / "prod-queues", stacks / "prod-locked")
    (stacks / "prod-locked" / ".terraform.lock.hcl").write_text("")
    # A synth that was killed today and one that may still run.
    for name, age_seconds in ((".synth-old", 4_000), (".synth-new", 0)):
        (output / name).mkdir()
        os.utime(output / name, times=(time.time() - age_seconds,) * 2)
    synthesize([environment("dev")], output, complete=True)
    assert sorted(path.name for path in stacks.iterdir()) == ["dev-queues", "prod-locked"]
    assert sorted(path.name for path in output.iterdir()) == [".synth-new", "manifest.json", "stacks"]


def test_some_of_the_environments_leave_the_others_stacks_alone(output: Path) -> None:
    before = files(output)
    synthesize([environment("dev", queue="another")], output, complete=False)
    after = files(output)
    assert after["stacks/prod-queues/cdk.tf.json"] == before["stacks/prod-queues/cdk.tf.json"]
    assert after["stacks/dev-queues/cdk.tf.json"] != before["stacks/dev-queues/cdk.tf.json"]
    assert list(json.loads(after["manifest.json"])["stacks"]) == ["dev-queues"]
