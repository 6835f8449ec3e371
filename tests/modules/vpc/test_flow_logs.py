import json

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.settings import PrivateNetwork
from tests.conftest import Synthesized
from tests.problems import refused

ZONES = ("us-east-1a",)


def build(stack: TerraformStack, location: AwsLocation, settings: PrivateNetwork, name: str = "tb-net") -> Synthesized:
    PrivateVpc(stack, "vpc", name=name, settings=settings, location=location)
    return Synthesized(stack)


@pytest.fixture
def synthesized(stack: TerraformStack, location: AwsLocation) -> Synthesized:
    return build(stack, location, PrivateNetwork(availability_zones=ZONES, flow_log_retention_days=365))


def test_all_traffic_is_recorded_in_a_group_that_forgets(synthesized: Synthesized) -> None:
    group = synthesized.one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("tb-net-flow-logs", 365)
    flow_log = synthesized.one("aws_flow_log")
    assert flow_log["traffic_type"] == "ALL"
    assert flow_log["log_destination"] == f"${{{synthesized.address('aws_cloudwatch_log_group', group['name'])}.arn}}"
    assert flow_log["iam_role_arn"] == f"${{{synthesized.address('aws_iam_role', 'tb-net-flow-logs')}.arn}}"
    (vpc_id,) = synthesized.document["resource"]["aws_vpc"]
    assert flow_log["vpc_id"] == f"${{aws_vpc.{vpc_id}.id}}"


def test_the_role_writes_to_that_group_and_nowhere_else(synthesized: Synthesized) -> None:
    (statement,) = json.loads(synthesized.one("aws_iam_role_policy")["policy"])["Statement"]
    assert statement == {
        "Sid": "WriteFlowLogs",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": "arn:aws:logs:us-east-1:111122223333:log-group:tb-net-flow-logs:*",
    }


def test_only_the_service_on_behalf_of_this_account_takes_on_the_role(synthesized: Synthesized) -> None:
    (statement,) = json.loads(synthesized.one("aws_iam_role")["assume_role_policy"])["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_without_a_retention_nothing_is_recorded(stack: TerraformStack, location: AwsLocation) -> None:
    types = build(stack, location, PrivateNetwork(availability_zones=ZONES, flow_log_retention_days=None)).types()
    for absent in ("aws_flow_log", "aws_cloudwatch_log_group", "aws_iam_role"):
        assert absent not in types


@pytest.mark.parametrize(("length", "fits"), [(54, True), (55, False)])
def test_the_name_leaves_room_for_the_roles(
    stack: TerraformStack, location: AwsLocation, length: int, fits: bool
) -> None:
    name, settings = "n" * length, PrivateNetwork(availability_zones=ZONES)
    if fits:
        assert build(stack, location, settings, name).one("aws_iam_role")["name"] == f"{name}-flow-logs"
        return
    assert refused(lambda: build(stack, location, settings, name)) == [f"name: 64, got 65 ('{name}-flow-logs')"]
