"""How many tasks instances hold, each limit on both of its edges."""

import re
from typing import Any

import pytest

from modules.ec2.instance_types import find_type
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.clusters import ClusterSettings
from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import BlueGreenDeployment, RollingDeployment
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks, ScheduledScaling
from modules.ecs.settings.services import ReplicaService
from modules.ecs.tasks_per_instance import Counted, task_count_problems, tasks_per_instance
from tests.modules.ecs.samples import ec2_container, ec2_task, group_provider, worker_settings
from tests.problems import in_short

ON_GROUP = [CapacityShare(provider="group")]
PLAIN = {"worker": ec2_container()}
SMALL: dict[str, Any] = {"vcpus": 0.25, "memory_mib": 256, "network_mode": "bridge", "containers": PLAIN}
LISTENING = {"worker": ec2_container(ports={"http": Port(port=8_080)})}
CALLED = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])
AT_ONCE = RollingDeployment(min_healthy_percent=0)


def group(instances: int, *types: str) -> AutoScalingGroupCapacityProvider:
    return group_provider(instance_types=types or ("c5.xlarge",), max_instances=instances, on_demand_base=0)


def cluster(instances: int, *types: str, **changes: Any) -> ClusterSettings:
    providers = {"group": group(instances, *types)}
    return ClusterSettings(**({"default_capacity": ON_GROUP, "capacity_providers": providers} | changes))


def replicas(count: int, task: dict[str, Any], **changes: Any) -> ReplicaService:
    values: dict[str, Any] = {"cluster": "main", "task": ec2_task(**SMALL | task), "tasks": FixedTasks(count=count)}
    return ReplicaService(**({"deployment": AT_ONCE} | values | changes))


def found(service: Counted, cluster: ClusterSettings) -> list[str]:
    return in_short(task_count_problems("services.api", service, cluster))


@pytest.mark.parametrize(
    ("type_", "task", "tasks", "exhausted"),
    [
        ("c5.xlarge", {"vcpus": 1.0}, 4, "vCPUs"),
        ("c5.xlarge", {"vcpus": 1.001}, 3, "vCPUs"),
        ("c5.xlarge", {"memory_mib": 3_875}, 2, "memory"),  # of the 7,750 that are left of 8,192
        ("c5.xlarge", {"memory_mib": 3_876}, 1, "memory"),
        ("g5.12xlarge", {"containers": {"worker": ec2_container(gpus=1)}}, 4, "GPUs"),
        ("g5.12xlarge", {"containers": {"worker": ec2_container(gpus=3)}}, 1, "GPUs"),
        ("c5.xlarge", {"network_mode": "awsvpc"}, 3, "network interfaces"),
        ("c5.large", {"network_mode": "awsvpc"}, 2, "network interfaces"),
        ("c5.xlarge", {"network_mode": "host", "containers": LISTENING}, 1, "ports of the host"),
        ("c5.xlarge", {"network_mode": "host"}, 16, "vCPUs"),
        ("c5.xlarge", {"containers": LISTENING}, 16, "vCPUs"),  # bridge: any port of the host will do
    ],
)
def test_an_instance_holds_as_many_as_it_has_most_scarcely(
    type_: str, task: dict[str, Any], tasks: int, exhausted: str
) -> None:
    kind = find_type(type_)
    assert kind is not None
    assert tasks_per_instance(ec2_task(**SMALL | task), kind, cluster(1), apart=False) == (tasks, exhausted)


@pytest.mark.parametrize(
    ("task", "most"),
    [
        ({"vcpus": 1}, 8),
        ({"memory_mib": 3_875}, 4),
        ({"network_mode": "awsvpc"}, 6),
        ({"network_mode": "host", "containers": LISTENING}, 2),
    ],
)
def test_two_instances_hold_twice_as_many(task: dict[str, Any], most: int) -> None:
    assert found(replicas(most, task), cluster(2)) == []
    assert found(replicas(most + 1, task), cluster(2)) == [f"services.api.tasks.count: {most}, got {most + 1}"]


def test_of_several_types_the_roomiest_counts() -> None:
    assert found(replicas(8, {"vcpus": 1}), cluster(1, "c5.large", "c5.2xlarge")) == []
    assert found(replicas(9, {"vcpus": 1}), cluster(1, "c5.large", "c5.2xlarge")) == [
        "services.api.tasks.count: 8, got 9"
    ]


