"""Which stacks a folder has, whose account they are for, and who writes the states that they read."""

import json
from pathlib import Path
from typing import Any

import pytest

from rehearsal.stacks import ANY_ACCOUNT, Stack, read_stacks, state_writers


def stack(name: str, document: dict[str, Any], *needs: str) -> Stack:
    return Stack(name, document, frozenset(needs))


def s3(key: str) -> dict[str, Any]:
    return {"backend": {"s3": {"bucket": "states", "encrypt": True, "key": key, "region": "us-east-1"}}}


def remote(**states: dict[str, Any]) -> dict[str, Any]:
    return {"terraform_remote_state": {label: {"config": config} for label, config in states.items()}}


def test_stacks_are_read_with_those_they_need(tmp_path: Path) -> None:
    entries = {
        "dev-batch": {"dependencies": ["dev-network", "elsewhere"], "synthesizedStackPath": "b.json"},
        "dev-network": {"dependencies": [], "synthesizedStackPath": "n.json"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"stacks": entries}))
    (tmp_path / "b.json").write_text('{"resource": {}}')
    (tmp_path / "n.json").write_text("{}")
    assert read_stacks(tmp_path) == {
        "dev-batch": stack("dev-batch", {"resource": {}}, "dev-network"),
        "dev-network": stack("dev-network", {}),
    }


def test_a_folder_that_was_not_synthesized_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        read_stacks(tmp_path)


@pytest.mark.parametrize(
    ("providers", "account"),
    [
        ([{"allowed_account_ids": ["333333333333"]}], "333333333333"),
        ({"allowed_account_ids": ["333333333333"]}, "333333333333"),
        ([{"region": "us-east-1"}], ANY_ACCOUNT),
        ([{"allowed_account_ids": ["${var.account_id}"]}], ANY_ACCOUNT),
    ],
)
def test_the_account_is_the_one_that_the_provider_allows(providers: Any, account: str) -> None:
    assert stack("a", {"provider": {"aws": providers}}).account_id == account


def test_the_provider_is_the_one_that_the_stack_asks_for() -> None:
    document = {"terraform": {"required_providers": {"aws": {"source": "aws", "version": "6.25.0"}}}}
    assert stack("a", document).provider_version == "6.25.0"
    assert stack("a", {}).provider_version == ""


def test_a_state_is_written_by_the_stack_whose_backend_says_the_same() -> None:
    place = {"bucket": "states", "encrypt": True, "key": "dev-network", "region": "us-east-1"}
    stacks = {
        "dev-network": stack("dev-network", {"terraform": s3("dev-network")}),
        "dev-queues": stack("dev-queues", {"terraform": s3("dev-queues")}),
        "dev-batch": stack("dev-batch", {"terraform": s3("dev-batch"), "data": remote(network=place)}),
    }
    assert state_writers(stacks) == {"dev-network": {}, "dev-queues": {}, "dev-batch": {"network": "dev-network"}}


def test_a_state_of_which_only_the_place_is_known_is_found_by_that() -> None:
    config = '${merge(var.state, {"key" = "dev-network"})}'
    stacks = {
        key: stack(key, {"terraform": {"backend": {"s3": {"key": key}}}}) for key in ("dev-network", "dev-queues")
    }
    reader = stack("dev-batch", {"terraform": {}, "data": {"terraform_remote_state": {"network": {"config": config}}}})
    assert state_writers({**stacks, "dev-batch": reader})["dev-batch"] == {"network": "dev-network"}


def test_a_workspace_is_written_by_the_stack_that_runs_in_it() -> None:
    cloud = {"cloud": {"hostname": "app.terraform.io", "organization": "us", "workspaces": {"name": "dev-network"}}}
    place = {"hostname": "app.terraform.io", "organization": "us", "workspaces": {"name": "dev-network"}}
    stacks = {
        "dev-network": stack("dev-network", {"terraform": cloud}),
        "dev-batch": stack("dev-batch", {"terraform": {}, "data": remote(network=place)}),
    }
    assert state_writers(stacks)["dev-batch"] == {"network": "dev-network"}


def test_a_state_of_others_has_no_writer_here() -> None:
    document = {"terraform": s3("dev-batch"), "data": remote(shared={"bucket": "theirs", "key": "network"})}
    assert state_writers({"dev-batch": stack("dev-batch", document)}) == {"dev-batch": {}}
