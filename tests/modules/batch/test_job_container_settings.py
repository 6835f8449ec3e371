"""Every rule of jobs of several containers, on both edges and one step outside, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.containers import OF_TASKS_ONLY
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.job_definitions import Ec2MultiContainerJobDefinition, FargateMultiContainerJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.batch.settings.job_queues import JobQueueSettings
from modules.containers.settings import HostMount
from tests.modules.batch.samples import IMAGE
from tests.modules.batch.samples import fargate_job as fargate_sample
from tests.problems import problems_of, refused


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


def fargate_job(*sizes: tuple[float, int], **changes: Any) -> FargateMultiContainerJobDefinition:
    containers = {
        f"c{number}": FargateJobContainer(image=IMAGE, vcpus=vcpus, memory_mib=memory_mib)
        for number, (vcpus, memory_mib) in enumerate(sizes)
    }
    values: dict[str, Any] = {"job_queues": ["light"], "timeout_seconds": 60, "containers": containers}
    return FargateMultiContainerJobDefinition(**values | changes)


def test_containers_on_fargate_are_together_the_size_of_the_job() -> None:
    job = fargate_job((0.75, 1_024), (0.25, 1_024))
    assert (job.vcpus, job.memory_mib) == (1, 2_048)
    assert fargate_job(*[(0.1, 256)] * 8, (0.2, 1_024)).vcpus == 1
    assert fargate_job((16, 122_880), (16, 126_976)).vcpus == 32


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([(0.75, 1_024), (0.5, 1_024)], "containers: 0.25, 0.5, 1, 2, 4, 8, 16, 32, got 1.25"),
        ([(0.5, 1_024), (0.5, 1_025)], "containers: 2,048, 8,192, 1,024, 1, got 2,049"),
        ([(0.5, 1_024), (0.5, 512)], "containers: 2,048, 8,192, 1,024, 1, got 1,536"),
    ],
)
def test_other_sums_are_no_size_of_fargate(sizes: list[tuple[float, int]], message: str) -> None:
    assert refused(lambda: fargate_job(*sizes)) == [message]


@pytest.mark.parametrize("name", ["vcpus", "memory_mib"])
def test_a_job_of_several_containers_has_no_other_size(name: str) -> None:
    assert refused(lambda: fargate_job((0.5, 1_024), (0.5, 1_024), **{name: 4_096})) == [name]


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
    sizes = [(0.5, 1_024), (0.5, 1_024)]
    assert fargate_job(*sizes, timeout_seconds=1_209_600)
    assert refused(lambda: fargate_job(*sizes, timeout_seconds=1_209_601)) == [
        "timeout_seconds: 1,209,600, got 1,209,601"
    ]


@pytest.mark.parametrize("name", ["restart", "drop_capabilities", "docker_labels", "environment_files", "entry_point"])
def test_what_only_tasks_have_is_refused_by_name_with_the_reason(name: str) -> None:
    for build in (fargate_sample, lambda **changes: several(members(a=changes, b={}))):
        (problem,) = problems_of(build, **{name: "any"})
        assert (problem.path, problem.reason) == (name, OF_TASKS_ONLY[name])


def test_what_the_provider_lacks_of_batch_is_refused_by_name_with_the_reason() -> None:
    (problem,) = problems_of(fargate_sample, consumable_resources=["licences"])
    assert "6.25.0" in problem.reason
    (problem,) = problems_of(JobQueueSettings, compute_environments=["light"], service_environments=["training"])
    assert "6.25.0" in problem.reason
