"""Dual stack: ranges of IPv6, the ways out, and what rules of security groups let through."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.public_vpc import PublicVpc
from modules.vpc.settings import PrivateNetwork, PublicNetwork
from modules.vpc.traffic_settings import Egress
from tests.conftest import Synthesized
from tests.problems import refused

ZONES = ["us-east-1a", "us-east-1c"]
MORE: dict[str, Any] = {"egress": {"database": Egress(from_port=5_432, cidr_blocks=["10.9.0.0/24"])}}


def build(stack: TerraformStack, location: AwsLocation, *, public: bool = False, ipv6: bool = True) -> Synthesized:
    values: dict[str, Any] = {"availability_zones": ZONES, "ipv6": ipv6, **MORE}
    names: dict[str, Any] = {"name": "tb-test-network", "location": location}
    if public:
        PublicVpc(stack, "vpc", settings=PublicNetwork(**values), **names)
    else:
        settings = PrivateNetwork(**values, nat_gateways=1, load_balancer_subnets=True)
        PrivateVpc(stack, "vpc", settings=settings, **names)
    return Synthesized(stack)


@pytest.mark.parametrize("public", [True, False])
def test_each_subnet_but_those_of_nat_has_a_range_of_its_own(
    stack: TerraformStack, location: AwsLocation, public: bool
) -> None:
    synthesized = build(stack, location, public=public)
    (vpc,) = synthesized.document["resource"]["aws_vpc"]
    assert synthesized.one("aws_vpc")["assign_generated_ipv6_cidr_block"] is True
    ranges = {
        subnet["tags"]["Name"].removeprefix("tb-test-network-"): subnet["ipv6_cidr_block"]
        for subnet in synthesized.all("aws_subnet")
        if subnet.get("assign_ipv6_address_on_creation")
    }
    positions = {"a": 0, "c": 2} | ({} if public else {"load-balancers-a": 7, "load-balancers-c": 9})
    assert ranges == {
        name: f"${{cidrsubnet(aws_vpc.{vpc}.ipv6_cidr_block, 8, {position})}}" for name, position in positions.items()
    }


@pytest.mark.parametrize("public", [True, False])
def test_private_subnets_are_not_reached_over_ipv6(stack: TerraformStack, location: AwsLocation, public: bool) -> None:
    synthesized = build(stack, location, public=public)
    routes = [route for route in synthesized.all("aws_route") if "destination_ipv6_cidr_block" in route]
    assert {route["destination_ipv6_cidr_block"] for route in routes} == {"::/0"}
    ways = sorted("egress-only" if "egress_only_gateway_id" in route else "both" for route in routes)
    assert ways == (["both"] * 2 if public else ["both"] * 2 + ["egress-only"] * 2)
    tables = {
        f"${{aws_route_table.{id_}.id}}": table["tags"]["Name"]
        for id_, table in synthesized.document["resource"]["aws_route_table"].items()
    }
    reached = {tables[route["route_table_id"]] for route in routes if "gateway_id" in route}
    assert all(public or "load-balancers" in name for name in reached)
    assert not any("cidr_ipv6" in rule for rule in synthesized.all("aws_vpc_security_group_ingress_rule") if public)


def test_what_may_go_anywhere_may_go_there_over_ipv6(stack: TerraformStack, location: AwsLocation) -> None:
    rules = build(stack, location).all("aws_vpc_security_group_egress_rule")
    found = sorted((rule["from_port"], rule.get("cidr_ipv4") or rule["cidr_ipv6"]) for rule in rules)
    assert found == [
        *((80, block) for block in ("0.0.0.0/0", "::/0")),
        *((443, block) for block in ("0.0.0.0/0", "::/0")),
        (5_432, "10.9.0.0/24"),
    ]


def test_a_network_has_no_ipv6_unless_it_asks_for_it(stack: TerraformStack, location: AwsLocation) -> None:
    synthesized = build(stack, location, ipv6=False)
    assert "aws_egress_only_internet_gateway" not in synthesized.types()
    assert "ipv6" not in str(synthesized.document["resource"])


def test_addresses_lead_somewhere() -> None:
    assert refused(PrivateNetwork, availability_zones=ZONES, ipv6=True) == ["ipv6: 0, got True"]
    assert PrivateNetwork(availability_zones=ZONES, ipv6=True, nat_gateways=1).ipv6
    assert PublicNetwork(availability_zones=ZONES, ipv6=True).ipv6
