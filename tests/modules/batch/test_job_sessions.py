"""Shells in the containers of jobs (ECS Exec): what Batch is told, what the role may, what a container must allow."""

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.job_definition import JobDefinition
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from tests.conftest import Synthesized
from tests.modules.batch.samples import PLACEMENT, every_kind
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import distributed_job, fargate_job


def opened(kind: str) -> JobDefinitionSettings:
    """Return a sample job of a kind into whose containers a shell may be opened."""

    def writable(item: Any) -> Any:
        return item.model_copy(update={"read_only_root_filesystem": False})

    job = every_kind()[kind]
    changes: dict[str, Any] = {"execute_command": True, "read_only_root_filesystem": False}
    if containers := getattr(job, "containers", None):
        changes = {"execute_command": True, "containers": {name: writable(item) for name, item in containers.items()}}
    if groups := getattr(job, "node_groups", None):
        changes = {"execute_command": True, "node_groups": [writable(group) for group in groups]}
    return job.model_copy(update=changes)


@pytest.mark.parametrize("kind", ["fargate", "ec2", "fargate-group", "ec2-group", "nodes"])
def test_batch_is_told_where_it_has_a_place_for_it_and_the_role_may(stack: TerraformStack, kind: str) -> None:
    JobDefinition(stack, kind, name="tb-test-job", settings=opened(kind), placement=PLACEMENT)
    synthesized = Synthesized(stack)
    definition = synthesized.one("aws_batch_job_definition")
    documents = [json.loads(text) for name, text in definition.items() if name.endswith("_properties")]
    assert json.dumps(documents).count('"enableExecuteCommand": true') == (2 if kind == "nodes" else 1)
    permissions = [statements(item["policy"]) for item in synthesized.all("aws_iam_role_policy")]
    assert ["OpenSessions" in found for found in permissions].count(True) == 1


def test_without_it_nothing_is_said() -> None:
    assert fargate_job().execute_command is False


def test_a_shell_needs_a_container_that_can_be_written_to() -> None:
    assert fargate_job(execute_command=True, read_only_root_filesystem=False, scratch_paths=None)
    assert refused(fargate_job, execute_command=True) == ["read_only_root_filesystem: got True"]
    assert refused(distributed_job, execute_command=True) == ["node_groups[0].read_only_root_filesystem: got True"]
