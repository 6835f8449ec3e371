"""Ranges of subnets, given or cut: their sizes, their places, and room for all of them."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.naming import AwsLocation
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.settings import PrivateNetwork
from tests.conftest import Synthesized
from tests.problems import refused

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"]
A, B, C = ZONES
ALL = [f"us-east-1{letter}" for letter in "abcdefg"]
THREE = {A: "10.0.0.0/28", B: "10.0.0.16/28", C: "10.0.0.32/28"}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        # Cut.
        (
            {"cidr_block": "10.0.0.0/20", "availability_zones": ALL, "nat_gateways": 7, "load_balancer_subnets": True},
            [],
        ),
        ({"cidr_block": "10.0.0.0/21", "nat_gateways": 3, "load_balancer_subnets": True}, []),
        ({"cidr_block": "10.0.0.0/22", "nat_gateways": 1, "load_balancer_subnets": True}, []),
        (
            {"cidr_block": "10.0.0.0/22", "nat_gateways": 3, "load_balancer_subnets": True},
            ["cidr_block: got '10.0.0.0/22'"],
        ),
        ({"cidr_block": "10.0.0.0/25", "nat_gateways": 1}, []),
        ({"cidr_block": "10.0.0.0/25", "nat_gateways": 3}, ["cidr_block: got '10.0.0.0/25'"] * 2),
        ({"cidr_block": "10.0.0.0/26"}, ["cidr_block: got '10.0.0.0/26'"]),
        # Given.
        ({"cidr_block": "10.0.0.0/26", "subnet_cidr_blocks": THREE}, []),
        (
            {"cidr_block": "10.0.0.0/26", "subnet_cidr_blocks": THREE | {C: "10.0.0.32/29"}},
            [f"subnet_cidr_blocks.{C}: got '10.0.0.32/29'"],
        ),
        (
            {"cidr_block": "10.0.0.0/26", "subnet_cidr_blocks": THREE | {C: "10.0.0.0/27"}},
            [f"subnet_cidr_blocks.{C}: got '10.0.0.0/27'"] * 2,
        ),
        ({"subnet_cidr_blocks": {A: "10.0.32.0/28"}}, [f"subnet_cidr_blocks.{A}: got '10.0.32.0/28'"]),
        ({"subnet_cidr_blocks": {A: "10.1.0.0/18"}}, [f"subnet_cidr_blocks.{A}: got '10.1.0.0/18'"]),
        ({"subnet_cidr_blocks": {A: "10.1.0.0/18"}, "secondary_cidr_blocks": ["10.1.0.0/16"]}, []),
        ({"subnet_cidr_blocks": {ALL[3]: "10.0.240.0/28"}}, [f"subnet_cidr_blocks.{ALL[3]}: got '{ALL[3]}'"]),
        ({"nat_gateways": 1, "nat_subnet_cidr_blocks": {A: "10.0.250.0/24"}}, []),
        (
            {"nat_gateways": 1, "nat_subnet_cidr_blocks": {B: "10.0.250.0/24"}},
            [f"nat_subnet_cidr_blocks.{B}: got '{B}'"],
        ),
        ({"load_balancer_subnets": True, "load_balancer_subnet_cidr_blocks": {A: "10.0.225.0/27"}}, []),
        (
            {"load_balancer_subnets": True, "load_balancer_subnet_cidr_blocks": {A: "10.0.225.0/28"}},
            [f"load_balancer_subnet_cidr_blocks.{A}: got '10.0.225.0/28'"],
        ),
        (
            {"load_balancer_subnet_cidr_blocks": {A: "10.0.225.0/27"}},
            [f"load_balancer_subnet_cidr_blocks.{A}: got '{A}'"],
        ),
        # More ranges.
        ({"secondary_cidr_blocks": [f"10.{number}.0.0/16" for number in range(1, 5)]}, []),
        (
            {"secondary_cidr_blocks": [f"10.{number}.0.0/16" for number in range(1, 6)]},
            ["secondary_cidr_blocks: 4, got 5"],
        ),
        ({"secondary_cidr_blocks": ["8.8.8.0/24"]}, ["secondary_cidr_blocks[0]: got '8.8.8.0/24'"]),
        ({"secondary_cidr_blocks": ["192.168.0.0/24"]}, ["secondary_cidr_blocks[0]: got '192.168.0.0/24'"]),
        (
            {"secondary_cidr_blocks": ["10.1.0.0/16", "10.1.8.0/24"]},
            ["secondary_cidr_blocks[1]: got '10.1.8.0/24'"],
        ),
    ],
)
def test_subnets_have_a_place_of_their_own(values: dict[str, Any], problems: list[str]) -> None:
    values = {"availability_zones": ZONES} | values
    if problems:
        assert refused(PrivateNetwork, **values) == problems
    else:
        assert PrivateNetwork(**values).cidr_block


def test_subnets_of_a_range_that_is_added_wait_for_it(stack: TerraformStack, location: AwsLocation) -> None:
    settings = PrivateNetwork(
        cidr_block="10.8.4.0/24",
        secondary_cidr_blocks=["100.64.0.0/16"],
        availability_zones=["use1-az1", "use1-az2"],
        subnet_cidr_blocks={"use1-az1": "100.64.0.0/18", "use1-az2": "100.64.64.0/18"},
        nat_gateways=1,
    )
    PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
    synthesized = Synthesized(stack)
    ((id_, association),) = synthesized.document["resource"]["aws_vpc_ipv4_cidr_block_association"].items()
    (vpc,) = synthesized.document["resource"]["aws_vpc"]
    assert association == {"vpc_id": f"${{aws_vpc.{vpc}.id}}", "cidr_block": "100.64.0.0/16"}
    subnets = {subnet["cidr_block"]: subnet for subnet in synthesized.all("aws_subnet")}
    assert subnets.keys() == {"100.64.0.0/18", "100.64.64.0/18", "10.8.4.224/28"}
    for cidr_block, subnet in subnets.items():
        is_added = cidr_block.startswith("100.")
        waits_for = f"aws_vpc_ipv4_cidr_block_association.{id_}.vpc_id" if is_added else f"aws_vpc.{vpc}.id"
        assert subnet["vpc_id"] == f"${{{waits_for}}}"
        assert "availability_zone" not in subnet
    assert subnets["100.64.64.0/18"]["availability_zone_id"] == "use1-az2"
    for direction, kept in (("ingress", 0), ("egress", 1)):
        rules = synthesized.all(f"aws_vpc_security_group_{direction}_rule")
        ranges = {rule["cidr_ipv4"] for rule in rules if rule.get("from_port") == 443 and "cidr_ipv4" in rule}
        assert ranges == ({"0.0.0.0/0"} if kept else {"10.8.4.0/24", "100.64.0.0/16"})


def test_a_range_that_is_added_renames_no_rule() -> None:
    usual = [
        PrivateNetwork(availability_zones=ZONES, secondary_cidr_blocks=blocks).usual_egress
        for blocks in ([], ["10.1.0.0/16"])
    ]
    assert usual[0].items() < usual[1].items()
    assert usual[1]["vpc-10.1.0.0-16"].cidr_blocks == ("10.1.0.0/16",)
