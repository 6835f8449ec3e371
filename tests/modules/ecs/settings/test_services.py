"""Services of every kind and what they are made of, each rule with its whole message."""

from functools import partial
from typing import Any

import pytest

from modules.ecs.settings.containers import EbsVolumeMount
from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    LinearDeployment,
    RollingDeployment,
)
from modules.ecs.settings.exposure import (
    DnsDiscovery,
    ExistingListener,
    OwnLoadBalancer,
    ServiceConnect,
    TargetHealth,
)
from modules.ecs.settings.placement import PACK_BY_MEMORY, EbsVolume, PlacementStrategy
from modules.ecs.settings.run_tasks import RunTaskDefinition, TaskSchedule
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks, ScheduledScaling
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.settings import Settings
from tests.modules.ecs.samples import (
    FARGATE,
    ec2_task,
    fargate_container,
    fargate_task,
    web_task,
    worker_settings,
)
from tests.problems import message, problems

OWN = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])
LISTENER = "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shared/0123456789abcdef/fedcba9876543210"
EBS_TASK = fargate_task(
    containers={"worker": fargate_container(mounts=[EbsVolumeMount(container_path="/data", read_only=False)])}
)


def replicas(**changes: Any) -> ReplicaService:
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=2)}
    return ReplicaService(**(values | changes))


def listener(**changes: Any) -> ExistingListener:
    values: dict[str, Any] = {
        "port": "http",
        "listener_arn": LISTENER,
        "security_group_id": "sg-01234567",
        "priority": 1,
        "path_patterns": ["/embed/*"],
    }
    return ExistingListener(**(values | changes))


def scaled(**changes: Any) -> ScaledTasks:
    return ScaledTasks(**({"min_tasks": 1, "max_tasks": 4, "cpu_percent": 60} | changes))


@pytest.mark.parametrize(
    ("build", "field", "lowest", "highest"),
    [
        (FixedTasks, "count", 0, 5_000),
        (scaled, "cpu_percent", 1, 100),
        (scaled, "memory_percent", 1, 100),
        (scaled, "requests_per_task", 1, 1_000_000),
        (scaled, "scale_in_cooldown_seconds", 0, 3_600),
        (scaled, "scale_out_cooldown_seconds", 0, 3_600),
        (RollingDeployment, "min_healthy_percent", 0, 100),
        (RollingDeployment, "max_percent", 101, 200),
        (CanaryDeployment, "canary_percent", 0.1, 100),
        (CanaryDeployment, "canary_bake_minutes", 0, 1_440),
        (BlueGreenDeployment, "bake_minutes", 0, 1_440),
        (LinearDeployment, "step_percent", 3, 100),
        (LinearDeployment, "step_bake_minutes", 0, 1_440),
        (listener, "priority", 1, 50_000),
        (lambda **values: TargetHealth(timeout_seconds=4, **values), "interval_seconds", 5, 300),
        (lambda **values: TargetHealth(interval_seconds=300, **values), "timeout_seconds", 2, 120),
        (lambda **values: EbsVolume(size_gib=100, **values), "iops", 3_000, 16_000),
        (EbsVolume, "size_gib", 1, 16_384),
        (lambda **values: EbsVolume(size_gib=100, iops=4_000, **values), "throughput_mib_per_second", 125, 1_000),
        (lambda **values: TaskSchedule(expression="rate(1 day)", **values), "flexible_window_minutes", 1, 1_440),
        (lambda **values: TaskSchedule(expression="rate(1 day)", **values), "retry_attempts", 0, 185),
        (lambda **values: TaskSchedule(expression="rate(1 day)", **values), "max_event_age_seconds", 60, 86_400),
        (lambda **values: TaskSchedule(expression="rate(1 day)", **values), "task_count", 1, 10),
    ],
)
def test_limits_hold_on_both_edges(build: Any, field: str, lowest: float, highest: float) -> None:
    for value in (lowest, highest):
        assert getattr(build(**{field: value}), field) == value
    step = 0.1 if isinstance(lowest, float) else 1
    for outside in (round(lowest - step, 1), highest + step):
        assert problems(partial(build, **{field: outside}))[0].startswith(f"{field} must ")


def test_a_deployment_can_replace_a_task() -> None:
    assert RollingDeployment(min_healthy_percent=99, max_percent=100).max_percent == 100
    assert message(RollingDeployment, min_healthy_percent=100, max_percent=100) == (
        "RollingDeployment: max_percent must exceed min_healthy_percent (100), got 100; "
        "no task could go and none could come"
    )


