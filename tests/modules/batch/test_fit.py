"""Jobs against capacity: every dimension on its edge and one step outside, with the whole message."""

from typing import Any

import pytest

from modules.batch.fit import demands, misfits, usable_memory_mib
from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    FargateJobDefinition,
    JobDefinitionSettings,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.ec2.instance_types import find_type
from tests.modules.batch.samples import every_kind


def job(**changes: Any) -> Ec2JobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["gpu"],
        "image": "embed:1",
        "timeout_seconds": 60,
        "vcpus": 4,
        "memory_mib": 8_192,
    }
    return Ec2JobDefinition(**(values | changes))


def distributed(node_count: int = 2, **changes: Any) -> MultiNodeJobDefinition:
    group = NodeGroup(image="train:1", vcpus=4, memory_mib=8_192, node_count=node_count)
    return MultiNodeJobDefinition(job_queues=["distributed"], timeout_seconds=60, node_groups=[group], **changes)


def capacity(*types: str, max_vcpus: int = 64) -> Ec2ComputeEnvironment:
    return Ec2ComputeEnvironment(instance_types=types or ("c6i.2xlarge",), max_vcpus=max_vcpus)


def reasons(job_settings: JobDefinitionSettings, environment: ComputeEnvironmentSettings) -> list[tuple[str, str, str]]:
    return [(item.rule, item.got, item.fix) for item in misfits(job_settings, environment)]


def usable(name: str) -> int:
    kind = find_type(name)
    assert kind is not None
    return usable_memory_mib(kind)


def test_a_job_may_take_all_the_vcpus_of_an_instance_and_no_more() -> None:
    assert reasons(job(vcpus=8), capacity()) == []
    assert reasons(job(vcpus=9), capacity()) == [
        (
            "have an instance type with 9 vCPUs, 8,192 MiB, X86_64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "the smallest of these families (c6i) that does is c6i.4xlarge",
        )
    ]


def test_a_job_may_take_the_memory_that_kernel_and_agent_leave_and_no_more() -> None:
    assert usable("c6i.2xlarge") == 15_532
    assert reasons(job(memory_mib=15_532), capacity()) == []
    assert reasons(job(memory_mib=15_533), capacity()) == [
        (
            "have an instance type with 4 vCPUs, 15,533 MiB, X86_64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "the smallest of these families (c6i) that does is c6i.4xlarge",
        )
    ]


def test_a_job_may_take_all_gpus_of_an_instance_and_no_more() -> None:
    assert reasons(job(gpus=1), capacity("g5.xlarge")) == []
    assert reasons(job(gpus=2), capacity("g5.xlarge")) == [
        (
            "have an instance type with 4 vCPUs, 8,192 MiB, 2 GPUs, X86_64",
            "at most g5.xlarge (4 vCPUs, 15,532 MiB of 16,384 for jobs, 1 GPU, x86_64)",
            "the smallest of these families (g5) that does is g5.12xlarge",
        )
    ]


def test_families_that_never_have_enough_are_named() -> None:
    assert reasons(job(gpus=1), capacity("c6i.2xlarge", "m6i.2xlarge"))[0][2] == (
        "no type of these families does: c6i, m6i"
    )


def test_the_architecture_of_the_image_has_to_be_that_of_the_instances() -> None:
    assert reasons(job(architecture="ARM64"), capacity("c7g.2xlarge")) == []
    assert reasons(job(architecture="ARM64"), capacity()) == [
        (
            "have an instance type with 4 vCPUs, 8,192 MiB, ARM64",
            "at most c6i.2xlarge (8 vCPUs, 15,532 MiB of 16,384 for jobs, x86_64)",
            "no type of these families does: c6i",
        )
    ]


def test_one_type_that_fits_is_enough() -> None:
    assert reasons(job(vcpus=16), capacity("c6i.2xlarge", "c6i.4xlarge")) == []


def test_a_job_needs_no_more_than_max_vcpus() -> None:
    assert reasons(job(vcpus=8), capacity(max_vcpus=8)) == []
    assert reasons(job(vcpus=8), capacity(max_vcpus=7)) == [
        ("have max_vcpus of at least 8, which the job needs", "7", "raise it")
    ]


def test_each_node_of_a_multi_node_job_takes_a_whole_instance_of_max_vcpus() -> None:
    assert reasons(distributed(), capacity(max_vcpus=16)) == []
    assert reasons(distributed(), capacity(max_vcpus=15)) == [
        ("have max_vcpus of at least 16, which the job needs", "15", "raise it")
    ]


def test_the_instance_type_of_a_multi_node_job_has_to_be_there() -> None:
    assert reasons(distributed(instance_type="c6i.2xlarge"), capacity()) == []
    assert reasons(distributed(instance_type="c6i.4xlarge"), capacity("c6i.2xlarge", "c6i.large")) == [
        ("have c6i.4xlarge, the job's instance_type", "c6i.large, c6i.2xlarge", "add it or choose another")
    ]


def test_multi_node_jobs_run_on_demand_only() -> None:
    spot = SpotComputeEnvironment(instance_types=["c6i.2xlarge"], max_vcpus=64)
    assert reasons(distributed(), spot) == [
        (
            "be one of Ec2ComputeEnvironment for a MultiNodeJobDefinition",
            "a SpotComputeEnvironment",
            "a Spot instance that is reclaimed would end the whole job",
        )
    ]


def test_what_is_made_for_ec2_does_not_run_on_fargate_and_the_other_way_round() -> None:
    fargate = FargateComputeEnvironment(max_vcpus=64)
    fargate_job = FargateJobDefinition(
        job_queues=["light"], image="embed:1", timeout_seconds=60, vcpus=1.0, memory_mib=2_048
    )
    assert reasons(fargate_job, fargate) == []
    assert reasons(fargate_job, capacity())[0][:2] == (
        "be one of FargateComputeEnvironment, FargateSpotComputeEnvironment for a FargateJobDefinition",
        "a Ec2ComputeEnvironment",
    )
    assert reasons(job(), fargate)[0][:2] == (
        "be one of Ec2ComputeEnvironment, SpotComputeEnvironment, UnmanagedComputeEnvironment for a Ec2JobDefinition",
        "a FargateComputeEnvironment",
    )


def test_an_unmanaged_environment_has_instances_but_no_max_vcpus() -> None:
    pool = UnmanagedComputeEnvironment(instance_types=["c6i.2xlarge"], instance_count=1)
    assert reasons(job(vcpus=8), pool) == []
    assert len(reasons(job(vcpus=9), pool)) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fargate", "0.25 vCPUs, 512 MiB, ARM64"),
        ("ec2", "8 vCPUs, 30,000 MiB, 1 GPU, X86_64"),
        ("fargate-group", "1 vCPUs, 2,048 MiB, X86_64"),
        ("ec2-group", "9 vCPUs, 30,512 MiB, 1 GPU, X86_64"),
        ("nodes", "8 vCPUs, 30,000 MiB, 1 GPU, X86_64"),
        ("eks", "1.5 vCPUs, 2,048 MiB, 1 GPU, X86_64"),
    ],
)
def test_containers_of_one_instance_add_up(name: str, expected: str) -> None:
    assert {str(demand) for demand in demands(every_kind()[name])} == {expected}
