from pathlib import Path

import pytest

from modules.sqs.settings import MessageQueueSettings
from stacks import synthesis
from stacks.environment import Environment
from stacks.state import LocalState
from stacks.synthesis import synthesize


def environment(name: str) -> Environment:
    return Environment(
        name=name,
        account_id="111122223333",
        region="us-east-1",
        production=False,
        state=LocalState(),
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=60)},
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
