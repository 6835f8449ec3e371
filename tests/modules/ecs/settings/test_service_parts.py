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
    DnsDiscovery,
    OwnLoadBalancer,
    ServiceConnect,
    TargetHealth,
)
from modules.ecs.settings.placement import EbsVolume, PlacementStrategy
from modules.ecs.settings.scaling import FixedTasks, ScheduledScaling
from modules.problems import LARGEST
from tests.modules.ecs.settings.service_samples import listener, scaled
from tests.problems import refused


@pytest.mark.parametrize(
    ("build", "field", "lowest", "highest"),
    [
        (FixedTasks, "count", 0, 5_000),
        (scaled, "cpu_percent", 1, 100),
        (scaled, "memory_percent", 1, 100),
        (scaled, "requests_per_task", 1, LARGEST),
        (scaled, "scale_in_cooldown_seconds", 0, LARGEST),
        (scaled, "scale_out_cooldown_seconds", 0, LARGEST),
        (TargetHealth, "grace_seconds", 0, LARGEST),
        (DnsDiscovery, "ttl_seconds", 0, LARGEST),
        (lambda **values: ServiceConnect(port="http", **values), "per_request_timeout_seconds", 0, LARGEST),
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
    ],
)
def test_limits_hold_on_both_edges(build: Any, field: str, lowest: float, highest: float) -> None:
    for value in (lowest, highest):
        assert getattr(build(**{field: value}), field) == value
    step = 0.1 if isinstance(lowest, float) else 1
    for outside in (round(lowest - step, 1), highest + step):
        assert refused(partial(build, **{field: outside}))[0].startswith(f"{field}: ")


def test_a_deployment_can_replace_a_task() -> None:
    assert RollingDeployment(min_healthy_percent=99, max_percent=100).max_percent == 100
    assert refused(RollingDeployment, min_healthy_percent=100, max_percent=100) == ["max_percent: 100, got 100"]


