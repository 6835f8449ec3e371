"""What is added of Batch is what AWS's API says."""

from typing import Any

import pytest

from tests.rehearsal.local_aws.asking import client, subnet


def compute_environment(**more: Any) -> dict[str, Any]:
    subnet_id, group = subnet()
    batch = client("batch")
    resources = {"type": "FARGATE", "maxvCpus": 4, "subnets": [subnet_id], "securityGroupIds": [group]}
    batch.create_compute_environment(
        computeEnvironmentName="fargate", type="MANAGED", computeResources=resources, **more
    )
    return described_environment()


def described_environment() -> dict[str, Any]:
    (shown,) = client("batch").describe_compute_environments(computeEnvironments=["fargate"])["computeEnvironments"]
    return dict(shown)


def test_batch_uses_its_own_role_where_none_is_given() -> None:
    role = "arn:aws:iam::123456789012:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
    assert compute_environment()["serviceRole"] == role


def test_a_compute_environment_takes_the_update_policy_that_it_is_given_last() -> None:
    assert "updatePolicy" not in compute_environment()
    for minutes in (60, 90):
        policy = {"terminateJobsOnUpdate": True, "jobExecutionTimeoutMinutes": minutes}
        client("batch").update_compute_environment(computeEnvironment="fargate", updatePolicy=policy)
        assert described_environment()["updatePolicy"] == policy


def test_a_compute_environment_may_have_its_security_groups_from_a_launch_template() -> None:
    subnet_id, _ = subnet()
    role = client("iam").create_instance_profile(InstanceProfileName="a")["InstanceProfile"]["Arn"]
    resources = {
        "type": "EC2",
        "minvCpus": 0,
        "maxvCpus": 4,
        "subnets": [subnet_id],
        "instanceTypes": ["m5"],
        "instanceRole": role,
        "launchTemplate": {"launchTemplateName": "template"},
    }
    name = {"computeEnvironmentName": "fargate", "type": "MANAGED"}
    client("batch").create_compute_environment(**name, computeResources=resources)
    assert described_environment()["computeResources"] == resources


def test_an_update_changes_the_resources_that_it_names() -> None:
    before = compute_environment()["computeResources"]
    client("batch").update_compute_environment(computeEnvironment="fargate", computeResources={"maxvCpus": 8})
    assert described_environment()["computeResources"] == {**before, "maxvCpus": 8}


def test_a_job_queue_keeps_the_time_limits_of_its_jobs_and_takes_new_ones() -> None:
    compute_environment()
    limits = [
        {
            "reason": "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
            "state": "RUNNABLE",
            "maxTimeSeconds": 600,
            "action": "CANCEL",
        }
    ]
    batch = client("batch")
    batch.create_job_queue(
        jobQueueName="a",
        priority=1,
        state="ENABLED",
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "fargate"}],
        jobStateTimeLimitActions=limits,
    )
    (shown,) = batch.describe_job_queues(jobQueues=["a"])["jobQueues"]
    assert shown["jobStateTimeLimitActions"] == limits
    batch.update_job_queue(jobQueue="a", jobStateTimeLimitActions=[])
    (shown,) = batch.describe_job_queues(jobQueues=["a"])["jobQueues"]
    assert shown["jobStateTimeLimitActions"] == []


NODES = {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": [{"targetNodes": "0:1"}]}


TASKS = {"taskProperties": [{"containers": [{"image": "a"}]}]}


@pytest.mark.parametrize(
    ("type_", "given"), [("multinode", {"nodeProperties": NODES}), ("container", {"ecsProperties": TASKS})]
)
def test_a_job_definition_shows_all_that_was_registered(type_: str, given: dict[str, Any]) -> None:
    batch = client("batch")
    first = {**given, "schedulingPriority": 100, "platformCapabilities": ["EC2"]}
    second = {**given, "timeout": {"attemptDurationSeconds": 60}, "platformCapabilities": ["FARGATE"]}
    for definition in (first, second):
        arn = batch.register_job_definition(jobDefinitionName="a", type=type_, **definition)["jobDefinitionArn"]
        (shown,) = batch.describe_job_definitions(jobDefinitions=[arn])["jobDefinitions"]
        assert definition.items() <= shown.items()
        assert ("timeout" in shown) == ("timeout" in definition)