@pytest.mark.parametrize(("kind", "field"), [(CanaryDeployment, "canary_percent"), (LinearDeployment, "step_percent")])
def test_traffic_moves_in_tenths_of_a_percent(kind: Any, field: str) -> None:
    assert getattr(kind(**{field: 12.5}), field) == 12.5
    assert message(kind, **{field: 12.55}) == (
        f"{kind.__name__}: {field} must be a multiple of 0.1, got 12.55; ECS refuses it"
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"load_balancing": OWN}, None),
        (
            {"load_balancing": OWN.model_copy(update={"port": "https"})},
            "load_balancing.port must name a port of the task's containers, got 'https'; known: http",
        ),
        ({"discovery": ServiceConnect(port="http")}, None),
        ({"discovery": ServiceConnect()}, None),
        (
            {"discovery": ServiceConnect(port="grpc"), "task": fargate_task()},
            "discovery.port must name a port of the task's containers, got 'grpc'; known: there is none",
        ),
        ({"task": ec2_task(network_mode="host")}, None),
        (
            {"task": ec2_task(network_mode="host"), "discovery": DnsDiscovery()},
            "task.network_mode must be awsvpc with load_balancing or discovery, got 'host'; "
            "others reach tasks at an address of their own",
        ),
        ({"deployment": CanaryDeployment(), "load_balancing": OWN}, None),
        (
            {"deployment": CanaryDeployment()},
            "deployment must be a RollingDeployment without load_balancing, got a CanaryDeployment; "
            "there is no traffic to shift",
        ),
        ({"tasks": scaled(requests_per_task=100), "load_balancing": OWN}, None),
        (
            {"tasks": scaled(requests_per_task=100)},
            "tasks.requests_per_task must be left out without load_balancing, got 100; nobody counts requests",
        ),
        (
            {"tasks": scaled(requests_per_task=100), "load_balancing": OWN, "deployment": LinearDeployment()},
            "tasks.requests_per_task must be left out with a LinearDeployment, got 100; "
            "requests are counted for one of its two target groups, whichever has the traffic; use cpu_percent",
        ),
        ({"task": ec2_task(), "placement": [PACK_BY_MEMORY], "distinct_instances": True}, None),
        (
            {"placement": [PACK_BY_MEMORY]},
            "placement must be left out on Fargate, got 1; there are no instances",
        ),
        ({"distinct_instances": True}, "distinct_instances must be False on Fargate, got True; there are no instances"),
        ({"task": EBS_TASK, "ebs_volume": EbsVolume(size_gib=500)}, None),
        (
            {"task": EBS_TASK},
            "ebs_volume must be given where a container mounts it, got None; there is nothing to mount",
        ),
        (
            {"ebs_volume": EbsVolume(size_gib=500)},
            "ebs_volume must be left out where no container mounts it, got an EbsVolume; add an EbsVolumeMount",
        ),
        (
            {"execute_command": True},
            "task.containers.web.read_only_root_filesystem must be False with execute_command, got True; "
            "ECS Exec puts its agent into the container",
        ),
        ({"execute_command": True, "task": web_task(read_only_root_filesystem=False)}, None),
        (
            {"capacity": [FARGATE, FARGATE]},
            "capacity[1].provider must be named once, got 'FARGATE'; add up the weights",
        ),
    ],
)
def test_what_belongs_together_in_a_replica_service(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert replicas(**changes).cluster == "main"
    else:
        assert problems(lambda: replicas(**changes)) == [problem]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"min_tasks": 4}, None),
        ({"min_tasks": 5}, "min_tasks must be at most max_tasks (4), got 5; AWS refuses it"),
        (
            {"cpu_percent": None},
            "cpu_percent must be given where there is no memory_percent, requests_per_task or schedule, got None; "
            "nothing would change the number; use FixedTasks",
        ),
        ({"cpu_percent": None, "memory_percent": 70}, None),
        (
            {"min_tasks": 0},
            "min_tasks must be at least 1 without schedules, got 0; "
            "without a task nothing is measured, and none is started",
        ),
        ({"min_tasks": 0, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=1)}}, None),
    ],
)
def test_scaled_tasks_can_be_scaled(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert scaled(**changes).max_tasks == 4
    else:
        assert problems(lambda: scaled(**changes)) == [problem]


@pytest.mark.parametrize(
    "expression",
    ["cron(0 8 ? * MON-FRI *)", "rate(1 minute)", "rate(12 hours)", "rate(7 days)", "at(2027-01-31T08:00:00)"],
)
def test_a_schedule_is_an_expression(expression: str) -> None:
    assert ScheduledScaling(schedule=expression, min_tasks=1).schedule == expression
    assert TaskSchedule(expression=expression).expression == expression


@pytest.mark.parametrize("expression", ["0 8 * * *", "cron(0 8 * * *)", "rate(1 week)", "at(2027-01-31)", "rate(day)"])
def test_a_schedule_that_is_none_is_refused(expression: str) -> None:
    assert message(TaskSchedule, expression=expression) == (
        r"TaskSchedule: expression must match ^(rate\([0-9]+ (minute|hour|day)s?\)|cron\((\S+ ){5}\S+\)"
        rf"|at\([0-9-]{{10}}T[0-9:]{{8}}\))$, got {expression!r}; "
        'e.g. "cron(0 8 ? * MON-FRI *)", six fields from minutes to years, or "rate(1 day)"'
    )


def test_a_schedule_sets_something_the_right_way_round() -> None:
    assert message(ScheduledScaling, schedule="rate(1 day)") == (
        "ScheduledScaling: min_tasks must be given where max_tasks is not, got None; the schedule would change nothing"
    )
    assert ScheduledScaling(schedule="rate(1 day)", min_tasks=2, max_tasks=2).max_tasks == 2
    assert message(ScheduledScaling, schedule="rate(1 day)", min_tasks=3, max_tasks=2) == (
        "ScheduledScaling: min_tasks must be at most max_tasks (2), got 3; AWS refuses it"
    )


def test_a_health_check_ends_before_the_next() -> None:
    assert message(TargetHealth, interval_seconds=5, timeout_seconds=5) == (
        "TargetHealth: timeout_seconds must be less than interval_seconds (5), got 5; AWS refuses it"
    )


def test_a_rule_of_a_listener_has_from_one_to_five_conditions() -> None:
    assert listener(path_patterns=["/a", "/b"], host_headers=["a", "b", "c"]).priority == 1
    assert problems(lambda: listener(path_patterns=[])) == [
        "path_patterns must be given where host_headers are not, got (); a rule needs a condition"
    ]
    assert problems(lambda: listener(path_patterns=["/a", "/b"], host_headers=["a", "b", "c", "d"])) == [
        "path_patterns must have at most 5 items together with host_headers, got 6; a rule takes no more"
    ]


def test_service_connect_is_called_at_a_port() -> None:
    assert message(ServiceConnect, client_port=80, per_request_timeout_seconds=0) == (
        "ServiceConnect: client_port must be left out without port, got 80; nobody calls it\n"
        "ServiceConnect: per_request_timeout_seconds must be left out without port, got 0; nobody calls it"
    )


@pytest.mark.parametrize(
    ("type_", "field", "problem"),
    [
        ("spread", "instanceId", None),
        ("binpack", "cpu", None),
        ("random", None, None),
        ("random", "cpu", "field must be left out with random, got 'cpu'; ECS refuses it"),
        (
            "binpack",
            "instanceId",
            "field must be cpu or memory with binpack, got 'instanceId'; that is what instances run out of",
        ),
        (
            "spread",
            None,
            "field must be instanceId or an attribute with spread, got None; tasks are spread over values of it",
        ),
    ],
)
def test_a_placement_goes_by_what_it_can(type_: Any, field: Any, problem: str | None) -> None:
    if problem is None:
        assert PlacementStrategy(type=type_, field=field).field == field
    else:
        assert problems(lambda: PlacementStrategy(type=type_, field=field)) == [problem]


def test_a_volume_is_one_that_gp3_has() -> None:
    assert EbsVolume(size_gib=7, iops=3_500, throughput_mib_per_second=875).iops == 3_500
    assert message(EbsVolume, size_gib=7, iops=3_501) == (
        "EbsVolume: iops must be at most 500 for each GiB of size_gib (7), got 3,501; EBS refuses the volume"
    )
    assert message(EbsVolume, size_gib=7, throughput_mib_per_second=751) == (
        "EbsVolume: throughput_mib_per_second must be at most a quarter of iops (3,000), got 751; "
        "EBS refuses the volume"
    )


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: DaemonService(cluster="main", task=ec2_task()), None),
        (
            lambda: DaemonService(cluster="main", task=fargate_task()),
            "task must be an Ec2Task in a DaemonService, got a FargateTask; Fargate has no instances",
        ),
        (
            lambda: DaemonService(cluster="main", task=ec2_task(), capacity=[FARGATE]),
            "capacity must be left out in a DaemonService, got 1; it runs on every instance there is",
        ),
        (
            lambda: DaemonService(cluster="main", task=EBS_TASK),
            "task must mount no EBS volume, got an EbsVolumeMount; only a ReplicaService has one to attach",
        ),
        (
            lambda: worker_settings(task=EBS_TASK),
            "task must mount no EBS volume, got an EbsVolumeMount; only a ReplicaService has one to attach",
        ),
        (
            lambda: RunTaskDefinition(cluster="main", task=EBS_TASK),
            "task must mount no EBS volume, got an EbsVolumeMount; only a ReplicaService has one to attach",
        ),
        (lambda: RunTaskDefinition(cluster="main", task=fargate_task(), capacity=[FARGATE]), None),
    ],
)
def test_other_kinds_have_what_they_can_have(build: Any, problem: str | None) -> None:
    if problem is None:
        assert build().cluster == "main"
    else:
        assert problem in problems(build)


