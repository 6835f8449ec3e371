"""Containers and tasks: each limit on both edges and one step outside, with the whole message."""

from typing import Any

import pytest

from modules.containers.settings import HostMount, Tmpfs, Ulimit
from modules.ecs.settings.containers import (
    Ec2Container,
    FargateContainer,
    HealthCheck,
    Port,
)
from modules.ecs.settings.logging import CloudWatchLogging, FireLensLogging
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.settings import Settings
from tests.modules.ecs.samples import IMAGE, ec2_container, ec2_task, fargate_container, fargate_task
from tests.problems import refused

ROUTER = FireLensLogging(router_image="public.ecr.aws/x/fluent-bit:1", options={"Name": "stdout"}, router_memory_mib=64)


@pytest.mark.parametrize(
    ("settings", "field", "lowest", "highest"),
    [
        (HealthCheck, "interval_seconds", 5, 300),
        (HealthCheck, "timeout_seconds", 2, 60),
        (HealthCheck, "retries", 1, 10),
        (HealthCheck, "start_period_seconds", 0, 300),
        (Port, "port", 1, 65_535),
        (FargateContainer, "stop_timeout_seconds", 2, 120),
        (FargateContainer, "start_timeout_seconds", 2, 120),
        (Ec2Container, "stop_timeout_seconds", 2, 86_400),
        (Ec2Container, "start_timeout_seconds", 2, 86_400),
        (Ec2Container, "cpu_units", 2, 196_608),
        (Ec2Container, "gpus", 0, 16),
        (CloudWatchLogging, "buffer_mib", 1, 256),
    ],
)
def test_limits_hold_on_both_edges(settings: type[Settings], field: str, lowest: int, highest: int) -> None:
    needed: dict[str, Any] = {}
    if settings is HealthCheck:
        needed = {"command": "true"}
    if issubclass(settings, FargateContainer | Ec2Container):
        needed = {"image": IMAGE}
    for value in (lowest, highest):
        assert getattr(settings(**(needed | {field: value})), field) == value
    for value in (lowest - 1, highest + 1):
        assert refused(settings, **(needed | {field: value}))[0].endswith(f", got {value:,}")


@pytest.mark.parametrize("setting", ["start_timeout_seconds", "stop_timeout_seconds"])
def test_fargate_waits_two_minutes_at_most(setting: str) -> None:
    assert refused(FargateContainer, image=IMAGE, **{setting: 121}) == [f"{setting}: 2, 120, got 121"]


def test_a_container_says_what_it_must_be() -> None:
    assert refused(HealthCheck, command="true", interval_seconds=4) == ["interval_seconds: 5, 300, got 4"]


def test_fargate_has_one_ulimit_and_no_host() -> None:
    assert fargate_container(ulimits=[Ulimit(name="nofile", soft=1, hard=2)]).ulimits[0].hard == 2
    assert refused(
        lambda: fargate_container(
            ulimits=[Ulimit(name="memlock", soft=-1, hard=-1)],
            mounts=[HostMount(container_path="/data", host_path="/scratch")],
        )
    ) == [
        "mounts[0]: got a HostMount",
        "ulimits[0].name: got 'memlock'",
    ]


@pytest.mark.parametrize(("soft", "hard", "well"), [(1, 2, True), (2, 2, True), (3, 2, False), (-1, 2, False)])
def test_a_soft_limit_is_at_most_the_hard_one(soft: int, hard: int, well: bool) -> None:
    limit = Ulimit(name="nofile", soft=soft, hard=hard)
    if well:
        assert ec2_container(ulimits=[limit]).ulimits == (limit,)
    else:
        assert refused(lambda: ec2_container(ulimits=[limit])) == [f"ulimits[0].soft: 2, got {soft}"]


def test_what_is_kept_free_is_less_than_what_may_be_used() -> None:
    assert ec2_container(memory_mib=101, memory_reservation_mib=100).memory_mib == 101
    assert refused(lambda: ec2_container(memory_mib=100, memory_reservation_mib=100)) == [
        "memory_reservation_mib: 100, got 100"
    ]


