"""What an environment can use at most, and what is said of it."""

from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.settings import CapacityBlock
from modules.ecs.settings.scaling import FixedTasks
from modules.iam.access_settings import Access
from stacks.environment import Environment
from stacks.quotas import addresses, needs, quota_notes
from tests.problems import refused
from tests.stacks.environments import empty_environment, environment, fargate_job
from tests.stacks.rules.service_samples import PRIVATE, replicas
from tests.stacks.rules.service_samples import with_cluster as services
from tests.synthesized import synthesized

BLOCK = CapacityBlock(reservation_id="cr-0123456789abcdef0")
LIGHT = FargateComputeEnvironment(max_vcpus=7)


def batch(settings: AnyComputeEnvironmentSettings = LIGHT, **changes: Any) -> Environment:
    """Return an environment with a compute environment and nothing else to run on."""
    queues = {"light": JobQueueSettings(compute_environments=["a"])}
    return empty_environment(network=PRIVATE, compute_environments={"a": settings}, job_queues=queues, **changes)


def used(settings: Environment) -> dict[str, int]:
    return {need.quota: need.used for need in needs(settings)}


def vcpus(settings: Environment) -> dict[str, int]:
    return {name: amount for name, amount in used(settings).items() if name.endswith("_vcpus")}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (LIGHT, {"fargate_on_demand_vcpus": 7}),
        (FargateSpotComputeEnvironment(max_vcpus=8), {"fargate_spot_vcpus": 8}),
        (Ec2ComputeEnvironment(instance_types=["g5.xlarge"], max_vcpus=8), {"g_and_vt_on_demand_vcpus": 8}),
        # All of them may be of either class.
        (
            SpotComputeEnvironment(instance_types=["g5.xlarge", "m7i.large"], max_vcpus=8),
            {"g_and_vt_spot_vcpus": 8, "standard_spot_vcpus": 8},
        ),
        (SpotComputeEnvironment(max_vcpus=8), {"standard_spot_vcpus": 8}),
        (
            UnmanagedComputeEnvironment(instance_types=["m7i.large", "m7i.xlarge"], instance_count=3),
            {"standard_on_demand_vcpus": 12},
        ),
        # What is in a capacity block counts for nothing.
        (
            Ec2ComputeEnvironment(
                instance_types=["p5.48xlarge"], max_vcpus=192, reserved_capacity=BLOCK, subnet_index=0
            ),
            {},
        ),
    ],
)
def test_a_compute_environment_uses_what_may_run_of_each_class(
    settings: AnyComputeEnvironmentSettings, expected: dict[str, int]
) -> None:
    made = batch(settings)
    assert vcpus(made) == expected
    assert (used(made)["compute_environments"], used(made)["job_queues"]) == (1, 1)


def test_a_group_uses_its_largest_type_on_demand_and_of_spot() -> None:
    # Of 8 instances with 4 vCPUs each, one and a quarter of the others are on demand, rounded up.
    assert vcpus(services()) == {"g_and_vt_on_demand_vcpus": 12, "g_and_vt_spot_vcpus": 20}
    assert used(services())["auto_scaling_groups"] == 1


def test_tasks_count_twice_where_a_deployment_has_both_revisions() -> None:
    found = vcpus(services(services={"web": replicas(tasks=FixedTasks(count=3))}))
    assert sum(amount for name, amount in found.items() if name.startswith("fargate")) == 6


def test_an_address_is_needed_for_each_of_the_smallest_jobs() -> None:
    found = addresses(batch())
    assert found
    assert found[0] == 4 * 7 + 2 * len(PRIVATE.interface_endpoints)  # no job is known, so they may be the smallest
    smaller = addresses(batch(job_definitions={"a": fargate_job(access=Access())}))
    assert smaller
    assert smaller[0] == found[0] - 3 * 7  # a job of 1 vCPU
    assert addresses(empty_environment()) is None


def test_more_than_the_default_is_told_unless_it_is_said_what_the_account_has() -> None:
    (note,) = quota_notes(batch())
    assert all(text in note for text in ("compute_environments.a", "7", "6", "fargate L-3032A538"))
    assert list(quota_notes(batch(service_quotas={"fargate_on_demand_vcpus": 7}))) == []
    assert list(quota_notes(batch(FargateComputeEnvironment(max_vcpus=6)))) == []


def test_what_does_not_fit_into_what_the_account_has_is_refused() -> None:
    assert refused(lambda: batch(service_quotas={"fargate_on_demand_vcpus": 6})) == [
        "service_quotas.fargate_on_demand_vcpus: 7, got 6"
    ]


def test_more_than_the_subnets_have_addresses_for_is_told() -> None:
    notes = list(quota_notes(batch(FargateComputeEnvironment(max_vcpus=20_000))))
    assert [note for note in notes if "80,0" in note and "addresses" in note]


def test_who_can_use_most_is_named_first_and_others_are_counted() -> None:
    many = {name: FargateComputeEnvironment(max_vcpus=vcpus) for vcpus, name in enumerate("abcde", 1)}
    queues = {"q": JobQueueSettings(compute_environments=["a", "b", "c"])}
    made = empty_environment(network=PRIVATE, compute_environments=many, job_queues=queues)
    (need,) = (need for need in needs(made) if need.quota == "fargate_on_demand_vcpus")
    places = "compute_environments.e, compute_environments.d, compute_environments.c, 2 more"
    assert (need.used, need.where) == (15, places)


def test_the_terraform_says_once_what_is_needed() -> None:
    made = environment()
    told = [stack["//"].get("service_quotas") for stack in synthesized(made).values()]
    (quotas,) = filter(None, told)
    assert {name: quota["used"] for name, quota in quotas.items()} == used(made)
