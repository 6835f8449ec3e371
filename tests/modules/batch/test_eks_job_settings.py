"""Every rule of jobs on EKS, with its whole message."""

from typing import Any

from modules.batch.settings.eks_job_definitions import (
    EksContainerSettings,
    EksInitContainer,
    EksJobDefinition,
    EmptyDirVolume,
)
from tests.modules.batch.samples import IMAGE
from tests.problems import refused


def pod(**changes: Any) -> EksJobDefinition:
    container = EksContainerSettings(image=IMAGE, vcpus=0.25, memory_mib=4, mounts={"scratch": "/tmp"})
    values: dict[str, Any] = {
        "job_queues": ["pods"],
        "timeout_seconds": 60,
        "containers": {"main": container},
        "volumes": {"scratch": EmptyDirVolume(size_mib=1)},
    }
    return EksJobDefinition(**(values | changes))


def test_a_pod_mounts_and_refers_to_what_it_declares() -> None:
    first = EksInitContainer(name="main", image=IMAGE, vcpus=0.25, memory_mib=4, args=["Ref::shard"])
    assert pod()
    assert refused(lambda: pod(volumes={}, init_containers=[first])) == [
        "init_containers: got 'main'",
        "init_containers[0].args: got 'Ref::shard'",
        "containers.main.mounts.scratch: got 'scratch'",
    ]


def test_a_pod_s_environment_leaves_batch_s_own_names_alone() -> None:
    variables = {"AWS_BATCH_JOB_ID": "1"}
    assert refused(lambda: EksContainerSettings(image=IMAGE, vcpus=0.25, memory_mib=4, environment=variables)) == [
        "environment.AWS_BATCH_JOB_ID: got 'AWS_BATCH_JOB_ID'"
    ]


def test_a_pod_takes_quarters_of_a_vcpu() -> None:
    assert EksContainerSettings(image=IMAGE, vcpus=1.75, memory_mib=4)
    assert refused(lambda: EksContainerSettings(image=IMAGE, vcpus=0.3, memory_mib=4)) == ["vcpus: 0.25, got 0.3"]
