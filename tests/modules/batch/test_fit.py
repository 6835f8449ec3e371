"""Jobs against capacity: every dimension on its edge and one step outside."""

import re
from typing import Any

import pytest

from modules.batch.fit import mismatches, requested
from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import EksContainer, EksInitContainer, EksJobDefinition
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_logs import DriverJobLogs
from modules.ec2.settings import LaunchTemplateSettings
from tests.modules.batch.samples import every_kind
from tests.problems import NUMBER

ASKED = re.compile(rf"{NUMBER.pattern}|X86_64|ARM64|\b[a-z]+\d\w*\.\w+|\b\w+(?:Environment|Definition)\b")
TYPE = re.compile(r"\b[a-z]+\d\w*(?:\.\w+)?")


def job(**changes: Any) -> Ec2JobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["gpu"],
        "image": "embed:1",
        "timeout_seconds": 60,
        "vcpus": 4,
        "memory_mib": 8_192,
    }
    return Ec2JobDefinition(**(values | changes))


def distributed(*groups: dict[str, Any], **changes: Any) -> MultiNodeJobDefinition:
    base: dict[str, Any] = {"image": "train:1", "vcpus": 4, "memory_mib": 8_192, "node_count": 1}
    node_groups = [NodeGroup(**(base | group)) for group in groups or ({"node_count": 2},)]
    return MultiNodeJobDefinition(job_queues=["distributed"], timeout_seconds=60, node_groups=node_groups, **changes)


def pod(vcpus: float = 1, memory_mib: int = 1_024, **changes: Any) -> EksJobDefinition:
    container = EksContainer(image="embed:1", vcpus=vcpus, memory_mib=memory_mib)
    return EksJobDefinition(job_queues=["pods"], timeout_seconds=60, containers={"main": container}, **changes)


def capacity(*types: str, max_vcpus: int = 64) -> Ec2ComputeEnvironment:
    return Ec2ComputeEnvironment(instance_types=types or ("c6i.2xlarge",), max_vcpus=max_vcpus)


def nodes(*types: str) -> EksComputeEnvironment:
    return EksComputeEnvironment(
        instance_types=types or ("c6i.2xlarge",),
        max_vcpus=64,
        eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/ml",
        kubernetes_namespace="batch",
        security_group_ids=["sg-01234567"],
    )


def reasons(job_settings: JobDefinitionSettings, environment: ComputeEnvironmentSettings) -> list[tuple[str, str, str]]:
    """Return the numbers and names of what is asked for, what is there, and the types and families of the fix."""
    return [
        (", ".join(ASKED.findall(item.rule)), item.got, ", ".join(TYPE.findall(item.fix)))
        for item in mismatches(job_settings, environment)
    ]


def test_a_job_may_take_all_the_vcpus_of_an_instance_and_no_more() -> None:
    assert reasons(job(vcpus=8), capacity()) == []
    assert reasons(job(vcpus=9), capacity()) == [
        (
            "9, 8,192, X86_64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "c6i, c6i.4xlarge",
        )
    ]


def test_a_job_may_take_the_memory_that_kernel_and_agent_leave_and_no_more() -> None:
    assert reasons(job(memory_mib=15_532), capacity()) == []
    assert reasons(job(memory_mib=15_533), capacity()) == [
        (
            "4, 15,533, X86_64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "c6i, c6i.4xlarge",
        )
    ]


def test_a_job_may_take_all_gpus_of_an_instance_and_no_more() -> None:
    assert reasons(job(gpus=1), capacity("g5.xlarge")) == []
    assert reasons(job(gpus=2), capacity("g5.xlarge")) == [
        (
            "4, 8,192, 2, X86_64",
            "at most g5.xlarge (4 vCPUs, 15,532 MiB of 16,384 for jobs, 1 GPU, x86_64)",
            "g5, g5.12xlarge",
        )
    ]


def test_families_that_never_have_enough_are_named() -> None:
    assert reasons(job(gpus=1), capacity("c6i.2xlarge", "m6i.2xlarge"))[0][2] == ("c6i, m6i")


def test_the_architecture_of_the_image_has_to_be_that_of_the_instances() -> None:
    assert reasons(job(architecture="ARM64"), capacity("c7g.2xlarge")) == []
    assert reasons(job(architecture="ARM64"), capacity()) == [
        (
            "4, 8,192, ARM64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "c6i",
        )
    ]


def test_one_type_that_fits_is_enough() -> None:
    assert reasons(job(vcpus=16), capacity("c6i.2xlarge", "c6i.4xlarge")) == []


