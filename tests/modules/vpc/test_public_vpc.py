from typing import Any

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.cidr import INTERNET
from modules.vpc.public_vpc import PublicVpc
from modules.vpc.settings import PublicNetwork
from tests.conftest import Synthesized

# All that it takes; each is without charge while nothing runs.
FREE = [
    "aws_default_security_group",
    "aws_internet_gateway",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_security_group_egress_rule",
]
SETTINGS = PublicNetwork(availability_zones=("us-east-1a", "us-east-1b"), flow_log_retention_days=None)


@pytest.fixture
def vpc(stack: TerraformStack, location: AwsLocation) -> PublicVpc:
    return PublicVpc(stack, "vpc", name="tb-test-network", settings=SETTINGS, location=location)


@pytest.fixture
def synthesized(stack: TerraformStack, vpc: PublicVpc) -> Synthesized:
    del vpc
    return Synthesized(stack)


def test_it_costs_nothing_while_idle(synthesized: Synthesized) -> None:
    assert synthesized.types() == FREE
    assert synthesized.one("aws_vpc_endpoint")["vpc_endpoint_type"] == "Gateway"


def test_instances_and_tasks_get_public_addresses(synthesized: Synthesized, vpc: PublicVpc) -> None:
    assert [subnet["map_public_ip_on_launch"] for subnet in synthesized.all("aws_subnet")] == [True, True]
    assert vpc.network.assign_public_ip
    assert len(vpc.network.subnet_ids) == 2


def test_every_subnet_leads_to_the_internet_gateway(synthesized: Synthesized) -> None:
    routes: list[dict[str, Any]] = synthesized.all("aws_route")
    (gateway_id,) = synthesized.document["resource"]["aws_internet_gateway"]
    assert {route["gateway_id"] for route in routes} == {f"${{aws_internet_gateway.{gateway_id}.id}}"}
    assert {route["destination_cidr_block"] for route in routes} == {INTERNET}
    assert len({route["route_table_id"] for route in routes}) == 2


def test_workloads_reach_the_web_and_nobody_reaches_them(synthesized: Synthesized) -> None:
    rules = synthesized.all("aws_vpc_security_group_egress_rule")
    assert [(rule["ip_protocol"], rule["from_port"], rule["to_port"], rule["cidr_ipv4"]) for rule in rules] == [
        ("tcp", 80, 80, INTERNET),
        ("tcp", 443, 443, INTERNET),
    ]
    assert "aws_vpc_security_group_ingress_rule" not in synthesized.types()
