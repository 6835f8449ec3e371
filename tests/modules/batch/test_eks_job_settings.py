"""Every rule of jobs on EKS, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.eks_job_definitions import (
    EksContainer,
    EksInitContainer,
    EksJobDefinition,
    EmptyDirVolume,
)
from tests.modules.batch.samples import IMAGE
from tests.problems import refused


def pod(**changes: Any) -> EksJobDefinition:
    container = EksContainer(image=IMAGE, vcpus=0.25, memory_mib=4, mounts={"scratch": "/tmp"})
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
        "init_containers[0].args: got 'Ref::shard'",
        "init_containers: got 'main'",
        "containers.main.mounts.scratch: got 'scratch'",
    ]


def test_a_pod_s_environment_leaves_batch_s_own_names_alone() -> None:
    variables = {"AWS_BATCH_JOB_ID": "1"}
    assert refused(lambda: EksContainer(image=IMAGE, vcpus=0.25, memory_mib=4, environment=variables)) == [
        "environment.AWS_BATCH_JOB_ID: got 'AWS_BATCH_JOB_ID'"
    ]


def test_a_pod_takes_quarters_of_a_vcpu() -> None:
    assert EksContainer(image=IMAGE, vcpus=1.75, memory_mib=4)
    assert refused(lambda: EksContainer(image=IMAGE, vcpus=0.3, memory_mib=4)) == ["vcpus: 0.25, got 0.3"]


@pytest.mark.parametrize("labels", [{"a": ""}, {"a" * 63: "b" * 63}, {"example.com/team_A.1": "x-1"}])
def test_a_pod_has_labels_that_kubernetes_takes(labels: dict[str, str]) -> None:
    assert pod(labels=labels).labels == labels


@pytest.mark.parametrize("labels", [{"": "a"}, {"a" * 64: "b"}, {"a": "b" * 64}, {"-a": "b"}, {"a": "b-"}, {"/a": "b"}])
def test_a_pod_has_no_other_labels(labels: dict[str, str]) -> None:
    assert [item.partition(":")[0].partition(".")[0] for item in refused(lambda: pod(labels=labels))] == ["labels"]


def test_containers_and_volumes_of_a_pod_have_no_dots_but_accounts_and_secrets_may() -> None:
    container = EksContainer(image=IMAGE, vcpus=0.25, memory_mib=4)
    assert pod(service_account_name="a.b", image_pull_secrets=["a." * 126 + "b"])
    assert refused(lambda: pod(containers={"a.b": container}))[0].startswith("containers.a.b")
    assert refused(lambda: pod(volumes={"scratch": EmptyDirVolume(size_mib=1), "a.b": EmptyDirVolume(size_mib=1)}))
    assert refused(lambda: pod(service_account_name="a..b")) == ["service_account_name: got 'a..b'"]