def test_a_job_needs_no_more_than_max_vcpus() -> None:
    assert reasons(job(vcpus=8), capacity(max_vcpus=8)) == []
    assert reasons(job(vcpus=8), capacity(max_vcpus=7)) == [("8", "7", "")]


def test_each_node_of_a_multi_node_job_takes_a_whole_instance_of_max_vcpus() -> None:
    assert reasons(distributed(), capacity(max_vcpus=16)) == []
    assert reasons(distributed(), capacity(max_vcpus=15)) == [("16", "15", "")]


def test_the_instance_type_of_a_multi_node_job_has_to_be_there() -> None:
    assert reasons(distributed(instance_type="c6i.2xlarge"), capacity()) == []
    assert reasons(distributed(instance_type="c6i.4xlarge"), capacity("c6i.2xlarge", "c6i.large")) == [
        ("c6i.4xlarge", "c6i.large, c6i.2xlarge", "")
    ]


def test_multi_node_jobs_run_on_demand_only() -> None:
    spot = SpotComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=64)
    assert reasons(distributed(), spot) == [
        (
            "Ec2ComputeEnvironment, MultiNodeJobDefinition",
            "a SpotComputeEnvironment",
            "",
        )
    ]


def test_what_is_made_for_ec2_does_not_run_on_fargate_and_the_other_way_round() -> None:
    fargate = FargateComputeEnvironment(max_vcpus=64)
    fargate_job = FargateJobDefinition(
        job_queues=["light"], image="embed:1", timeout_seconds=60, vcpus=1.0, memory_mib=2_048
    )
    assert reasons(fargate_job, fargate) == []
    assert reasons(fargate_job, capacity())[0][:2] == (
        "FargateComputeEnvironment, FargateSpotComputeEnvironment, FargateJobDefinition",
        "an Ec2ComputeEnvironment",
    )
    assert reasons(job(), fargate)[0][:2] == (
        "Ec2ComputeEnvironment, SpotComputeEnvironment, UnmanagedComputeEnvironment, Ec2JobDefinition",
        "a FargateComputeEnvironment",
    )


def test_what_is_no_pod_does_not_run_on_eks_and_a_pod_nowhere_else() -> None:
    assert reasons(job(), nodes()) == [
        (
            "Ec2ComputeEnvironment, SpotComputeEnvironment, UnmanagedComputeEnvironment, Ec2JobDefinition",
            "an EksComputeEnvironment",
            "",
        )
    ]
    assert reasons(pod(), capacity()) == [
        (
            "EksComputeEnvironment, EksSpotComputeEnvironment, EksJobDefinition",
            "an Ec2ComputeEnvironment",
            "",
        )
    ]


@pytest.mark.parametrize("architecture", ["X86_64", "ARM64"])
@pytest.mark.parametrize("kind", [FargateComputeEnvironment, FargateSpotComputeEnvironment])
def test_fargate_has_both_architectures(
    kind: type[FargateComputeEnvironment | FargateSpotComputeEnvironment], architecture: Any
) -> None:
    settings = FargateJobDefinition(
        job_queues=["light"],
        image="embed:1",
        timeout_seconds=60,
        vcpus=1.0,
        memory_mib=2_048,
        architecture=architecture,
    )
    assert reasons(settings, kind(max_vcpus=1)) == []


def test_a_fargate_job_needs_no_more_than_max_vcpus() -> None:
    settings = FargateJobDefinition(
        job_queues=["light"], image="embed:1", timeout_seconds=60, vcpus=2.0, memory_mib=4_096
    )
    assert reasons(settings, FargateComputeEnvironment(max_vcpus=2)) == []
    assert reasons(settings, FargateComputeEnvironment(max_vcpus=1)) == [("2", "1", "")]


def test_the_nodes_of_a_job_are_of_one_type_which_has_to_do_for_all_of_them() -> None:
    groups = {"gpus": 1, "vcpus": 4, "memory_mib": 8_192}, {"vcpus": 2, "memory_mib": 60_000}
    # Each group would fit on one of the two.
    assert reasons(distributed(*groups), capacity("g5.xlarge", "r6i.2xlarge")) == [
        (
            "4, 60,000, 1, X86_64",
            "at most g5.xlarge (4 vCPUs, 15,532 MiB of 16,384 for jobs, 1 GPU, x86_64)",
            "g5, r6i, g5.4xlarge",
        )
    ]
    assert reasons(distributed(*groups), capacity("g5.xlarge", "g5.4xlarge")) == []


