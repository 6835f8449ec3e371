import pytest

from modules.ec2.available import ecs_available, eks_available
from modules.ec2.instance_types import InstanceType, find_type


def kind(name: str) -> InstanceType:
    found = find_type(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "vcpus", "memory_mib"),
    [
        ("c6i.large", 2, 4_096 * 95 // 100 - 32),
        ("c6i.2xlarge", 8, 15_532),
        ("p5.48xlarge", 192, 1_992_262),
    ],
)
def test_the_ecs_agent_and_the_kernel_keep_memory(name: str, vcpus: int, memory_mib: int) -> None:
    assert ecs_available(kind(name)) == (vcpus, memory_mib)


@pytest.mark.parametrize(
    ("name", "kept_vcpus"),
    [
        ("m7g.medium", 0.06 + 0.15),  # one vCPU
        ("c6i.large", 0.07 + 0.15),
        ("c6i.xlarge", 0.08 + 0.15),
        ("c6i.2xlarge", 0.09 + 0.15),
        ("c6i.32xlarge", 0.39 + 0.15),
    ],
)
def test_the_kubelet_keeps_less_of_each_further_vcpu(name: str, kept_vcpus: float) -> None:
    assert eks_available(kind(name)).vcpus == pytest.approx(kind(name).vcpus - kept_vcpus)


def test_the_kubelet_keeps_memory_for_each_pod_there_could_be() -> None:
    small, large = kind("m5.large"), kind("m5.24xlarge")
    assert eks_available(small).memory_mib == 8_192 * 95 // 100 - (255 + 11 * 29) - 100
    assert eks_available(large).memory_mib == 393_216 * 95 // 100 - (255 + 11 * 737) - 100
