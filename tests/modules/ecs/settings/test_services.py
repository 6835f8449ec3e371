"""Services of every kind, each rule with its whole message."""

from typing import Any

import pytest

from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import (
    CanaryDeployment,
    LinearDeployment,
)
from modules.ecs.settings.exposure import (
    DnsDiscovery,
    ServiceConnect,
    TargetHealth,
)
from modules.ecs.settings.placement import PACK_BY_MEMORY, EbsVolume
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.scaling import ScheduledScaling
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.ecs.settings.tasks import TaskSettings
from modules.settings import Settings
from tests.modules.ecs.samples import (
    FARGATE,
    ec2_container,
    ec2_task,
    fargate_container,
    fargate_task,
    web_task,
    worker_settings,
)
from tests.modules.ecs.settings.service_samples import EBS_TASK, OWN, replicas, scaled
from tests.problems import refused

ROLE = "arn:aws:iam::111122223333:role/platform/ecs"

TCP_AND_UDP = fargate_task(
    containers={
        "web": fargate_container(ports={"http": Port(port=8_080), "statsd": Port(port=8_125, protocol="udp")}),
    }
)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"load_balancing": OWN}, None),
        (
            {"load_balancing": OWN.model_copy(update={"port": "https"})},
            "load_balancing.port: got 'https'",
        ),
        ({"discovery": ServiceConnect(port="http")}, None),
        ({"discovery": ServiceConnect()}, None),
        (
            {"discovery": ServiceConnect(port="grpc"), "task": fargate_task()},
            "discovery.port: got 'grpc'",
        ),
        ({"load_balancing": OWN, "discovery": ServiceConnect(port="http"), "task": TCP_AND_UDP}, None),
        (
            {"load_balancing": OWN.model_copy(update={"port": "statsd"}), "task": TCP_AND_UDP},
            "load_balancing.port: got 'statsd', a udp one",
        ),
        (
            {"discovery": ServiceConnect(port="http", per_request_timeout_seconds=120), "task": TCP_AND_UDP},
            "discovery.per_request_timeout_seconds: got 120",
        ),
        (
            {
                "discovery": ServiceConnect(port="http", per_request_timeout_seconds=120),
                "task": fargate_task(
                    containers={"web": fargate_container(ports={"http": Port(port=80, application_protocol="http2")})}
                ),
            },
            None,
        ),
        ({"load_balancing": OWN.model_copy(update={"health": TargetHealth(port="http")})}, None),
        (
            {"load_balancing": OWN.model_copy(update={"health": TargetHealth(port="admin")})},
            "load_balancing.health.port: got 'admin'",
        ),
        (
            {"load_balancing": OWN.model_copy(update={"health": TargetHealth(port="statsd")}), "task": TCP_AND_UDP},
            "load_balancing.health.port: got 'statsd', a udp one",
        ),
        (
            {"discovery": ServiceConnect(port="statsd"), "task": TCP_AND_UDP},
            "discovery.port: got 'statsd', a udp one",
        ),
        ({"task": ec2_task(network_mode="host")}, None),
        (
            {"task": ec2_task(network_mode="host"), "discovery": DnsDiscovery()},
            "task.network_mode: got 'host'",
        ),
        ({"deployment": CanaryDeployment(), "load_balancing": OWN}, None),
        ({"deployment": CanaryDeployment(), "load_balancing": OWN, "infrastructure_role_arn": ROLE}, None),
        ({"infrastructure_role_arn": ROLE}, f"infrastructure_role_arn: got '{ROLE}'"),
        (
            {"deployment": CanaryDeployment()},
            "deployment: got a CanaryDeployment",
        ),
        ({"tasks": scaled(requests_per_task=100), "load_balancing": OWN}, None),
        (
            {"tasks": scaled(requests_per_task=100)},
            "tasks.requests_per_task: got 100",
        ),
        (
            {"tasks": scaled(requests_per_task=100), "load_balancing": OWN, "deployment": LinearDeployment()},
            "tasks.requests_per_task: got 100",
        ),
        ({"task": ec2_task(), "placement": [PACK_BY_MEMORY], "distinct_instances": True}, None),
        (
            {"placement": [PACK_BY_MEMORY]},
            "placement: got 1",
        ),
        ({"distinct_instances": True}, "distinct_instances: got True"),
        ({"task": EBS_TASK, "ebs_volume": EbsVolume(size_gib=500)}, None),
        (
            {"task": EBS_TASK},
            "ebs_volume: got None",
        ),
        (
            {"ebs_volume": EbsVolume(size_gib=500)},
            "ebs_volume: got an EbsVolume",
        ),
        (
            {"execute_command": True},
            "task.containers.web.read_only_root_filesystem: got True",
        ),
        ({"execute_command": True, "task": web_task(read_only_root_filesystem=False)}, None),
        (
            {"capacity": [FARGATE, FARGATE]},
            "capacity[1].provider: got 'FARGATE'",
        ),
    ],
)
def test_what_belongs_together_in_a_replica_service(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert replicas(**changes).cluster == "main"
    else:
        assert refused(lambda: replicas(**changes)) == [problem]


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: DaemonService(cluster="main", task=ec2_task()), None),
        (
            lambda: DaemonService(cluster="main", task=fargate_task()),
            "task: got a FargateTask",
        ),
        (
            lambda: DaemonService(cluster="main", task=ec2_task(), capacity=[FARGATE]),
            "capacity: got 1",
        ),
        (
            lambda: DaemonService(cluster="main", task=EBS_TASK),
            "task: got an EbsVolumeMount",
        ),
        (
            lambda: worker_settings(task=EBS_TASK),
            "task: got an EbsVolumeMount",
        ),
        (
            lambda: RunTaskDefinition(cluster="main", task=EBS_TASK),
            "task: got an EbsVolumeMount",
        ),
        (lambda: RunTaskDefinition(cluster="main", task=fargate_task(), capacity=[FARGATE]), None),
    ],
)
def test_other_kinds_have_what_they_can_have(build: Any, problem: str | None) -> None:
    if problem is None:
        assert build().cluster == "main"
    else:
        assert problem in refused(build)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"acceptable_latency_seconds": 456}, None),
        (
            {"acceptable_latency_seconds": 455},
            "acceptable_latency_seconds: 456, got 455",
        ),
        ({"longest_message_seconds": 6}, None),
        (
            {"longest_message_seconds": 5},
            "longest_message_seconds: 6, got 5",
        ),
        ({"seconds_per_message": 14_399, "acceptable_latency_seconds": 86_400}, None),
        (
            {"seconds_per_message": 14_400, "acceptable_latency_seconds": 86_400},
            "longest_message_seconds: 43,199, got 43,200",
        ),
        ({"min_tasks": 3}, None),
        (
            {"min_tasks": 4},
            "min_tasks: 4, got 4",
        ),
        ({"task": fargate_task(containers={"worker": fargate_container(stop_timeout_seconds=23)})}, None),
        (
            {"task": fargate_task(containers={"worker": fargate_container(stop_timeout_seconds=22)})},
            "task.containers.worker.stop_timeout_seconds: 23, 18, got 22",
        ),
        (
            {
                "task": ec2_task(containers={"worker": ec2_container(stop_timeout_seconds=120)}),
                "longest_message_seconds": 600,
            },
            "task.containers.worker.stop_timeout_seconds: 605, 600, got 120",
        ),
        (
            {
                "task": fargate_task(
                    containers={
                        "worker": fargate_container(),
                        # It takes no messages: when it ends, the task goes on.
                        "helper": fargate_container(essential=False, stop_timeout_seconds=2),
                    }
                )
            },
            None,
        ),
        (
            {"task": fargate_task(containers={"worker": fargate_container(environment={"QUEUE_URL": "x"})})},
            "task.containers.worker.environment.QUEUE_URL: got a value",
        ),
    ],
)
def test_a_worker_promises_what_it_can_keep(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert worker_settings(**changes).max_tasks == 4
    else:
        assert refused(lambda: worker_settings(**changes)) == [problem]


def test_a_worker_derives_what_follows_from_its_messages() -> None:
    worker = worker_settings()
    assert (worker.backlog_per_task, worker.longest_seconds, worker.stop_timeout_seconds) == (75, 18, 23)


@pytest.mark.parametrize(
    ("task", "longest", "timeout"),
    [
        (fargate_task(), 115, 120),
        (fargate_task(), 116, 120),  # Fargate gives no more; what is not done then comes back to the queue
        (ec2_task(), 116, 121),
        (ec2_task(), 43_199, 43_204),
    ],
)
def test_a_worker_gets_as_long_to_stop_as_its_capacity_gives(task: TaskSettings, longest: int, timeout: int) -> None:
    assert worker_settings(task=task, longest_message_seconds=longest).stop_timeout_seconds == timeout


@pytest.mark.parametrize(
    ("min_tasks", "scheduled", "scales"), [(0, None, True), (1, None, False), (1, 0, True), (0, 1, True), (1, 2, False)]
)
def test_a_worker_knows_whether_it_ever_has_no_task(min_tasks: int, scheduled: int | None, scales: bool) -> None:
    schedules = {"night": ScheduledScaling(schedule="rate(1 day)", min_tasks=scheduled, max_tasks=3)}
    assert (worker_settings(min_tasks=min_tasks, schedules=schedules).least_tasks == 0) is scales


def test_a_workers_schedules_stay_within_the_limits_they_leave() -> None:
    late = {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=20)}
    assert worker_settings(max_tasks=20, schedules=late)
    assert refused(lambda: worker_settings(max_tasks=19, schedules=late)) == ["schedules.day.min_tasks: 19, got 20"]


@pytest.mark.parametrize("kind", [ReplicaService, DaemonService, RunTaskDefinition])
def test_whatever_runs_says_where_and_what(kind: type[Settings]) -> None:
    text = refused(kind)
    assert "cluster" in text
    assert "task" in text
