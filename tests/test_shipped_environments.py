"""What the three shipped environments are, and the promises that the README makes of them."""

import pytest

from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import Ec2JobDefinition, MultiNodeJobDefinition
from modules.states.settings.stages import JobStage
from stacks.loading import load_environments
from tests.shipped import shipped_resources


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
    assert any(submission.team for submission in submissions), "a team's own share"


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
