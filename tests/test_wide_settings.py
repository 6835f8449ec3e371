"""What is set once for an environment or network reaches every kind of capacity, job, service and task."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import CapacityProviderSettings
from modules.ecs.settings.services import DaemonService, ServiceSettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access
from modules.scheduler.settings import ScheduleSettings
from modules.settings import Settings
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import TaskRun
from modules.vpc.placement_settings import ExistingSecurityGroup, NetworkPlacement
from modules.vpc.settings import ExistingNetwork
from reference.classes import concrete_settings
from stacks.environment import Environment
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_container,
    ec2_task,
    existing_provider,
    group_provider,
    managed_provider,
    worker_settings,
)
from tests.stacks.environments import empty_environment, fargate_job
from tests.stacks.rules.service_samples import LOAD_BALANCER, replicas, run_task
from tests.synthesized import synthesized

SUBNETS = ["subnet-0000000a", "subnet-0000000b", "subnet-0000000c"]
PUBLIC = ["subnet-0000000d", "subnet-0000000e"]
ZONES = dict(
    zip([*SUBNETS, *PUBLIC], ["us-east-1a", "us-east-1b", "us-east-1b", "us-east-1a", "us-east-1b"], strict=True)
)
GROUPS = ["sg-0000000a", "sg-0000000b"]
EKS: dict[str, Any] = {
    "max_vcpus": 4,
    "eks_cluster_arn": "arn:aws:eks:us-east-1:111122223333:cluster/ml",
    "kubernetes_namespace": "batch",
    "security_group_ids": ["sg-0000000f"],
}
CAPACITY: dict[str, ComputeEnvironmentSettings] = {
    "ec2": Ec2ComputeEnvironment(max_vcpus=4),
    "spot": SpotComputeEnvironment(max_vcpus=4),
    "fargate": FargateComputeEnvironment(max_vcpus=4),
    "fargate-spot": FargateSpotComputeEnvironment(max_vcpus=4),
    "eks": EksComputeEnvironment(**EKS),
    "eks-spot": EksSpotComputeEnvironment(**EKS),
    "unmanaged": UnmanagedComputeEnvironment(instance_types=["m6i.large"], instance_count=1),
}
PROVIDERS: dict[str, CapacityProviderSettings] = {
    "gpu": group_provider(),
    "managed": managed_provider(),
    "theirs": existing_provider(),
}
ON_HOST = ec2_task(network_mode="host", vcpus=1, memory_mib=1_024, containers={"agent": ec2_container()})
CALLED = LOAD_BALANCER.model_copy(update={"internal": False})
SERVICES: dict[str, ServiceSettings] = {
    "api": replicas(
        capacity=[CapacityShare(provider="FARGATE")],
        load_balancing=LOAD_BALANCER.model_copy(update={"internal": False}),
    ),
    "worker": worker_settings(),
    "agent": DaemonService(cluster="main", task=ON_HOST),
    "steady": replicas(task=ON_HOST, capacity=[CapacityShare(provider="gpu")]),
    "managed": replicas(task=ON_HOST, capacity=[CapacityShare(provider="managed")]),
}


def with_all(
    *,
    compute_environments: Mapping[str, Any] = CAPACITY,
    clusters: Mapping[str, Any] | None = None,
    services: Mapping[str, Any] = SERVICES,
    task_definitions: Mapping[str, Any] | None = None,
    **network: Any,
) -> Environment:
    values: dict[str, Any] = {
        "vpc_id": "vpc-01234567",
        "subnet_ids": SUBNETS,
        "load_balancer_subnet_ids": PUBLIC,
        "availability_zones": ZONES,
        "security_group_ids": GROUPS,
    }
    return empty_environment(
        network=ExistingNetwork(**(values | network)),
        tags={"cost-center": "4711"},
        queues={"documents": MessageQueueSettings(visibility_timeout_seconds=601)},
        file_systems={"weights": FileSystemSettings(access_points={"m": AccessPointSettings(path="/m", uid=1, gid=1)})},
        compute_environments=compute_environments,
        job_queues={"light": JobQueueSettings(compute_environments=["fargate"])},
        job_definitions={"embed": fargate_job(access=Access(consume=["documents"]))},
        clusters=clusters or {"main": cluster_settings(capacity_providers=PROVIDERS)},
        services=services,
        task_definitions=task_definitions or {"index": run_task()},
        schedules={"nightly": ScheduleSettings(target=TaskRun(task_definition="index"), expression="rate(1 day)")},
    )


def found_in(value: Any, keys: set[str]) -> Iterator[Any]:
    """Yield what stands under one of the keys, however deep, in documents inside strings too."""
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from [item] if key in keys else found_in(item, keys)
    if isinstance(value, list):
        for item in value:
            yield from found_in(item, keys)


def by_resource(stacks: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return what resources have under the keys, by type and address without its hash."""
    return {
        f"{type_} {address.rpartition('_')[0]}": found
        for document in stacks.values()
        for type_, resources in document.get("resource", {}).items()
        for address, resource in resources.items()
        for found in found_in(resource, set(keys))
    }


