"""What services are made of (scaling, deployments, traffic, placement, volumes), each limit on both edges."""

from functools import partial
from typing import Any

import pytest

from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    LinearDeployment,
    RollingDeployment,
)
from modules.ecs.settings.exposure import (
    OwnLoadBalancer,
    ServiceConnect,
    TargetHealth,
)
from modules.ecs.settings.placement import EbsVolume, PlacementStrategy
from modules.ecs.settings.run_tasks import TaskSchedule
from modules.ecs.settings.scaling import FixedTasks, ScheduledScaling
from tests.modules.ecs.settings.service_samples import listener, scaled
from tests.problems import message, problems


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
        ({"schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=4)}}, None),
        (
            {"schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=5)}},
            "schedules.day.min_tasks must be at most max_tasks (4), which this schedule leaves, got 5; "
            "give its max_tasks too",
        ),
        ({"min_tasks": 3, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", max_tasks=3)}}, None),
        (
            {"min_tasks": 3, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", max_tasks=2)}},
            "schedules.day.max_tasks must be at least min_tasks (3), which this schedule leaves, got 2; "
            "give its min_tasks too",
        ),
    ],
)
def test_scaled_tasks_can_be_scaled(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert scaled(**changes).max_tasks == 4
    else:
        assert problems(lambda: scaled(**changes)) == [problem]


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


@pytest.mark.parametrize("cidr_block", ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "255.255.255.255/32"])
def test_callers_come_from_ranges(cidr_block: str) -> None:
    assert OwnLoadBalancer(port="http", allowed_cidr_blocks=[cidr_block]).allowed_cidr_blocks == (cidr_block,)


@pytest.mark.parametrize(
    ("cidr_block", "rule", "fix"),
    [
        ("10.0.0.0/33", "be an IPv4 range such as 10.0.0.0/16", "who may reach it"),
        ("256.0.0.0/8", "be an IPv4 range such as 10.0.0.0/16", "who may reach it"),
        ("999.0.0.0/99", "be an IPv4 range such as 10.0.0.0/16", "who may reach it"),
        ("::/0", "be an IPv4 range such as 10.0.0.0/16", "who may reach it"),
        ("10.0.0.1/8", "be written as '10.0.0.0/8'", "a range is named by its first address"),
        ("10.0.0.1", "be written as '10.0.0.1/32'", "a range is named by its first address"),
    ],
)
def test_callers_come_from_nowhere_else(cidr_block: str, rule: str, fix: str) -> None:
    assert message(OwnLoadBalancer, port="http", allowed_cidr_blocks=["10.0.0.0/8", cidr_block]) == (
        f"OwnLoadBalancer: allowed_cidr_blocks[1] must {rule}, got {cidr_block!r}; {fix}"
    )


def test_a_range_of_callers_is_named_once() -> None:
    assert message(OwnLoadBalancer, port="http", allowed_cidr_blocks=["10.0.0.0/8", "10.0.0.0/8"]) == (
        "OwnLoadBalancer: allowed_cidr_blocks must name each one once, got ('10.0.0.0/8', '10.0.0.0/8'); "
        "'10.0.0.0/8' is there more than once"
    )


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