def test_names_that_batch_keeps_for_itself_are_free_here() -> None:
    assert fargate_container(environment={"AWS_BATCH_SIZE": "8"}).environment == {"AWS_BATCH_SIZE": "8"}


def test_a_path_is_used_once() -> None:
    assert refused(lambda: ec2_container(scratch_paths=["/t"], tmpfs=[Tmpfs(container_path="/t", size_mib=1)])) == [
        "mounts: got '/t'"
    ]


def test_swappiness_needs_swap() -> None:
    assert ec2_container(swappiness=60, max_swap_mib=1).swappiness == 60
    assert refused(lambda: ec2_container(swappiness=60)) == ["swappiness: got 60"]


def test_an_application_protocol_runs_over_tcp() -> None:
    assert refused(Port, port=53, protocol="udp", application_protocol="http") == ["application_protocol: got 'http'"]


def test_a_task_has_one_of_fargates_sizes() -> None:
    assert refused(lambda: fargate_task(vcpus=1, memory_mib=1_024)) == ["memory_mib: 2,048, 8,192, 1,024, 1, got 1,024"]
    assert refused(lambda: fargate_task(vcpus=32, memory_mib=61_440)) == ["vcpus: 0.25, 0.5, 1, 2, 4, 8, 16, got 32"]


@pytest.mark.parametrize(("size", "well"), [(21, True), (200, True), (20, False), (201, False)])
def test_ephemeral_storage_is_from_21_to_200(size: int, well: bool) -> None:
    if well:
        assert fargate_task(ephemeral_storage_gib=size).ephemeral_storage_gib == size
    else:
        assert refused(lambda: fargate_task(ephemeral_storage_gib=size)) == [
            f"ephemeral_storage_gib: 21, 200, got {size}"
        ]


@pytest.mark.parametrize(("vcpus", "units"), [(0.125, 128), (192, 196_608)])
def test_an_ec2_task_has_from_128_to_196_608_units(vcpus: float, units: int) -> None:
    assert ec2_task(vcpus=vcpus).cpu_units == units


@pytest.mark.parametrize("vcpus", [0.12, 192.1])
def test_an_ec2_task_beyond_is_refused(vcpus: float) -> None:
    assert refused(lambda: ec2_task(vcpus=vcpus)) == [f"vcpus: 0.125, 192, got {vcpus}"]


def test_containers_share_the_size_of_their_task() -> None:
    pair = {
        "a": fargate_container(memory_mib=1_024, cpu_units=512),
        "b": fargate_container(memory_reservation_mib=1_024),
    }
    assert fargate_task(containers=pair).memory_mib == 2_048
    pair["b"] = fargate_container(memory_mib=1_025, cpu_units=513)
    assert refused(lambda: fargate_task(containers=pair)) == [
        "memory_mib: 2,049, got 2,048",
        "vcpus: 1.000977, got 1",
    ]


def test_the_log_router_counts_too() -> None:
    containers = {"worker": fargate_container(memory_mib=1_984)}
    assert fargate_task(containers=containers, logging=ROUTER).logging == ROUTER
    containers = {"worker": fargate_container(memory_mib=1_985)}
    assert refused(lambda: fargate_task(containers=containers, logging=ROUTER)) == ["memory_mib: 2,049, got 2,048"]


def test_the_log_routers_name_is_taken() -> None:
    containers = {"log-router": fargate_container()}
    assert fargate_task(containers=containers).containers == containers
    assert refused(lambda: fargate_task(containers=containers, logging=ROUTER)) == [
        "containers.log-router: got 'log-router'"
    ]


def test_memory_covers_what_lies_in_memory() -> None:
    folders = {"tmpfs": [Tmpfs(container_path="/t", size_mib=600)], "shared_memory_mib": 424}
    assert ec2_task(memory_mib=1_024, containers={"worker": ec2_container(**folders)}).gpus == 0
    assert refused(lambda: ec2_task(memory_mib=1_023, containers={"worker": ec2_container(**folders)})) == [
        "memory_mib: 1,024, got 1,023"
    ]