def test_scheduler_takes_at_most_six_shares() -> None:
    shares = [FARGATE.model_copy(update={"provider": f"p{index}"}) for index in range(7)]
    schedules = {"nightly": TaskSchedule(expression="rate(1 day)")}
    task = {"cluster": "main", "task": ec2_task()}
    assert len(RunTaskDefinition(capacity=shares, **task).capacity) == 7  # type: ignore[arg-type]
    assert len(RunTaskDefinition(capacity=shares[:6], schedules=schedules, **task).capacity) == 6  # type: ignore[arg-type]
    assert problems(lambda: RunTaskDefinition(capacity=shares, schedules=schedules, **task)) == [  # type: ignore[arg-type]
        "capacity must have at most 6 items with schedules, got 7; Scheduler takes no more"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"acceptable_latency_seconds": 456}, None),
        (
            {"acceptable_latency_seconds": 455},
            "acceptable_latency_seconds must be at least 456, got 455; CloudWatch takes 360 s to see a backlog, "
            "a task startup_seconds (90) to start and seconds_per_message (6) to work",
        ),
        ({"longest_message_seconds": 6}, None),
        (
            {"longest_message_seconds": 5},
            "longest_message_seconds must be at least seconds_per_message (6), got 5; "
            "the longest is not shorter than the usual",
        ),
        ({"min_tasks": 3}, None),
        (
            {"min_tasks": 4},
            "min_tasks must be less than max_tasks (4), got 4; "
            "nothing is scaled otherwise; use a ReplicaService with FixedTasks and access to consume",
        ),
        (
            {"task": fargate_task(containers={"worker": fargate_container(environment={"QUEUE_URL": "x"})})},
            "task.containers.worker.environment.QUEUE_URL must be left out, got a value; it is the queue's address",
        ),
    ],
)
def test_a_worker_promises_what_it_can_keep(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert worker_settings(**changes).max_tasks == 4
    else:
        assert problems(lambda: worker_settings(**changes)) == [problem]


def test_a_worker_derives_what_follows_from_its_messages() -> None:
    worker = worker_settings()
    assert (worker.backlog_per_task, worker.longest_seconds, worker.stop_timeout_seconds) == (75, 18, 23)
    assert worker_settings(longest_message_seconds=600).stop_timeout_seconds == 120


@pytest.mark.parametrize(
    ("min_tasks", "scheduled", "scales"), [(0, None, True), (1, None, False), (1, 0, True), (0, 1, True), (1, 2, False)]
)
def test_a_worker_knows_whether_it_ever_has_no_task(min_tasks: int, scheduled: int | None, scales: bool) -> None:
    schedules = {"night": ScheduledScaling(schedule="rate(1 day)", min_tasks=scheduled, max_tasks=3)}
    assert worker_settings(min_tasks=min_tasks, schedules=schedules).scales_to_zero is scales


@pytest.mark.parametrize("kind", [ReplicaService, DaemonService, RunTaskDefinition])
def test_whatever_runs_says_where_and_what(kind: type[Settings]) -> None:
    text = message(kind)
    assert f"{kind.__name__}: cluster must be given; one of clusters" in text
    assert f"{kind.__name__}: task must be given; what it runs, a FargateTask or an Ec2Task" in text
