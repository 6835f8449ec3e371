"""What the three shipped environments emit, held against AWS's own models and the promises of the README."""

import json
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator
from moto import mock_aws

from modules.batch.rights import DESCRIBE
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition, MultiNodeJobDefinition
from stacks.environments import ENVIRONMENTS
from stacks.loading import load_environments
from tests.modules.batch.api import request_problems
from tests.modules.batch.test_job_definition import register_request
from tests.policies import findings
from tests.shipped import shipped_resources, shipped_stacks


def test_every_job_definition_is_what_register_job_definition_takes() -> None:
    found = {
        address: request_problems("batch", "RegisterJobDefinition", register_request(definition))
        for address, definition in shipped_resources("aws_batch_job_definition")
    }

    assert len(found) >= 12
    assert {address: problems for address, problems in found.items() if problems} == {}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_submission_is_what_submit_job_takes(environment: str) -> None:
    outputs = shipped_stacks()[f"{environment}-batch"]["output"]
    texts = {name: item["request"] for name, item in outputs["submissions"]["value"].items()}
    texts |= {name: item["submit_job_request"] for name, item in outputs["job_definitions"]["value"].items()}
    found = {name: request_problems("batch", "SubmitJob", json.loads(text)) for name, text in texts.items()}

    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(found) > len(outputs["job_definitions"]["value"])


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_all_kinds_of_batch_work_are_shown(environment: str) -> None:
    (settings,) = load_environments([environment])
    capacity, queues = settings.compute_environments, settings.job_queues
    orders = {tuple(type(capacity[name]) for name in queue.compute_environments) for queue in queues.values()}
    jobs, submissions = settings.job_definitions, settings.submissions.values()

    assert (SpotComputeEnvironment, Ec2ComputeEnvironment) in orders, "GPU Spot with on-demand fallback"
    assert (FargateSpotComputeEnvironment, FargateComputeEnvironment) in orders, "Fargate Spot with Fargate fallback"
    assert ((UnmanagedComputeEnvironment,) in orders) == (environment == "staging")
    assert [len(policy.shares) for policy in settings.scheduling_policies.values()] == [len(settings.teams)] == [3]
    assert any(isinstance(job, Ec2JobDefinition) and job.gpus for job in jobs.values()), "an embedding job on GPU"
    assert any(isinstance(job, MultiNodeJobDefinition) for job in jobs.values()), "a distributed job"
    assert any(submission.array_size for submission in submissions), "an array"
    assert any(submission.depends_on for submission in submissions), "a shard/merge pair"
    assert any(submission.share_identifier for submission in submissions), "a share"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_local_batch_accepts_every_submission(environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    stack = shipped_stacks()[f"{environment}-batch"]
    with mock_aws(config={"batch": {"use_docker": False}}):
        batch = boto3.client("batch", region_name="us-east-1")
        _make_queues(batch, stack)
        for definition in stack["resource"]["aws_batch_job_definition"].values():
            batch.register_job_definition(**register_request(definition))
        ids = _submit_in_order(batch, stack["output"])

        described = batch.describe_jobs(jobs=list(ids.values()))["jobs"]

    assert {job["jobName"] for job in described} == set(ids)
    assert ids


def _make_queues(batch: Any, stack: dict[str, Any]) -> None:
    """Make the queues, all on one environment without capacity: what is tested is what they are sent."""
    role = boto3.client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    capacity = batch.create_compute_environment(
        computeEnvironmentName="none", type="UNMANAGED", state="ENABLED", serviceRole=role
    )["computeEnvironmentArn"]
    for queue in stack["resource"]["aws_batch_job_queue"].values():
        batch.create_job_queue(
            jobQueueName=queue["name"],
            state=queue["state"],
            priority=queue["priority"],
            computeEnvironmentOrder=[{"order": 0, "computeEnvironment": capacity}],
        )


def _submit_in_order(batch: Any, outputs: dict[str, Any]) -> dict[str, str]:
    """Submit in the order of the emitted script, and the plain submission of every definition; return job ids."""
    requests = {name: json.loads(item["request"]) for name, item in outputs["submissions"]["value"].items()}
    variables = {name.replace("-", "_") + "_job_id": name for name in requests}
    script = outputs["submission_script"]["value"].splitlines()
    ids: dict[str, str] = {}
    for name in [variables[line.partition("=")[0]] for line in script]:
        depends_on = [item | {"jobId": ids[item["jobId"].strip("<>")]} for item in requests[name].get("dependsOn", [])]
        ids[name] = batch.submit_job(**requests[name] | {"dependsOn": depends_on})["jobId"]
    for job in outputs["job_definitions"]["value"].values():
        request = json.loads(job["submit_job_request"])
        ids[request["jobName"]] = batch.submit_job(**request)["jobId"]
    return ids


def test_parliament_finds_nothing_in_any_policy() -> None:
    found = {
        address: findings(resource["policy"]) for address, resource in shipped_resources("aws_iam_role_policy")
    } | {address: _unknown(findings(resource["policy"])) for address, resource in shipped_resources("aws_iam_policy")}

    assert len(found) > 40
    assert {address: unknown for address, unknown in found.items() if unknown} == {}


def _unknown(found: set[str]) -> set[str]:
    """Leave out what parliament misses in a team's right to submit what is tagged (see test_team_policy.py)."""
    return {item for item in found if not ("RESOURCE_MISMATCH" in item and "batch:SubmitJob" in item)}


def test_only_what_takes_no_resource_is_allowed_on_everything() -> None:
    everywhere = {
        action
        for _, resource in shipped_resources("aws_iam_role_policy", "aws_iam_policy")
        for statement in json.loads(resource["policy"])["Statement"]
        if "*" in _many(statement["Resource"])
        for action in _many(statement["Action"])
    }

    assert everywhere == {"ecr:GetAuthorizationToken", *DESCRIBE}


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_no_policy_has_a_wildcard_for_its_action() -> None:
    allowed = [
        (address, action)
        for address, resource in shipped_resources("aws_iam_role_policy", "aws_iam_policy", "aws_sqs_queue_policy")
        for statement in json.loads(resource["policy"])["Statement"]
        if statement["Effect"] == "Allow"
        for action in _many(statement["Action"])
    ]

    assert [row for row in allowed if "*" in row[1]] == []


def test_no_null_and_no_empty_value_is_emitted() -> None:
    def empties(value: Any, path: str) -> list[str]:
        if isinstance(value, dict):
            return [row for key, item in value.items() for row in empties(item, f"{path}.{key}")]
        if isinstance(value, list) and value:
            return [row for item in value for row in empties(item, path)]
        return [path] if value is None or value in ("", [], {}) else []

    found = [row for address, resource in shipped_resources() for row in empties(resource, address)]
    # A lifecycle rule for every object has an empty prefix, by S3's own definition.
    assert [row for row in found if not row.endswith("rule.filter.prefix")] == []


def test_dev_costs_nothing_while_it_is_idle() -> None:
    types = {
        address.partition("/")[2].partition(".")[0] for address, _ in shipped_resources() if address.startswith("dev-")
    }
    # Billed by the hour whether used or not.
    assert not types & {"aws_nat_gateway", "aws_eip", "aws_kms_key", "aws_lb"}
    endpoints = [
        resource["vpc_endpoint_type"]
        for address, resource in shipped_resources("aws_vpc_endpoint")
        if address.startswith("dev-")
    ]
    assert set(endpoints) == {"Gateway"}
    minimum = [
        resource["compute_resources"].get("min_vcpus", 0)
        for address, resource in shipped_resources("aws_batch_compute_environment")
        if address.startswith("dev-")
    ]
    assert set(minimum) == {0}


def test_production_refuses_to_destroy_what_holds_data() -> None:
    unprotected = [
        address
        for address, resource in shipped_resources("aws_s3_bucket", "aws_efs_file_system")
        if address.startswith("prod-") and not resource.get("lifecycle", {}).get("prevent_destroy")
    ]
    assert unprotected == []


def test_every_stack_names_exact_versions_and_its_backend() -> None:
    for name, document in shipped_stacks().items():
        terraform = document["terraform"]
        assert terraform["required_providers"]["aws"] == {"source": "aws", "version": "6.25.0"}, name
        assert terraform["required_version"] == ">= 1.10.0, < 2.0.0", name
        assert len(terraform["backend"]) == 1, name


def test_every_task_definition_is_what_register_task_definition_takes() -> None:
    ecs = botocore.session.get_session().get_service_model("ecs")
    shape = ecs.operation_model("RegisterTaskDefinition").input_shape.members["containerDefinitions"]
    reports = {
        address: ParamValidator().validate(json.loads(definition["container_definitions"]), shape)
        for address, definition in shipped_resources("aws_ecs_task_definition")
    }

    assert len(reports) >= 6
    assert {address: report.generate_report() for address, report in reports.items() if report.has_errors()} == {}


def test_dev_has_no_worker_while_there_is_nothing_to_do() -> None:
    targets = [
        resource["min_capacity"]
        for address, resource in shipped_resources("aws_appautoscaling_target")
        if address.startswith("dev-")
    ]
    groups = [
        resource["min_size"]
        for address, resource in shipped_resources("aws_autoscaling_group")
        if address.startswith("dev-")
    ]

    assert targets == [0, 0]
    assert groups == [0]