def test_all_nodes_of_all_groups_count_as_that_type() -> None:
    groups = {"vcpus": 2, "memory_mib": 2_048, "node_count": 2}, {"vcpus": 8, "node_count": 1}
    assert reasons(distributed(*groups), capacity("c6i.large", "c6i.2xlarge", max_vcpus=24)) == []
    assert reasons(distributed(*groups), capacity("c6i.large", "c6i.2xlarge", max_vcpus=23)) == [("24", "23", "")]


def test_what_eks_and_its_daemons_keep_of_a_vcpu_is_not_there_for_pods() -> None:
    # 8 less 0.09 that the kubelet keeps and 0.15 for what runs on every node.
    assert reasons(pod(7.75), nodes()) == []
    assert reasons(pod(8), nodes()) == [
        (
            "8, 1,024, X86_64",
            "at most c6i.2xlarge (7.76 of 8 vCPUs, 14,571 MiB of 16,384 for jobs, x86_64)",
            "c6i, c6i.4xlarge",
        )
    ]


def test_what_eks_keeps_of_the_memory_is_not_there_for_pods() -> None:
    assert reasons(pod(memory_mib=14_571), nodes()) == []
    assert [rule for rule, _, _ in reasons(pod(memory_mib=14_572), nodes())] == ["1, 14,572, X86_64"]


def test_a_container_that_runs_before_the_others_needs_the_room_only_while_they_do_not() -> None:
    def first(name: str, vcpus: float) -> EksInitContainer:
        return EksInitContainer(name=name, image="embed:1", vcpus=vcpus, memory_mib=512)

    assert requested(pod(2, init_containers=[first("fetch", 1.0)])).vcpus == 2
    assert requested(pod(2, init_containers=[first("fetch", 1.0), first("unpack", 3.0)])).vcpus == 3


def test_an_unmanaged_environment_has_instances_but_no_max_vcpus() -> None:
    pool = UnmanagedComputeEnvironment(instance_types=["c6i.2xlarge"], instance_count=1)
    assert reasons(job(vcpus=8), pool) == []
    assert len(reasons(job(vcpus=9), pool)) == 1


def test_an_unmanaged_environment_without_instances_runs_nothing() -> None:
    pool = UnmanagedComputeEnvironment(instance_types=["c6i.2xlarge"], instance_count=0)
    assert reasons(job(), pool) == [("1", "0", "")]


@pytest.mark.parametrize("driver", ["fluentd", "json-file", "syslog"])
def test_the_agent_knows_these_log_drivers(driver: Any) -> None:
    assert reasons(job(logs=DriverJobLogs(driver=driver)), capacity()) == []


@pytest.mark.parametrize("driver", ["gelf", "journald", "splunk"])
def test_the_agent_has_to_be_told_about_other_log_drivers(driver: Any) -> None:
    settings = job(logs=DriverJobLogs(driver=driver))
    script = "#!/bin/bash\necho 'ECS_AVAILABLE_LOGGING_DRIVERS=[\"gelf\"]' >> /etc/ecs/ecs.config\n"
    told = Ec2ComputeEnvironment(
        instance_types=["c6i.2xlarge"], max_vcpus=8, launch_template=LaunchTemplateSettings(user_data=script)
    )
    own_image = Ec2ComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=8, image_id="ami-01234567")

    assert reasons(settings, told) == []
    assert reasons(settings, own_image) == []
    (mismatch,) = mismatches(settings, capacity())
    assert f" {driver} " in mismatch.rule


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fargate", "0.25 vCPUs, 512 MiB, ARM64"),
        ("ec2", "8 vCPUs, 30,000 MiB, 1 GPU, X86_64"),
        ("fargate-group", "1 vCPU, 2,048 MiB, X86_64"),
        ("ec2-group", "9 vCPUs, 30,512 MiB, 1 GPU, X86_64"),
        ("nodes", "8 vCPUs, 30,000 MiB, 1 GPU, X86_64"),
        ("eks", "1.5 vCPUs, 2,048 MiB, 1 GPU, X86_64"),
    ],
)
def test_containers_of_one_instance_add_up(name: str, expected: str) -> None:
    assert str(requested(every_kind()[name])) == expected


def test_how_many_instances_others_start_is_theirs_to_say() -> None:
    small = job(vcpus=1, memory_mib=1_024, gpus=0)
    found = [
        list(mismatches(small, UnmanagedComputeEnvironment(instance_types=("c6i.2xlarge",), instance_count=count)))
        for count in (None, 1, 0)
    ]
    assert [len(problems) for problems in found] == [0, 0, 1]
