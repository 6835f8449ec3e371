import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.gateway_endpoint import GatewayEndpoint
from modules.vpc.perimeter import Perimeter
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.settings import PrivateNetwork
from tests.conftest import Synthesized
from tests.problems import refused


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_it_is_a_route_of_every_table_with_a_policy(stack: TerraformStack, location: AwsLocation, service: str) -> None:
    perimeter = Perimeter(location)
    names: dict[str, Any] = {"name": f"tb-test-{service}", "vpc_id": "vpc-01234567"}
    tables = ["rtb-1", "rtb-2"]
    GatewayEndpoint(stack, service, **names, service=service, route_table_ids=tables, perimeter=perimeter)
    endpoint = Synthesized(stack).one("aws_vpc_endpoint")
    assert endpoint["vpc_endpoint_type"] == "Gateway"
    assert endpoint["service_name"] == f"com.amazonaws.us-east-1.{service}"
    assert endpoint["route_table_ids"] == tables
    expected = perimeter.s3_statements() if service == "s3" else perimeter.endpoint_statements(service)
    assert [statement["Sid"] for statement in json.loads(endpoint["policy"])["Statement"]] == [
        statement["Sid"] for statement in expected
    ]


@pytest.mark.parametrize("nat_gateways", [0, 1])
def test_workloads_without_nat_are_let_out_to_each(
    stack: TerraformStack, location: AwsLocation, nat_gateways: int
) -> None:
    settings = PrivateNetwork(
        availability_zones=["us-east-1a"], nat_gateways=nat_gateways, gateway_endpoints=["s3express", "dynamodb"]
    )
    PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
    synthesized = Synthesized(stack)
    services = {item["service_name"].rpartition(".")[2] for item in synthesized.all("aws_vpc_endpoint")}
    assert {"s3", "s3express", "dynamodb"} <= services
    rules = [rule for rule in synthesized.all("aws_vpc_security_group_egress_rule") if "prefix_list_id" in rule]
    assert sorted(rule["description"] for rule in rules) == (
        []
        if nat_gateways
        else [f"{name} through its gateway endpoint" for name in ("DynamoDB", "S3 Express One Zone", "S3")]
    )


def test_s3_has_its_endpoint_in_any_case() -> None:
    assert refused(PrivateNetwork, availability_zones=["us-east-1a"], gateway_endpoints=["s3"]) == [
        "gateway_endpoints[0]: got 's3'"
    ]