# What starts something in the network.
BATCH = [
    f"aws_batch_compute_environment compute_environments_{name}" for name in sorted(CAPACITY.keys() - {"unmanaged"})
]
GROUP = "aws_autoscaling_group compute_environments_unmanaged_instances"
PROVIDER_GROUP = "aws_autoscaling_group clusters_main_capacity_providers_gpu"
MANAGED = "aws_ecs_capacity_provider clusters_main_capacity_providers_managed"
TASKS = ["aws_ecs_service services_api", "aws_ecs_service services_worker"]
SCHEDULE = "aws_scheduler_schedule schedules_nightly"
TEMPLATES = [
    "aws_launch_template compute_environments_unmanaged_launch-template",
    "aws_launch_template clusters_main_capacity_providers_gpu_launch-template",
]


@pytest.fixture(scope="module")
def stacks() -> Mapping[str, Any]:
    return synthesized(with_all())


def test_every_kind_is_in_the_table() -> None:
    bases: dict[type[Settings], Mapping[str, Settings]] = {
        ComputeEnvironmentSettings: CAPACITY,
        CapacityProviderSettings: PROVIDERS,
        ServiceSettings: SERVICES,
    }
    for base, sample in bases.items():
        assert {type(item) for item in sample.values()} == set(concrete_settings(base))


def test_the_networks_subnets_reach_everything_that_runs_in_it(stacks: Mapping[str, Any]) -> None:
    found = by_resource(stacks, "subnets", "subnet_ids", "vpc_zone_identifier", "subnet_id")
    targets = [f"aws_efs_mount_target file_systems_weights_mount-target-{subnet}" for subnet in SUBNETS[:2]]
    everywhere = dict.fromkeys([*BATCH, GROUP, PROVIDER_GROUP, MANAGED, *TASKS, SCHEDULE], SUBNETS)
    # These take one subnet of a zone, and load balancers have their own.
    one_a_zone = dict(zip(targets, SUBNETS, strict=False))
    assert found == everywhere | one_a_zone | {"aws_lb services_api_load-balancer": PUBLIC}


def test_the_networks_security_groups_do_too(stacks: Mapping[str, Any]) -> None:
    found = by_resource(stacks, "security_groups", "security_group_ids", "vpc_security_group_ids")
    holders = {name for name, groups in found.items() if set(GROUPS) <= set(groups)}
    assert holders == {*BATCH, *TEMPLATES, MANAGED, *TASKS, SCHEDULE}
    # What is reached by workloads instead has a group of its own.
    assert found.keys() - holders == {
        "aws_lb services_api_load-balancer",
        *(f"aws_efs_mount_target file_systems_weights_mount-target-{subnet}" for subnet in SUBNETS[:2]),
    }


def test_each_kind_can_be_kept_to_a_subnet_and_have_a_group_more() -> None:
    database = {"database": ExistingSecurityGroup(security_group_id="sg-0000000d")}
    placed: dict[str, Any] = {"subnets": [SUBNETS[1]], "security_groups": ["database"]}

    def narrow(known: Mapping[str, Any]) -> dict[str, Any]:
        chosen = {}
        for name, item in known.items():
            has_interfaces = not isinstance(item, ServiceSettings) or item.task is not ON_HOST
            is_placed = isinstance(item, NetworkPlacement) and has_interfaces
            chosen[name] = item.model_copy(update=placed) if is_placed else item
        return chosen

    stacks = synthesized(
        with_all(
            compute_environments=narrow(CAPACITY),
            clusters={"main": cluster_settings(capacity_providers=narrow(PROVIDERS))},
            services=narrow(SERVICES),
            task_definitions=narrow({"index": run_task()}),
            security_groups=database,
        )
    )
    subnets = by_resource(stacks, "subnets", "vpc_zone_identifier")
    everywhere = [*BATCH, GROUP, PROVIDER_GROUP, MANAGED, *TASKS, SCHEDULE]
    assert {name: subnets[name] for name in everywhere} == {name: [SUBNETS[1]] for name in everywhere}
    assert subnets["aws_lb services_api_load-balancer"] == PUBLIC
    groups = by_resource(stacks, "security_groups", "security_group_ids", "vpc_security_group_ids")
    holders = {name for name, found in groups.items() if "sg-0000000d" in found}
    assert holders == {*BATCH, *TEMPLATES, MANAGED, *TASKS, SCHEDULE}


@pytest.mark.parametrize(("public", "words"), [(False, {"DISABLED", False}), (True, {"ENABLED", True})])
def test_fargate_has_public_addresses_where_the_network_gives_them(public: bool, words: set[Any]) -> None:
    found = by_resource(synthesized(with_all(assign_public_ip=public)), "assign_public_ip", "assignPublicIp")
    assert found.keys() == {"aws_batch_job_definition job_definitions_embed", *TASKS, SCHEDULE}
    assert set(found.values()) == words


def test_the_environments_tags_are_on_every_resource_and_every_instance(stacks: Mapping[str, Any]) -> None:
    wanted = {"project": "terrabatch", "environment": "test", "cost-center": "4711"}
    for document in stacks.values():
        assert [provider["default_tags"] for provider in document["provider"]["aws"]] == [[{"tags": wanted}]]
        for template in document["resource"].get("aws_launch_template", {}).values():
            for specification in template["tag_specifications"]:
                assert wanted.items() <= specification["tags"].items()
    services = [f"aws_ecs_service services_{name}" for name in SERVICES]
    assert by_resource(stacks, "propagate_tags") == dict.fromkeys(services, "SERVICE") | {
        MANAGED: "CAPACITY_PROVIDER",
        SCHEDULE: "TASK_DEFINITION",
        "aws_batch_job_definition job_definitions_embed": True,
    }