@pytest.mark.parametrize(("kind", "field"), [(CanaryDeployment, "canary_percent"), (LinearDeployment, "step_percent")])
def test_traffic_moves_in_tenths_of_a_percent(kind: Any, field: str) -> None:
    assert getattr(kind(**{field: 12.5}), field) == 12.5
    assert refused(kind, **{field: 12.55}) == [f"{field}: 0.1, got 12.55"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"min_tasks": 4}, None),
        ({"min_tasks": 5}, "min_tasks: 4, got 5"),
        (
            {"cpu_percent": None},
            "cpu_percent: got None",
        ),
        ({"cpu_percent": None, "memory_percent": 70}, None),
        (
            {"min_tasks": 0},
            "min_tasks: 1, got 0",
        ),
        ({"min_tasks": 0, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=1)}}, None),
        ({"schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=4)}}, None),
        (
            {"schedules": {"day": ScheduledScaling(schedule="rate(1 day)", min_tasks=5)}},
            "schedules.day.min_tasks: 4, got 5",
        ),
        ({"min_tasks": 3, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", max_tasks=3)}}, None),
        (
            {"min_tasks": 3, "schedules": {"day": ScheduledScaling(schedule="rate(1 day)", max_tasks=2)}},
            "schedules.day.max_tasks: 3, got 2",
        ),
    ],
)
def test_scaled_tasks_can_be_scaled(changes: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert scaled(**changes).max_tasks == 4
    else:
        assert refused(lambda: scaled(**changes)) == [problem]


def test_a_schedule_sets_something_the_right_way_round() -> None:
    assert refused(ScheduledScaling, schedule="rate(1 day)") == ["min_tasks: got None"]
    assert ScheduledScaling(schedule="rate(1 day)", min_tasks=2, max_tasks=2).max_tasks == 2
    assert refused(ScheduledScaling, schedule="rate(1 day)", min_tasks=3, max_tasks=2) == ["min_tasks: 2, got 3"]


def test_a_health_check_ends_before_the_next() -> None:
    assert refused(TargetHealth, interval_seconds=5, timeout_seconds=5) == ["timeout_seconds: 5, got 5"]


def test_a_rule_of_a_listener_has_from_one_to_five_conditions() -> None:
    assert listener(path_patterns=["/a", "/b"], host_headers=["a.io", "b.io", "c.io"]).priority == 1
    assert refused(lambda: listener(path_patterns=[])) == ["path_patterns: got []"]
    assert refused(lambda: listener(path_patterns=["/a", "/b"], host_headers=["a.io", "b.io", "c.io", "d.io"])) == [
        "path_patterns: 5, got 6"
    ]


@pytest.mark.parametrize("pattern", ["/" + "a" * 127, "*", "/a?b/~$'\"@:+;&-_."])
def test_a_path_pattern_is_what_a_rule_takes(pattern: str) -> None:
    assert listener(path_patterns=[pattern]).path_patterns == (pattern,)


@pytest.mark.parametrize("pattern", ["", "/" + "a" * 128, "/a b", "/é", "/a#b", "/a%20b"])
def test_a_path_pattern_is_nothing_else(pattern: str) -> None:
    assert [item.partition(":")[0] for item in refused(lambda: listener(path_patterns=[pattern]))] == [
        "path_patterns[0]"
    ]


@pytest.mark.parametrize("header", ["a.io", "*.example.com", "x-?.*.example.COM", "a" * 125 + ".io"])
def test_a_host_header_is_what_a_rule_takes(header: str) -> None:
    assert listener(host_headers=[header]).host_headers == (header,)


@pytest.mark.parametrize("header", ["", "localhost", "example.*", "10.0.0.1", "a" * 126 + ".io", "a_b.io", "a.io:80"])
def test_a_host_header_is_nothing_else(header: str) -> None:
    assert [item.partition(":")[0] for item in refused(lambda: listener(host_headers=[header]))] == ["host_headers[0]"]


def test_a_rule_of_a_listener_has_at_most_six_wildcards() -> None:
    assert listener(path_patterns=["/*/*/?"], host_headers=["*.*.*.io"]).priority == 1
    assert refused(lambda: listener(path_patterns=["/*/*/?"], host_headers=["*.*.*.?.io"])) == [
        "path_patterns: 6, got 7"
    ]


@pytest.mark.parametrize("codes", ["200", "499", "200-499", "200,202,299-301"])
def test_a_target_answers_with_codes_that_a_load_balancer_takes(codes: str) -> None:
    assert TargetHealth(status_codes=codes).status_codes == codes


@pytest.mark.parametrize("codes", ["199", "503", "200-599", "299-200", "200,", "200-202-204", "20", ""])
def test_a_target_answers_with_no_other_codes(codes: str) -> None:
    assert refused(TargetHealth, status_codes=codes) == [f"status_codes: 200, 499, got {codes!r}"]


@pytest.mark.parametrize("cidr_block", ["0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "255.255.255.255/32"])
def test_callers_come_from_ranges(cidr_block: str) -> None:
    assert OwnLoadBalancer(port="http", allowed_cidr_blocks=[cidr_block]).allowed_cidr_blocks == (cidr_block,)


@pytest.mark.parametrize(
    "cidr_block",
    [
        "10.0.0.0/33",
        "256.0.0.0/8",
        "999.0.0.0/99",
        "::/0",
        "10.0.0.1/8",
        "10.0.0.1",
    ],
)
def test_callers_come_from_nowhere_else(cidr_block: str) -> None:
    assert refused(OwnLoadBalancer, port="http", allowed_cidr_blocks=["10.0.0.0/8", cidr_block]) == [
        f"allowed_cidr_blocks[1]: got {cidr_block!r}"
    ]


def test_a_range_of_callers_is_named_once() -> None:
    assert refused(OwnLoadBalancer, port="http", allowed_cidr_blocks=["10.0.0.0/8", "10.0.0.0/8"]) == [
        "allowed_cidr_blocks: got ('10.0.0.0/8', '10.0.0.0/8')"
    ]


def test_service_connect_is_called_at_a_port() -> None:
    assert refused(ServiceConnect, client_port=80, per_request_timeout_seconds=0) == [
        "client_port: got 80",
        "per_request_timeout_seconds: got 0",
    ]


@pytest.mark.parametrize(
    ("type_", "field", "problem"),
    [
        ("spread", "instanceId", None),
        ("binpack", "cpu", None),
        ("random", None, None),
        ("random", "cpu", "field: got 'cpu'"),
        (
            "binpack",
            "instanceId",
            "field: got 'instanceId'",
        ),
        (
            "spread",
            None,
            "field: got None",
        ),
    ],
)
def test_a_placement_goes_by_what_it_can(type_: Any, field: Any, problem: str | None) -> None:
    if problem is None:
        assert PlacementStrategy(type=type_, field=field).field == field
    else:
        assert refused(lambda: PlacementStrategy(type=type_, field=field)) == [problem]


def test_a_volume_is_one_that_gp3_has() -> None:
    assert EbsVolume(size_gib=7, iops=3_500, throughput_mib_per_second=875).iops == 3_500
    assert refused(EbsVolume, size_gib=7, iops=3_501) == ["iops: 500, 7, got 3,501"]
    assert refused(EbsVolume, size_gib=7, throughput_mib_per_second=751) == [
        "throughput_mib_per_second: 3,000, got 751"
    ]
