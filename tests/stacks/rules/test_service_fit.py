"""Every rule between services and the capacity they are to run on, with its whole message."""

from collections.abc import Iterator
from typing import Any

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, CapacityProviderSettings
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.managed_instances import Amount
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import DaemonService, ReplicaService
from tests.modules.ecs.samples import (
    GROUP_ARN,
    cluster_settings,
    ec2_container,
    ec2_task,
    existing_provider,
    group_provider,
    managed_provider,
    worker_settings,
)
from tests.problems import refused
from tests.stacks.rules.service_samples import GPU, on_gpu, replicas, run_task, with_cluster


def cluster_of_groups(count: int) -> ClusterSettings:
    names = [f"g{index}" for index in range(count)]
    return cluster_settings(
        capacity_providers={name: group_provider() for name in names},
        default_capacity=[CapacityShare(provider=name) for name in names],
    )


def daemon(**changes: Any) -> DaemonService:
    values = {"vcpus": 0.25, "memory_mib": 256, "network_mode": "host", "containers": {"agent": ec2_container()}}
    return DaemonService(cluster="main", task=ec2_task(**values | changes))


DAEMON = daemon()


def eight(count: int) -> ReplicaService:
    """Return as many tasks with a GPU, on a group of eight instances with one each."""
    deployment = RollingDeployment(min_healthy_percent=0)
    return replicas(task=ec2_task(), capacity=GPU, tasks=FixedTasks(count=count), deployment=deployment)


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no such provider": (
        {"services": {"embed": worker_settings(capacity=[CapacityShare(provider="gpus")], task=ec2_task())}},
        ["services.embed.capacity[0].provider: got 'gpus'"],
    ),
    "Fargate's task on instances": (
        {"services": {"api": replicas(capacity=GPU)}},
        ["services.api.task: got a FargateTask"],
    ),
    "an instance's task on Fargate, by default": (
        {"task_definitions": {"index": run_task(task=ec2_task())}},
        ["task_definitions.index.task: got an Ec2Task"],
    ),
    "two kinds of instances": (
        {
            "services": {
                "api": replicas(
                    task=ec2_task(containers={"worker": ec2_container()}),
                    capacity=[*GPU, CapacityShare(provider="managed")],
                )
            },
        },
        ["services.api.capacity: got gpu, managed"],
    ),
    "what fits exactly": ({"services": {"api": on_gpu(vcpus=4, memory_mib=15_532)}}, []),
    "too many vCPUs": (
        {"services": {"api": on_gpu(vcpus=4.5)}},
        ["services.api.task.vcpus: 4, got 4.5" for name in ("g5.xlarge", "g6.xlarge")],
    ),
    "too much memory": (
        {"services": {"api": on_gpu(memory_mib=15_533)}},
        ["services.api.task.memory_mib: 15,532, got 15,533" for name in ("g5.xlarge", "g6.xlarge")],
    ),
    "too many GPUs": (
        {"services": {"api": on_gpu(containers={"worker": ec2_container(gpus=2)})}},
        ["services.api.task.containers: 1, got 2" for name in ("g5.xlarge", "g6.xlarge")],
    ),
    "another architecture": (
        {
            "services": {"api": on_gpu(architecture="ARM64")},
            "clusters": {
                "main": cluster_settings(capacity_providers={"gpu": group_provider(instance_types=["g5.xlarge"])})
            },
        },
        ["services.api.task.architecture: got 'ARM64'"],
    ),
    "what managed instances cannot be": (
        {
            "services": {
                "api": replicas(
                    capacity=[CapacityShare(provider="managed")],
                    task=ec2_task(vcpus=8.5, architecture="ARM64", network_mode="bridge"),
                )
            },
        },
        [
            "clusters.main.capacity_providers.managed.vcpus: 8.5, got 8",
            "clusters.main.capacity_providers.managed.gpus: 1, got 0",
            "services.api.task.architecture: got 'ARM64'",
            "services.api.task.network_mode: got 'bridge'",
        ],
    ),
    "what managed instances can be": (
        {
            "services": {"api": replicas(capacity=[CapacityShare(provider="managed")], task=ec2_task(vcpus=8))},
            "clusters": {
                "main": cluster_settings(capacity_providers={"managed": managed_provider(gpus=Amount(min=1, max=1))})
            },
        },
        [],
    ),
    "two kinds of managed instances in one strategy": (
        {
            "services": {
                "api": replicas(
                    capacity=[CapacityShare(provider="managed"), CapacityShare(provider="others")],
                    task=ec2_task(vcpus=8),
                )
            },
            "clusters": {
                "main": cluster_settings(
                    capacity_providers={
                        "managed": managed_provider(gpus=Amount(min=1, max=1)),
                        "others": managed_provider(gpus=Amount(min=1, max=1)),
                    }
                )
            },
        },
        ["services.api.capacity: got managed, others"],
    ),
    "a daemon without an instance": (
        {
            "services": {"agent": DaemonService(cluster="main", task=ec2_task())},
            "clusters": {"main": cluster_settings(capacity_providers={"managed": managed_provider()})},
        },
        ["clusters.main.capacity_providers: got none"],
    ),
    "a daemon with instances": ({"services": {"agent": DaemonService(cluster="main", task=ec2_task())}}, []),
    "a daemon that is too large for an instance": (
        {"services": {"agent": DaemonService(cluster="main", task=ec2_task(vcpus=64))}},
        [
            "services.agent.task.vcpus: 4, got 64",
            "services.agent.task.vcpus: 4, got 64",
        ],
    ),
    "a task that leaves an instance's daemon its part": (
        {"services": {"agent": DAEMON, "api": on_gpu(vcpus=3.75, memory_mib=15_276)}},
        [],
    ),
    "a task that leaves an instance's daemon too little": (
        {"services": {"agent": DAEMON, "api": on_gpu(vcpus=3.75, memory_mib=15_277)}},
        ["services.api.task: got 3.75 vCPUs, 15,277 MiB, 1 GPUs and 1 network interfaces"],
    ),
    "a daemon that is not on every instance": (
        {
            "services": {
                "agent": daemon(placement_constraints=["attribute:ecs.instance-type == g6.xlarge"]),
                "api": on_gpu(memory_mib=15_277),
            }
        },
        [],
    ),
    "services side by side": (
        {"services": {"a": eight(3), "b": eight(5)}},
        [],
    ),
    "services that fit alone, but not together": (
        {"services": {"a": eight(4), "b": eight(5)}},
        ["clusters.main.capacity_providers.gpu.max_instances: 9, got 8"],
    ),
    "more tasks than instances, and their GPUs": (
        {"services": {"a": eight(9)}},
        ["services.a.tasks.count: 8, got 9"],
    ),
}


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_services_go_with_what_is_around_them(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(lambda: with_cluster(**changes)) == found
    else:
        assert with_cluster(**changes).name == "test"


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_tasks_are_checked_alike_whoever_owns_the_group(changes: dict[str, Any], found: list[str]) -> None:
    changes = {"clusters": {"main": cluster_settings()}} | changes
    clusters = {
        name: cluster.model_copy(update={"capacity_providers": dict(theirs(cluster))})
        for name, cluster in changes["clusters"].items()
    }
    if found:
        assert refused(lambda: with_cluster(**changes | {"clusters": clusters})) == found
    else:
        assert with_cluster(**changes | {"clusters": clusters}).name == "test"


def theirs(cluster: ClusterSettings) -> Iterator[tuple[str, CapacityProviderSettings]]:
    """Yield the providers of a cluster, existing groups in the place of made ones."""
    for index, (name, provider) in enumerate(cluster.capacity_providers.items()):
        if isinstance(provider, AutoScalingGroupCapacityProvider):
            yield (
                name,
                existing_provider(
                    auto_scaling_group_arn=GROUP_ARN.replace("1234abcd", f"{index:08}"),
                    instance_types=provider.instance_types,
                    max_instances=provider.max_instances,
                ),
            )
        else:
            yield name, provider
