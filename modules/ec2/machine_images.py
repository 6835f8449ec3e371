"""Which machine image fits which instance types. No constructs.

Amazon's ECS images of Amazon Linux 2023, the only ones that Batch takes for new environments since 2026-06-30. Source:
Ec2Configuration in the Batch API reference, "Retrieving Amazon ECS-optimized Linux AMI metadata" in the ECS guide.
"""

from collections.abc import Iterable

from modules.ec2.instance_types import InstanceType

# Inferentia and Trainium; the table leaves the devices of some of them out.
NEURON_FAMILIES = ("inf", "trn")
# Volta and Maxwell: the driver of the NVIDIA image no longer has them.
OLD_GPU_FAMILIES = ("g3", "g3s", "p3", "p3dn")


def ecs_image(types: Iterable[InstanceType]) -> str:
    """Return the ``image_id`` of a launch template for ECS instances of ``types``.

    EC2 resolves it at each launch: a new instance has the newest image, and no plan ever shows a difference.
    """
    return f"resolve:ssm:{ecs_image_parameter(types)}"


def ecs_image_parameter(types: Iterable[InstanceType]) -> str:
    """Return the public parameter of Systems Manager in which AWS says the newest ECS image for ``types``.

    The NVIDIA image also runs where there is no GPU.
    """
    kinds = tuple(types)
    variant = ""
    if any(is_neuron(kind) for kind in kinds):
        variant = "neuron/"
    elif any(kind.gpus for kind in kinds):
        variant = "gpu/"
    elif any(kind.architecture == "arm64" for kind in kinds):
        variant = "arm64/"
    return f"/aws/service/ecs/optimized-ami/amazon-linux-2023/{variant}recommended/image_id"


def batch_image_type(orchestrator: str, types: Iterable[InstanceType]) -> str:
    """Return the ``image_type`` of a Batch environment of ``types``; ``orchestrator`` is ECS or EKS.

    One type, whatever the mixture: adding or removing a second one would replace the environment.
    """
    return f"{orchestrator}_AL2023_NVIDIA" if any(kind.gpus for kind in types) else f"{orchestrator}_AL2023"


def missing_image(kind: InstanceType) -> str | None:
    """Return why no image of Amazon Linux 2023 fits ``kind``, None if one does. Neuron is looked at elsewhere."""
    if kind.architecture.endswith("_mac"):
        return "macOS runs no containers"
    if kind.family == "a1":
        return "Amazon Linux 2023 does not run on A1"
    if kind.family in OLD_GPU_FAMILIES:
        return "the NVIDIA AMI of Amazon Linux 2023 has no driver for its GPUs"
    if kind.gpus and kind.architecture == "arm64":
        return "the NVIDIA AMI of Amazon Linux 2023 exists for x86_64 only"
    return None


def is_neuron(kind: InstanceType) -> bool:
    """Return whether ``kind`` needs the Neuron driver, which is not in the images that Batch chooses from."""
    return kind.neuron_devices > 0 or kind.family.startswith(NEURON_FAMILIES)
