"""Every rule between services and the capacity they are to run on, with its whole message."""

from typing import Any

import pytest

from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.managed_instances import Amount
from modules.ecs.settings.run_tasks import TaskSchedule
from modules.ecs.settings.services import DaemonService
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_container,
    ec2_task,
    group_provider,
    managed_provider,
    worker_settings,
)
from tests.problems import problems
from tests.stacks.rules.service_samples import GPU, environment, on_gpu, replicas, run_task

NIGHTLY = {"nightly": TaskSchedule(expression="rate(1 day)")}


def cluster_of_groups(count: int) -> ClusterSettings:
    names = [f"g{index}" for index in range(count)]
    return cluster_settings(
        capacity_providers={name: group_provider() for name in names},
        default_capacity=[CapacityShare(provider=name) for name in names],
    )


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no such provider": (
        {"services": {"embed": worker_settings(capacity=[CapacityShare(provider="gpus")], task=ec2_task())}},
        [
            "services.embed.capacity[0].provider must name one of the capacity_providers, got 'gpus'; "
            "did you mean gpu? known: FARGATE, FARGATE_SPOT, gpu, managed"
        ],
    ),
    "Fargate's task on instances": (
        {"services": {"api": replicas(capacity=GPU)}},
        [
            "services.api.task must be an Ec2Task on gpu, got a FargateTask; "
            "Fargate's capacity is FARGATE and FARGATE_SPOT"
        ],
    ),
    "an instance's task on Fargate, by default": (
        {"task_definitions": {"index": run_task(task=ec2_task())}},
        [
            "task_definitions.index.task must be a FargateTask on FARGATE_SPOT, got an Ec2Task; "
            "choose another capacity for it"
        ],
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
        [
            "services.api.capacity must be of one kind: Fargate, Auto Scaling groups or managed instances, "
            "got gpu, managed; ECS refuses it"
        ],
    ),
    "what fits exactly": ({"services": {"api": on_gpu(vcpus=4, memory_mib=15_532)}}, []),
    "too many vCPUs": (
        {"services": {"api": on_gpu(vcpus=4.5)}},
        [
            f"services.api.task.vcpus must be at most 4 to fit on {name}, which gpu may start, got 4.5; "
            "choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "too much memory": (
        {"services": {"api": on_gpu(memory_mib=15_533)}},
        [
            f"services.api.task.memory_mib must be at most 15,532 to fit on {name}, which gpu may start, got 15,533; "
            "of its 16,384; choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "too many GPUs": (
        {"services": {"api": on_gpu(containers={"worker": ec2_container(gpus=2)})}},
        [
            f"services.api.task.containers must have at most 1 gpus to fit on {name}, which gpu may start, got 2; "
            "choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "another architecture": (
        {
            "services": {"api": on_gpu(architecture="ARM64")},
            "clusters": {
                "main": cluster_settings(capacity_providers={"gpu": group_provider(instance_types=["g5.xlarge"])})
            },
        },
        [
            "services.api.task.architecture must be X86_64 on gpu, got 'ARM64'; "
            "an image built for one does not start on the other"
        ],
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
            "clusters.main.capacity_providers.managed.vcpus must allow 8.5 for services.api, got 8; "
            "no instance would do",
            "clusters.main.capacity_providers.managed.gpus must allow 1 for services.api, got 0; no instance would do",
            "services.api.task.architecture must be X86_64 on managed, got 'ARM64'; "
            "an image built for one does not start on the other",
            "services.api.task.network_mode must be awsvpc or host on managed, got 'bridge'; "
            "managed instances have no bridge",
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
        [
            "services.api.capacity must have one share only where ECS manages the instances, got managed, others; "
            "ECS refuses several"
        ],
    ),
    "a daemon without an instance": (
        {
            "services": {"agent": DaemonService(cluster="main", task=ec2_task())},
            "clusters": {"main": cluster_settings(capacity_providers={"managed": managed_provider()})},
        },
        [
            "clusters.main.capacity_providers must have an AutoScalingGroupCapacityProvider for services.agent, "
            "got none; it runs on every instance, and there is none"
        ],
    ),
    "a daemon with instances": ({"services": {"agent": DaemonService(cluster="main", task=ec2_task())}}, []),
    "a daemon that is too large for an instance": (
        {"services": {"agent": DaemonService(cluster="main", task=ec2_task(vcpus=64))}},
        [
            "services.agent.task.vcpus must be at most 4 to fit on g5.xlarge, which gpu may start, got 64; "
            "choose larger types, or make it smaller",
            "services.agent.task.vcpus must be at most 4 to fit on g6.xlarge, which gpu may start, got 64; "
            "choose larger types, or make it smaller",
        ],
    ),
    "a default that Scheduler takes": (
        {
            "task_definitions": {"index": run_task(task=ec2_task(), schedules=NIGHTLY)},
            "clusters": {"main": cluster_of_groups(6)},
        },
        [],
    ),
    "a default that Scheduler does not take": (
        {
            "task_definitions": {"index": run_task(task=ec2_task(), schedules=NIGHTLY)},
            "clusters": {"main": cluster_of_groups(7)},
        },
        [
            "task_definitions.index.capacity must be given where clusters.main.default_capacity has more than 6 items, "
            "got (); Scheduler takes no more"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_services_go_with_what_is_around_them(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert problems(lambda: environment(**changes)) == found
    else:
        assert environment(**changes).name == "test"
