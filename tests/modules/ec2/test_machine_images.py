import pytest

from modules.ec2.instance_types import find_type, possible_types
from modules.ec2.machine_images import batch_image_type, ecs_image, is_neuron, missing_image

PARAMETERS = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/"


@pytest.mark.parametrize(
    ("names", "variant"),
    [
        (("m6i",), ""),
        (("m6g",), "arm64/"),
        (("g5",), "gpu/"),
        (("m6i", "g5"), "gpu/"),
        (("inf2.xlarge",), "neuron/"),
        (("trn2u.48xlarge",), "neuron/"),
        ((), ""),
    ],
)
def test_ecs_instances_start_from_the_newest_image_for_them(names: tuple[str, ...], variant: str) -> None:
    assert ecs_image(possible_types(names)) == f"{PARAMETERS}{variant}recommended/image_id"


@pytest.mark.parametrize(
    ("orchestrator", "names", "image_type"),
    [
        ("ECS", ("default_x86_64",), "ECS_AL2023"),
        ("ECS", ("default_arm64",), "ECS_AL2023"),
        ("ECS", ("m6i", "g5"), "ECS_AL2023_NVIDIA"),
        ("EKS", ("m6i",), "EKS_AL2023"),
        ("EKS", ("p5",), "EKS_AL2023_NVIDIA"),
    ],
)
def test_batch_is_told_one_image_type(orchestrator: str, names: tuple[str, ...], image_type: str) -> None:
    assert batch_image_type(orchestrator, possible_types(names)) == image_type


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a1.large", "Amazon Linux 2023 does not run on A1"),
        ("p3dn.24xlarge", "the NVIDIA AMI of Amazon Linux 2023 has no driver for its GPUs"),
        ("g5g.xlarge", "the NVIDIA AMI of Amazon Linux 2023 exists for x86_64 only"),
        ("mac2.metal", "macOS runs no containers"),
        ("g5.xlarge", None),
        ("c6g.large", None),
        ("inf2.xlarge", None),
    ],
)
def test_it_is_known_what_no_image_fits(name: str, reason: str | None) -> None:
    kind = find_type(name)
    assert kind is not None
    assert missing_image(kind) == reason


@pytest.mark.parametrize(("name", "neuron"), [("inf1.xlarge", True), ("trn2u.48xlarge", True), ("g5.xlarge", False)])
def test_it_is_known_what_needs_the_neuron_driver(name: str, neuron: bool) -> None:
    kind = find_type(name)
    assert kind is not None
    assert is_neuron(kind) is neuron