def test_with_trunking_interfaces_do_not_count() -> None:
    task = {"network_mode": "awsvpc"}
    assert found(replicas(16, task), cluster(1, network_interface_trunking=True)) == []
    assert found(replicas(17, task), cluster(1, network_interface_trunking=True)) == [
        "services.api.tasks.count: 16, got 17"
    ]


def test_tasks_that_must_be_apart_have_an_instance_each() -> None:
    assert found(replicas(2, {}, distinct_instances=True), cluster(2)) == []
    assert found(replicas(3, {}, distinct_instances=True), cluster(2)) == ["services.api.tasks.count: 2, got 3"]


def test_the_most_that_scaling_allows_counts_by_day_and_by_night() -> None:
    night = ScheduledScaling(schedule="cron(0 20 * * ? *)", max_tasks=6)
    tasks = ScaledTasks(min_tasks=1, max_tasks=4, cpu_percent=50, schedules={"night": night})
    assert found(replicas(1, {"vcpus": 2}, tasks=tasks), cluster(3)) == []
    assert found(replicas(1, {"vcpus": 2}, tasks=tasks), cluster(2)) == [
        "services.api.tasks.schedules.night.max_tasks: 4, got 6"
    ]


def test_a_queue_worker_starts_no_more_than_there_is_room_for() -> None:
    values: dict[str, Any] = {"task": ec2_task(**SMALL | {"vcpus": 4}), "capacity": ON_GROUP}
    assert found(worker_settings(max_tasks=4, **values), cluster(4)) == []
    assert found(worker_settings(max_tasks=5, **values), cluster(4)) == ["services.api.max_tasks: 4, got 5"]


@pytest.mark.parametrize(
    ("count", "deployment", "problems"),
    [
        # One of the new revision starts before one of the old may stop.
        (1, RollingDeployment(), []),
        (2, RollingDeployment(), ["services.api.deployment: 2, got 3"]),
        (2, RollingDeployment(min_healthy_percent=50), []),
        (2, RollingDeployment(min_healthy_percent=51), ["services.api.deployment: 2, got 3"]),
        # A whole set beside the old one.
        (1, BlueGreenDeployment(), []),
        (2, BlueGreenDeployment(), ["services.api.deployment: 2, got 4"]),
        (0, BlueGreenDeployment(), []),
    ],
)
def test_a_deployment_needs_room_for_both_revisions(count: int, deployment: Any, problems: list[str]) -> None:
    task = {"vcpus": 4, "network_mode": "awsvpc", "containers": LISTENING}
    service = replicas(count, task, deployment=deployment, load_balancing=CALLED)
    assert found(service, cluster(2)) == problems


def test_a_deployment_may_wait_for_scaling_to_make_room() -> None:
    scaled = ScaledTasks(min_tasks=1, max_tasks=2, cpu_percent=50)
    assert found(replicas(1, {"vcpus": 4}, tasks=scaled, deployment=RollingDeployment()), cluster(2)) == []
    steady = ScaledTasks(min_tasks=2, max_tasks=2, cpu_percent=50)
    assert found(replicas(1, {"vcpus": 4}, tasks=steady, deployment=RollingDeployment()), cluster(2)) == [
        "services.api.deployment: 2, got 3"
    ]


def test_each_provider_must_hold_what_its_share_puts_there() -> None:
    shares = [CapacityShare(provider="group", base=2, weight=1), CapacityShare(provider="spot", weight=3)]
    providers = {"group": group(4), "spot": group(6)}
    settings = cluster(1, default_capacity=shares, capacity_providers=providers)
    assert found(replicas(10, {"vcpus": 4}), settings) == []
    assert found(replicas(12, {"vcpus": 4}), settings) == ["services.api.tasks.count: 6, got 7 of 12"]


def test_what_fits_nowhere_is_left_to_the_check_of_one_on_one() -> None:
    assert found(replicas(2, {"vcpus": 4.5}), cluster(1)) == []


def test_the_message_says_what_keeps_more_from_fitting() -> None:
    (problem,) = task_count_problems("services.api", replicas(10, {"network_mode": "awsvpc"}), cluster(2))
    assert in_short([problem]) == ["services.api.tasks.count: 6, got 10"]
    assert re.findall(r"\b\d+\b", problem.reason) == ["3", "2"]
