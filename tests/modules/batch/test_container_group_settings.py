"""Every rule of jobs of several containers, on both edges and one step outside, with its whole message."""

from typing import Any, Literal

import pytest

from modules.batch.settings.container_groups import ContainerDependency, Ec2GroupContainer, FargateGroupContainer
from modules.batch.settings.job_definitions import Ec2MultiContainerJobDefinition, FargateMultiContainerJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.settings import HostMount
from tests.modules.batch.samples import IMAGE
from tests.problems import problems


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
    assert problems(lambda: several(group(a={}))) == [
        "group must have at least 2 items, got 1; containers by name; one container is an Ec2JobDefinition"
    ]
    assert problems(lambda: several(group(**{f"c{number}": {} for number in range(11)}))) == [
        "group must have at most 10 items, got 11; containers by name; one container is an Ec2JobDefinition"
    ]


def test_a_group_needs_an_essential_container() -> None:
    assert problems(lambda: several(group(a={"essential": False}, b={"essential": False}))) == [
        "group must have an essential container, got none; nothing would end the job"
    ]


def test_containers_wait_for_others_that_can_come_that_far() -> None:
    assert several(group(a=after("b", "START"), b={}))
    assert several(group(a=after("b", "SUCCESS"), b={"essential": False}))
    assert problems(lambda: several(group(a=after("c", "START"), b={}))) == [
        "group.a.depends_on[0].container must name another container (b), got 'c'"
    ]
    assert problems(lambda: several(group(a=after("b", "COMPLETE"), b={}))) == [
        "group.a.depends_on[0].container must name a container that is not essential with COMPLETE, got 'b'; "
        "the job ends when an essential container does"
    ]
    twice = {"depends_on": [*after("b", "START")["depends_on"], *after("b", "COMPLETE")["depends_on"]]}
    assert problems(lambda: several(group(a=twice, b={"essential": False}))) == [
        "group.a.depends_on[1].container must be named once, got 'b'; Batch refuses the job definition"
    ]
    assert problems(lambda: several(group(a=after("b", "START"), b=after("a", "START")))) == [
        "group must have no circle of depends_on, got a → b → a; none of them would start"
    ]


@pytest.mark.parametrize("name", ["start_timeout_seconds", "stop_timeout_seconds"])
def test_a_container_of_a_group_has_no_time_to_start_or_stop_which_the_provider_would_drop(name: str) -> None:
    assert problems(lambda: several(group(a={name: 30}, b={}))) == [
        f"{name} must be left out; provider 6.25.0 drops startTimeout and stopTimeout without a word: "
        "Batch's defaults would hold"
    ]


def test_containers_on_fargate_share_the_size_of_the_job() -> None:
    def share(vcpus: float, memory_mib: int) -> FargateMultiContainerJobDefinition:
        container = FargateGroupContainer(image=IMAGE, vcpus=vcpus, memory_mib=memory_mib)
        return FargateMultiContainerJobDefinition(
            job_queues=["light"], timeout_seconds=60, vcpus=1, memory_mib=2_048, group={"a": container, "b": container}
        )

    assert share(0.5, 1_024)
    assert problems(lambda: share(0.75, 1_025)) == [
        "vcpus must cover its containers (1.5), got 1; raise it or lower theirs",
        "memory_mib must cover its containers (2,050), got 2,048; raise it or lower theirs",
    ]


def test_containers_on_one_instance_have_one_architecture() -> None:
    assert several(group(a={"architecture": "ARM64"}, b={"architecture": "ARM64"}))
    assert problems(lambda: several(group(a={"architecture": "ARM64"}, b={}))) == [
        "group must have one architecture, got ARM64 and X86_64; its instances are of one type"
    ]


def test_what_fargate_does_not_have_is_refused_in_each_container_of_a_group() -> None:
    container = FargateGroupContainer(
        image=IMAGE,
        vcpus=0.5,
        memory_mib=1_024,
        mounts=[HostMount(host_path="/mnt", container_path="/mnt")],
        logs=DriverJobLogs(driver="syslog"),
    )
    assert problems(
        lambda: FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=1_209_601,
            vcpus=1,
            memory_mib=2_048,
            group={"a": container, "b": FargateGroupContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024)},
        )
    ) == [
        "timeout_seconds must be at most 1,209,600 seconds on Fargate, got 1,209,601; "
        "after 14 days AWS may end the job; use EC2",
        "group.a.mounts[0] must not be a HostMount on Fargate, got a HostMount; there is no host to mount from",
        "group.a.logs.driver must be splunk on Fargate, got 'syslog'; it has no other",
    ]
