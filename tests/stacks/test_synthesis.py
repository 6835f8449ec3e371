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
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.layout import LayeredStacks, LayoutSettings, OneStack
from stacks.loading import load_environments
from stacks.synthesis import synthesize
from tests.processes import files
from tests.shipped import EXAMPLES
from tests.stacks.environments import empty_environment


def with_queue(name: str, queue: str = "requests", layout: LayoutSettings | None = None) -> Environment:
    return empty_environment(
        name=name,
        layout=layout or LayeredStacks(),
        queues={queue: MessageQueueSettings(visibility_timeout_seconds=60)},
    )


def test_another_synth_into_the_same_folder_takes_nothing_from_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_files = synthesis._move_files

    def move_files_while_another_synth_ends(source: Path, target: Path) -> None:
        move_files(source, target)
        monkeypatch.setattr(synthesis, "_move_files", move_files)
        synthesize([with_queue("dev")], target, complete=False)

    monkeypatch.setattr(synthesis, "_move_files", move_files_while_another_synth_ends)
    stacks = synthesize([with_queue("dev"), with_queue("prod")], tmp_path, complete=True)

    assert [stack.name for stack in stacks] == ["dev-queues", "prod-queues"]
    assert [stack.resources for stack in stacks] == [6, 6]
    assert all((stack.folder / "cdk.tf.json").exists() for stack in stacks)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return a folder with two small environments."""
    synthesize([with_queue("dev"), with_queue("prod")], tmp_path, complete=True)
    return tmp_path


def test_a_construct_that_fails_leaves_everything_as_it_was(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_after_a_stack(app: App, settings: Environment) -> None:
        PlatformStack(app, settings, "queues")
        raise ZeroDivisionError

    before = files(output)
    monkeypatch.setattr(synthesis, "build_platform", fail_after_a_stack)
    with pytest.raises(ZeroDivisionError):
        synthesize([with_queue("dev", queue="another")], output, complete=True)
    assert files(output) == before


def names_in(output: Path) -> tuple[list[str], list[str]]:
    """Return the stacks that the manifest names, and those that lie there."""
    manifest = json.loads((output / "manifest.json").read_text())["stacks"]
    assert all(entry["workingDirectory"] == f"stacks/{name}" for name, entry in manifest.items())
    return list(manifest), sorted(file.parent.name for file in output.glob("stacks/*/cdk.tf.json"))


def test_stacks_that_are_gone_are_removed_and_what_others_put_there_is_not(output: Path) -> None:
    stacks = output / "stacks"
    shutil.copytree(stacks / "prod-queues", stacks / "prod-locked")
    (stacks / "prod-locked" / ".terraform.lock.hcl").write_text("")
    # A synth that was killed today and one that may still run.
    for name, age_seconds in ((".synth-old", 4_000), (".synth-new", 0)):
        (output / name).mkdir()
        os.utime(output / name, times=(time.time() - age_seconds,) * 2)
    synthesize([with_queue("dev")], output, complete=True)
    assert sorted(path.name for path in stacks.iterdir()) == ["dev-queues", "prod-locked"]
    assert [path.name for path in (stacks / "prod-locked").iterdir()] == [".terraform.lock.hcl"]
    assert sorted(path.name for path in output.iterdir()) == [".synth-new", "README.md", "manifest.json", "stacks"]
    assert names_in(output) == (["dev-queues"], ["dev-queues"])


def test_some_of_the_environments_leave_the_others_stacks_alone_and_in_the_manifest(output: Path) -> None:
    before = files(output)
    synthesize([with_queue("dev", queue="another")], output, complete=False)
    after = files(output)
    assert after["stacks/prod-queues/cdk.tf.json"] == before["stacks/prod-queues/cdk.tf.json"]
    assert after["stacks/dev-queues/cdk.tf.json"] != before["stacks/dev-queues/cdk.tf.json"]
    assert after["manifest.json"] == before["manifest.json"]
    assert names_in(output) == (["dev-queues", "prod-queues"],) * 2


def test_another_layout_of_one_environment_leaves_nothing_of_the_one_before(output: Path) -> None:
    # Of an environment that is called like a stack of dev.
    synthesize([with_queue("dev-queues")], output, complete=False)
    synthesize([with_queue("dev", layout=OneStack())], output, complete=False)
    assert names_in(output) == (["dev-platform", "dev-queues-queues", "prod-queues"],) * 2


def test_one_environment_after_the_other_is_both_at_once(tmp_path: Path) -> None:
    dev, prod = (example(name) for name in ("gpu-training", "web-inference"))
    synthesize([dev, prod], tmp_path / "both", complete=True)
    for settings in (prod, dev):
        synthesize([settings], tmp_path / "each", complete=False)
    assert files(tmp_path / "each") == files(tmp_path / "both")


def example(name: str) -> Environment:
    """Return an environment whose stacks read each other."""
    (settings,) = load_environments([name], EXAMPLES)
    return settings


def test_the_manifest_says_which_stack_comes_first(tmp_path: Path) -> None:
    synthesize([example("gpu-training")], tmp_path, complete=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())["stacks"]
    assert {name: entry["dependencies"] for name, entry in manifest.items()} == {
        "gpu-training-batch": [f"gpu-training-{name}" for name in ("network", "queues", "storage")],
        "gpu-training-network": [],
        "gpu-training-operations": [
            f"gpu-training-{name}" for name in ("batch", "network", "queues", "storage", "triggers")
        ],
        "gpu-training-queues": [],
        "gpu-training-storage": [f"gpu-training-{name}" for name in ("network", "queues")],
        "gpu-training-triggers": [f"gpu-training-{name}" for name in ("batch", "queues")],
    }
