import pytest
from moto.ssm.models import ParameterDict

from modules.ec2.instance_types import find_type, possible_types
from modules.ec2.machine_images import batch_image_type, ecs_image, ecs_image_parameter, is_neuron, missing_image

PARAMETERS = "/aws/service/ecs/optimized-ami/amazon-linux-2023/"


@pytest.mark.parametrize(
    ("names", "image_type", "variant"),
    [
        (("default_x86_64",), "AL2023", ""),
        (("default_arm64",), "AL2023", "arm64/"),
        (("m6i",), "AL2023", ""),
        (("m6g",), "AL2023", "arm64/"),
        (("g5",), "AL2023_NVIDIA", "gpu/"),
        (("m6i", "g5"), "AL2023_NVIDIA", "gpu/"),
        (("inf2.xlarge",), "AL2023", "neuron/"),
        (("trn2u.48xlarge",), "AL2023", "neuron/"),
        ((), "AL2023", ""),
    ],
)
def test_one_image_fits_all_types(names: tuple[str, ...], image_type: str, variant: str) -> None:
    types, parameter = possible_types(names), f"{PARAMETERS}{variant}recommended/image_id"
    assert [batch_image_type(orchestrator, types) for orchestrator in ("ECS", "EKS")] == [
        f"ECS_{image_type}",
        f"EKS_{image_type}",
    ]
    assert (ecs_image_parameter(types), ecs_image(types)) == (parameter, f"resolve:ssm:{parameter}")
    # moto keeps a copy of what AWS publishes.
    (published,) = ParameterDict("111122223333", "us-east-1")[parameter]
    assert published.value.startswith("ami-")


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
