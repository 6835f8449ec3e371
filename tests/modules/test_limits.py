"""What the type of a setting says about its values."""

import pytest

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.ecr.image import RepositoryImage
from modules.ecs.settings.clusters import ClusterSettings
from modules.efs.settings import FileSystemSettings
from modules.limits import Limits, Steps, TerraformRule, limits_of
from modules.settings import Settings
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import ExistingNetwork


@pytest.mark.parametrize(
    ("kind", "path", "limits"),
    [
        (MessageQueueSettings, ("max_message_bytes",), Limits(least=1_024, most=1_048_576)),
        (FargateComputeEnvironment, ("max_vcpus",), Limits(least=1)),
        (ExistingNetwork, ("vpc_id",), Limits(rules=(TerraformRule.matching(r"^vpc-[0-9a-f]{8,17}$"),))),
        (ExistingNetwork, ("subnet_ids", 0), Limits(rules=(TerraformRule.matching(r"^subnet-[0-9a-f]{8,17}$"),))),
        (ExistingNetwork, ("assign_public_ip",), Limits()),
        (ClusterSettings, ("container_insights",), Limits(choices=("enhanced", "enabled", "disabled"))),
    ],
)
def test_limits_are_those_of_the_field_or_of_its_items(kind: type[Settings], path: Steps, limits: Limits) -> None:
    assert limits_of(kind, path) == limits


def test_numbers_to_choose_from_have_ends_too() -> None:
    limits = limits_of(FileSystemSettings, ("infrequent_access_after_days",))
    assert (limits.least, limits.most, 60 in limits.choices) == (1, 365, True)


def test_a_text_in_a_map_has_length_and_pattern() -> None:
    limits = limits_of(MessageQueueSettings, ("tags", "team"))
    assert (limits.longest, len(limits.rules)) == (256, 1)
    assert limits_of(RepositoryImage, ("tag",)).longest == 128
