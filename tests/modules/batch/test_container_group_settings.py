"""Every rule of jobs of several containers, on both edges and one step outside, with its whole message."""

from typing import Any, Literal

import pytest

from modules.batch.settings.container_groups import ContainerDependency, Ec2GroupContainer, FargateGroupContainer
from modules.batch.settings.job_definitions import Ec2MultiContainerJobDefinition, FargateMultiContainerJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.settings import HostMount
from tests.modules.batch.samples import IMAGE
from tests.problems import refused


def group(**containers: dict[str, Any]) -> dict[str, Ec2GroupContainer]:
    base: dict[str, Any] = {"image": IMAGE, "vcpus": 1, "memory_mib": 512}
    return {name: Ec2GroupContainer(**(base | changes)) for name, changes in containers.items()}


def several(containers: dict[str, Ec2GroupContainer]) -> Ec2MultiContainerJobDefinition:
    return Ec2MultiContainerJobDefinition(job_queues=["gpu"], timeout_seconds=60, group=containers)


def after(name: str, condition: Literal["START", "COMPLETE", "SUCCESS"]) -> dict[str, Any]:
    return {"depends_on": [ContainerDependency(container=name, condition=condition)]}


def test_a_group_has_two_to_ten_containers() -> None:
    assert several(group(a={}, b={}))
    assert several(group(**{f"c{number}": {} for number in range(10)}))
    assert refused(lambda: several(group(a={}))) == ["group: 2, got 1"]
    assert refused(lambda: several(group(**{f"c{number}": {} for number in range(11)}))) == ["group: 10, got 11"]


def test_a_group_needs_an_essential_container() -> None:
    assert refused(lambda: several(group(a={"essential": False}, b={"essential": False}))) == ["group: got none"]


def test_containers_wait_for_others_that_can_come_that_far() -> None:
    assert several(group(a=after("b", "START"), b={}))
    assert several(group(a=after("b", "SUCCESS"), b={"essential": False}))
    assert refused(lambda: several(group(a=after("c", "START"), b={}))) == ["group.a.depends_on[0].container: got 'c'"]
    assert refused(lambda: several(group(a=after("b", "COMPLETE"), b={}))) == [
        "group.a.depends_on[0].container: got 'b'"
    ]
    twice = {"depends_on": [*after("b", "START")["depends_on"], *after("b", "COMPLETE")["depends_on"]]}
    assert refused(lambda: several(group(a=twice, b={"essential": False}))) == [
        "group.a.depends_on[1].container: got 'b'"
    ]
    assert refused(lambda: several(group(a=after("b", "START"), b=after("a", "START")))) == ["group: got a → b → a"]


@pytest.mark.parametrize("name", ["start_timeout_seconds", "stop_timeout_seconds"])
def test_a_container_of_a_group_has_no_time_to_start_or_stop_which_the_provider_would_drop(name: str) -> None:
    assert refused(lambda: several(group(a={name: 30}, b={}))) == [f"{name}"]


def test_containers_on_fargate_share_the_size_of_the_job() -> None:
    def share(vcpus: float, memory_mib: int) -> FargateMultiContainerJobDefinition:
        container = FargateGroupContainer(image=IMAGE, vcpus=vcpus, memory_mib=memory_mib)
        return FargateMultiContainerJobDefinition(
            job_queues=["light"], timeout_seconds=60, vcpus=1, memory_mib=2_048, group={"a": container, "b": container}
        )

    assert share(0.5, 1_024)
    assert refused(lambda: share(0.75, 1_025)) == [
        "vcpus: 1.5, got 1",
        "memory_mib: 2,050, got 2,048",
    ]


def test_containers_on_one_instance_have_one_architecture() -> None:
    assert several(group(a={"architecture": "ARM64"}, b={"architecture": "ARM64"}))
    assert refused(lambda: several(group(a={"architecture": "ARM64"}, b={}))) == ["group: got ARM64 and X86_64"]


def test_what_fargate_does_not_have_is_refused_in_each_container_of_a_group() -> None:
    container = FargateGroupContainer(
        image=IMAGE,
        vcpus=0.5,
        memory_mib=1_024,
        mounts=[HostMount(host_path="/mnt", container_path="/mnt")],
        logs=DriverJobLogs(driver="syslog"),
    )
    assert refused(
        lambda: FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=1_209_601,
            vcpus=1,
            memory_mib=2_048,
            group={"a": container, "b": FargateGroupContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024)},
        )
    ) == [
        "timeout_seconds: 1,209,600, got 1,209,601",
        "group.a.mounts[0]: got a HostMount",
        "group.a.logs.driver: got 'syslog'",
    ]
