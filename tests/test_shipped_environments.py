"""What the three shipped environments are, and the promises that the README makes of them."""

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition, MultiNodeJobDefinition
from modules.states.settings.stages import JobStage
from stacks.environments import ENVIRONMENTS
from stacks.loading import load_environments
from tests.modules.batch.api import register_request
from tests.shipped import shipped_resources, shipped_stacks


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_all_kinds_of_batch_work_are_shown(environment: str) -> None:
    (settings,) = load_environments([environment])
    capacity, queues = settings.compute_environments, settings.job_queues
    orders = {tuple(type(capacity[name]) for name in queue.capacity_names) for queue in queues.values()}
    jobs, submissions = settings.job_definitions, settings.submissions.values()
    stages = settings.pipelines["nightly"].stages

    assert (SpotComputeEnvironment, Ec2ComputeEnvironment) in orders, "GPU Spot with on-demand fallback"
    assert (FargateSpotComputeEnvironment, FargateComputeEnvironment) in orders, "Fargate Spot with Fargate fallback"
    assert ((UnmanagedComputeEnvironment,) in orders) == (environment == "staging")
    assert [len(policy.shares) for policy in settings.scheduling_policies.values()] == [len(settings.teams)] == [3]
    assert any(isinstance(job, Ec2JobDefinition) and job.gpus for job in jobs.values()), "an embedding job on GPU"
    assert any(isinstance(job, MultiNodeJobDefinition) for job in jobs.values()), "a distributed job"
    assert any(isinstance(stage, JobStage) and stage.job.array_size for stage in stages.values()), "an array"
    assert stages["merge"].after == ("shard",), "a shard/merge pair"
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
