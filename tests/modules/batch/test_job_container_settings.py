"""Every rule of jobs of several containers, on both edges and one step outside, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.job_definitions import Ec2MultiContainerJobDefinition, FargateMultiContainerJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.settings import HostMount
from tests.modules.batch.samples import IMAGE
from tests.problems import refused


def members(**containers: dict[str, Any]) -> dict[str, Ec2JobContainer]:
    base: dict[str, Any] = {"image": IMAGE, "vcpus": 1, "memory_mib": 512}
    return {name: Ec2JobContainer(**(base | changes)) for name, changes in containers.items()}


def several(containers: dict[str, Ec2JobContainer]) -> Ec2MultiContainerJobDefinition:
    return Ec2MultiContainerJobDefinition(job_queues=["gpu"], timeout_seconds=60, containers=containers)


def test_a_job_of_several_containers_has_two_to_ten_containers() -> None:
    assert several(members(a={}, b={}))
    assert several(members(**{f"c{number}": {} for number in range(10)}))
    assert refused(lambda: several(members(a={}))) == ["containers: 2, got 1"]
    assert refused(lambda: several(members(**{f"c{number}": {} for number in range(11)}))) == ["containers: 10, got 11"]


@pytest.mark.parametrize("name", ["start_timeout_seconds", "stop_timeout_seconds"])
def test_a_container_of_several_has_no_time_to_start_or_stop_which_the_provider_would_drop(name: str) -> None:
    assert refused(lambda: several(members(a={name: 30}, b={}))) == [f"{name}"]


def test_containers_on_fargate_share_the_size_of_the_job() -> None:
    def share(vcpus: float, memory_mib: int) -> FargateMultiContainerJobDefinition:
        container = FargateJobContainer(image=IMAGE, vcpus=vcpus, memory_mib=memory_mib)
        return FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=60,
            vcpus=1,
            memory_mib=2_048,
            containers={"a": container, "b": container},
        )

    assert share(0.5, 1_024)
    assert refused(lambda: share(0.75, 1_025)) == [
        "vcpus: 1.5, got 1",
        "memory_mib: 2,050, got 2,048",
    ]


def test_containers_on_one_instance_have_one_architecture() -> None:
    assert several(members(a={"architecture": "ARM64"}, b={"architecture": "ARM64"}))
    assert refused(lambda: several(members(a={"architecture": "ARM64"}, b={}))) == ["containers: got ARM64 and X86_64"]


def test_what_fargate_does_not_have_is_refused_in_each_container_of_several() -> None:
    mounts, logs = [HostMount(host_path="/mnt", container_path="/mnt")], DriverJobLogs(driver="syslog")
    assert refused(lambda: FargateJobContainer(image=IMAGE, vcpus=1, memory_mib=4, mounts=mounts, logs=logs)) == [
        "mounts[0]: got a HostMount",
        "logs.driver: got 'syslog'",
    ]


def test_several_containers_on_fargate_have_14_days() -> None:
    container = FargateJobContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024)
    assert refused(
        lambda: FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=1_209_601,
            vcpus=1,
            memory_mib=2_048,
            containers={"a": container, "b": container},
        )
    ) == ["timeout_seconds: 1,209,600, got 1,209,601"]