def test_ports_have_names_and_numbers_of_their_own() -> None:
    one = {"http": Port(port=80)}
    containers = {"a": fargate_container(ports=one), "b": fargate_container(ports=one)}
    assert refused(lambda: fargate_task(containers=containers)) == [
        "containers.b.ports.http: got 'http'",
        "containers.b.ports.http.port: got 80",
    ]


def test_behind_a_bridge_two_containers_may_listen_on_the_same_number() -> None:
    containers = {
        "a": ec2_container(ports={"http": Port(port=80)}),
        "b": ec2_container(ports={"admin": Port(port=80)}),
    }
    assert ec2_task(containers=containers, network_mode="bridge").containers == containers
    assert len(refused(lambda: ec2_task(containers=containers, network_mode="host"))) == 1


@pytest.mark.parametrize(("task", "make"), [(FargateTask, fargate_container), (Ec2Task, ec2_container)])
def test_a_task_has_from_one_to_ten_containers(task: Any, make: Any) -> None:
    sizes: dict[str, Any] = {"vcpus": 1, "memory_mib": 2_048}
    ten = {f"c{index}": make() for index in range(10)}
    assert len(task(containers=ten, **sizes).containers) == 10
    assert refused(task, containers={}, **sizes) == ["containers: 1, got 0"]
    eleven = ten | {"c10": make()}
    assert refused(task, containers=eleven, **sizes) == ["containers: 10, got 11"]


def test_the_log_router_is_one_of_ten_containers() -> None:
    nine = {f"c{index}": fargate_container() for index in range(9)}
    assert len(fargate_task(containers=nine, logging=ROUTER).containers) == 9
    ten = nine | {"c9": fargate_container()}
    assert len(fargate_task(containers=ten).containers) == 10
    assert refused(lambda: fargate_task(containers=ten, logging=ROUTER)) == ["containers: 9, got 10"]


def test_a_health_check_is_run_by_a_shell_or_without_one() -> None:
    assert HealthCheck(command="curl localhost || exit 1").command == "curl localhost || exit 1"
    assert HealthCheck(command=["/probe", "--live"]).command == ("/probe", "--live")
    assert [item.partition(":")[0] for item in refused(HealthCheck, command=[])] == ["command"]
    assert [item.partition(":")[0] for item in refused(HealthCheck, command="")] == ["command"]


@pytest.mark.parametrize("version", ["LATEST", "1.4.0"])
def test_fargate_has_the_platform_versions_that_are_left(version: str) -> None:
    assert fargate_task(platform_version=version).platform_version == version


@pytest.mark.parametrize("version", ["1.3.0", "2.7.1", "latest"])
def test_fargate_has_no_other_platform_version(version: str) -> None:
    assert [item.partition(":")[0] for item in refused(lambda: fargate_task(platform_version=version))] == [
        "platform_version"
    ]


def test_names_inside_a_task_are_as_long_as_ecs_takes_them() -> None:
    port = Port(port=80)
    assert fargate_task(containers={"a" * 244: fargate_container(ports={"b" * 64: port})})
    assert refused(lambda: fargate_task(containers={"a" * 245: fargate_container()}))
    assert refused(lambda: fargate_container(ports={"b" * 65: port}))


def test_folders_of_the_instance_give_volumes_of_their_own() -> None:
    def mounted(*paths: str) -> Ec2Task:
        mounts = [HostMount(container_path=f"/data{index}", host_path=path) for index, path in enumerate(paths)]
        return ec2_task(containers={"worker": ec2_container(mounts=mounts)})

    assert mounted("/a/b", "/c/b", "/a/b")
    assert refused(lambda: mounted("/a/b", "/a_b")) == ["containers.worker.mounts[1].host_path: got '/a_b'"]
