"""What an instance has left for jobs once its own software has taken its part. Pure functions over the instance table.

AWS publishes no figures for each type; with these a job that is said to fit does. Sources: "Compute resource memory
management" in the Batch user guide; how EKS's images set ``kubeReserved`` and ``evictionHard``, read in their code.
"""

from typing import NamedTuple

from modules.ec2.instance_types import InstanceType

# The kernel and the firmware keep a part of the memory: 2.5 % of the m4.large in the user guide.
USABLE_PERCENT = 95
ECS_AGENT_MIB = 32

# The kubelet keeps memory for each pod there could be, and evicts pods before the last 100 MiB are gone.
KUBELET_MIB, KUBELET_MIB_OF_A_POD, EVICTION_MIB = 255, 11, 100
# It keeps thousandths of the first vCPU, the second, the third and fourth, and of each after them.
KUBELET_MILLICPUS = (60, 10, 5, 5)
KUBELET_MILLICPUS_BEYOND = 2.5
# aws-node and kube-proxy run on every node.
DAEMON_MILLICPUS = 150


class Available(NamedTuple):
    """What all jobs on one instance can have together."""

    vcpus: float
    memory_mib: int


def ecs_available(kind: InstanceType) -> Available:
    """Return what jobs can have of an instance with the ECS agent."""
    return Available(kind.vcpus, kind.memory_mib * USABLE_PERCENT // 100 - ECS_AGENT_MIB)


def eks_available(kind: InstanceType) -> Available:
    """Return what jobs can have of a node of EKS."""
    beyond = max(kind.vcpus - len(KUBELET_MILLICPUS), 0) * KUBELET_MILLICPUS_BEYOND
    millicpus = sum(KUBELET_MILLICPUS[: kind.vcpus]) + beyond + DAEMON_MILLICPUS
    kept_mib = KUBELET_MIB + KUBELET_MIB_OF_A_POD * kind.max_pods + EVICTION_MIB
    return Available(kind.vcpus - millicpus / 1_000, kind.memory_mib * USABLE_PERCENT // 100 - kept_mib)
