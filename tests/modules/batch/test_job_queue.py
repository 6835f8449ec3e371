from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.fargate_environment import FargateEnvironment
from modules.batch.job_queue import JobQueue
from modules.batch.scheduling_policy import FairSharePolicy
from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings, JobStateTimeLimits
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.vpc.network import Network
from tests.conftest import Synthesized
from tests.modules.batch.api import api_problems

NETWORK = Network(
    vpc_id=lambda: "vpc-1", subnet_ids=("subnet-1",), security_group_ids=("sg-1",), assign_public_ip=False
)
QUEUE = {"name": "jobQueueName"}


def environment(stack: TerraformStack, name: str) -> ComputeEnvironment:
    return FargateEnvironment(
        stack,
        name,
        name=f"tb-test-{name}",
        settings=FargateComputeEnvironment(max_vcpus=8),
        network=NETWORK,
        location=AwsLocation(region="us-east-1", account_id="111122223333"),
    )


def queue(stack: TerraformStack, name: str = "tb-test-requests", **changes: Any) -> JobQueue:
    names = ("b", "a")
    settings = JobQueueSettings(**{"compute_environments": names} | changes)
    environments = {item: environment(stack, item) for item in names}
    return JobQueue(stack, "queue", name=name, settings=settings, compute_environments=environments)


def address(synthesized: Synthesized, prefix: str) -> str:
    (found,) = [
        f"aws_batch_compute_environment.{id_}"
        for id_, item in synthesized.document["resource"]["aws_batch_compute_environment"].items()
        if item["name_prefix"] == prefix
    ]
    return found


def test_environments_are_tried_in_the_order_of_the_settings(stack: TerraformStack) -> None:
    queue(stack)
    synthesized = Synthesized(stack)
    assert synthesized.one("aws_batch_job_queue")["compute_environment_order"] == [
        {"compute_environment": f"${{{address(synthesized, 'tb-test-b-')}.arn}}", "order": 0},
        {"compute_environment": f"${{{address(synthesized, 'tb-test-a-')}.arn}}", "order": 1},
    ]


def test_by_default_a_waiting_job_is_given_up_at_some_time(stack: TerraformStack) -> None:
    queue(stack)
    found = Synthesized(stack).one("aws_batch_job_queue")
    assert [(item["reason"], item["max_time_seconds"]) for item in found["job_state_time_limit_action"]] == [
        ("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", 86_400),
        ("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", 3_600),
        ("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", 3_600),
    ]
    assert {(item["state"], item["action"]) for item in found["job_state_time_limit_action"]} == {
        ("RUNNABLE", "CANCEL")
    }


@pytest.mark.parametrize(
    ("limits", "reasons"),
    [
        ({"insufficient_capacity_seconds": None}, ["MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"]),
        ({"exceeds_environments_seconds": None}, ["CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"]),
        ({"insufficient_capacity_seconds": None, "exceeds_environments_seconds": None}, []),
    ],
)
def test_a_limit_can_be_left_out(stack: TerraformStack, limits: dict[str, Any], reasons: list[str]) -> None:
    queue(stack, job_state_time_limits=JobStateTimeLimits(**limits | {"unmet_requirement_seconds": None}))
    found = Synthesized(stack).one("aws_batch_job_queue")
    assert [item["reason"] for item in found.get("job_state_time_limit_action", [])] == reasons


@pytest.mark.parametrize("changes", [{}, {"priority": 0}, {"enabled": False, "tags": {"team": "search"}}])
def test_the_api_accepts_every_queue(stack: TerraformStack, changes: dict[str, Any]) -> None:
    queue(stack, **changes)
    assert api_problems("CreateJobQueue", Synthesized(stack).one("aws_batch_job_queue"), QUEUE) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"state": "SLEEPING"}, "SLEEPING is not one of ['ENABLED', 'DISABLED']"),
        ({"priority": "high"}, "Invalid type for parameter priority"),
        ({"compute_environment": "a"}, 'Unknown parameter in input: "computeEnvironment"'),
    ],
)
def test_the_api_would_refuse_another_queue(stack: TerraformStack, changes: dict[str, Any], problem: str) -> None:
    queue(stack)
    (found,) = api_problems("CreateJobQueue", Synthesized(stack).one("aws_batch_job_queue") | changes, QUEUE)
    assert found.startswith(problem)


@pytest.mark.parametrize(("enabled", "state"), [(True, "ENABLED"), (False, "DISABLED")])
def test_a_queue_has_state_and_priority(stack: TerraformStack, enabled: bool, state: str) -> None:
    queue(stack, enabled=enabled, priority=10)
    found = Synthesized(stack).one("aws_batch_job_queue")
    assert (found["state"], found["priority"]) == (state, 10)
    assert "scheduling_policy_arn" not in found


def test_its_jobs_have_a_log_group_that_forgets(stack: TerraformStack) -> None:
    queue(stack, log_retention_days=7, tags={"team": "search"})
    synthesized = Synthesized(stack)
    assert synthesized.one("aws_cloudwatch_log_group") == {
        "name": "/aws/batch/tb-test-requests",
        "retention_in_days": 7,
        "tags": {"team": "search"},
    }


def test_a_queue_can_be_shared_out(stack: TerraformStack) -> None:
    settings = FairSharePolicySettings(
        shares={"search": 0.5, "ads*": 2}, share_decay_seconds=3_600, compute_reservation=10, tags={"team": "all"}
    )
    policy = FairSharePolicy(stack, "policy", name="tb-test-teams", settings=settings)
    JobQueue(
        stack,
        "queue",
        name="tb-test-shared",
        settings=JobQueueSettings(compute_environments=("a",), scheduling_policy="teams"),
        compute_environments={"a": environment(stack, "a")},
        scheduling_policies={"teams": policy},
    )
    synthesized = Synthesized(stack)
    made = synthesized.one("aws_batch_scheduling_policy")
    assert made == {
        "name": "tb-test-teams",
        "fair_share_policy": {
            "compute_reservation": 10,
            "share_decay_seconds": 3_600,
            "share_distribution": [
                {"share_identifier": "ads*", "weight_factor": 2},
                {"share_identifier": "search", "weight_factor": 0.5},
            ],
        },
        "tags": {"team": "all"},
    }
    assert api_problems("CreateSchedulingPolicy", made, {}) == []
    reference = synthesized.address("aws_batch_scheduling_policy", "tb-test-teams")
    assert synthesized.one("aws_batch_job_queue")["scheduling_policy_arn"] == f"${{{reference}.arn}}"


def test_equal_shares_need_no_list(stack: TerraformStack) -> None:
    FairSharePolicy(stack, "policy", name="tb-test-equal", settings=FairSharePolicySettings())
    assert Synthesized(stack).one("aws_batch_scheduling_policy") == {
        "name": "tb-test-equal",
        "fair_share_policy": {"compute_reservation": 0, "share_decay_seconds": 0},
    }


def test_a_queue_s_name_may_be_as_long_as_batch_takes(stack: TerraformStack) -> None:
    assert queue(stack, name="x" * 128).job_queue_name == "x" * 128


def test_a_longer_name_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(SettingsError, match="at most 128 characters"):
        queue(stack, name="x" * 129)
    with pytest.raises(SettingsError, match="at most 128 characters"):
        FairSharePolicy(stack, "policy", name="x" * 129, settings=FairSharePolicySettings())
