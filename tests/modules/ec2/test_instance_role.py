import json

import pytest
from cdktf import TerraformStack

from modules.ec2.instance_role import ECS_INSTANCE, EKS_NODE, InstanceRole
from modules.iam.policy import allow, policy_document
from modules.naming import AwsLocation
from modules.problems import SettingsError
from tests.conftest import Synthesized

AWS = "arn:aws:iam::aws:policy/"


def define(stack: TerraformStack, region: str = "us-east-1", **changes: object) -> InstanceRole:
    values = {"name": "tb-test-gpu", "managed_policies": ECS_INSTANCE, "ssm_access": False} | changes
    location = AwsLocation(region=region, account_id="111122223333")
    return InstanceRole(stack, "role", location=location, **values)  # type: ignore[arg-type]


def test_a_profile_holds_a_role_that_ec2_may_take_on(stack: TerraformStack) -> None:
    define(stack)
    synthesized = Synthesized(stack)
    role = synthesized.one("aws_iam_role")
    assert role["name"] == "tb-test-gpu-instance"
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
    ]
    address = synthesized.address("aws_iam_role", "tb-test-gpu-instance")
    assert synthesized.one("aws_iam_instance_profile") == {
        "name": "tb-test-gpu-instance",
        "role": f"${{{address}.name}}",
    }


@pytest.mark.parametrize(
    ("changes", "policies"),
    [
        ({}, [f"{AWS}service-role/AmazonEC2ContainerServiceforEC2Role"]),
        (
            {"ssm_access": True},
            [
                f"{AWS}service-role/AmazonEC2ContainerServiceforEC2Role",
                f"{AWS}AmazonSSMManagedInstanceCore",
            ],
        ),
        (
            {"managed_policies": EKS_NODE},
            [f"{AWS}AmazonEC2ContainerRegistryPullOnly", f"{AWS}AmazonEKSWorkerNodePolicy"],
        ),
        (
            {"region": "us-gov-west-1"},
            ["arn:aws-us-gov:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"],
        ),
    ],
)
def test_instances_may_do_what_their_agent_needs_and_no_more(
    stack: TerraformStack, changes: dict[str, object], policies: list[str]
) -> None:
    role = define(stack, **changes)  # type: ignore[arg-type]
    synthesized = Synthesized(stack)
    attached = [attachment["policy_arn"] for attachment in synthesized.all("aws_iam_role_policy_attachment")]
    assert attached == policies
    assert len(role.attachments) == len(policies)
    assert synthesized.all("aws_iam_role_policy") == []


def test_what_an_agent_may_do_can_be_said_instead_of_aws(stack: TerraformStack) -> None:
    statement = allow("Find", ["ecs:DiscoverPollEndpoint"], "*")
    role = define(stack, managed_policies=None)
    role.allow_agent([statement])
    synthesized = Synthesized(stack)

    assert synthesized.all("aws_iam_role_policy_attachment") == []
    assert synthesized.one("aws_iam_role_policy")["policy"] == policy_document([statement])
    assert len(role.attachments) == 1


def test_a_name_that_iam_would_refuse_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(SettingsError, match="at most 64 characters"):
        define(stack, name="x" * (65 - len("-instance")))


def test_a_name_may_be_as_long_as_iam_takes(stack: TerraformStack) -> None:
    define(stack, name="x" * (64 - len("-instance")))
    assert len(Synthesized(stack).one("aws_iam_role")["name"]) == 64
