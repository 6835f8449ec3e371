import json
from collections.abc import Sequence
from typing import Any

import pytest
from cdktf import App, LocalBackend, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider

from modules.naming import AwsLocation
from modules.vpc.cidr import INTERNET
from modules.vpc.endpoint_services import EndpointService
from modules.vpc.private_vpc import PrivateVpc
from modules.vpc.settings import PrivateNetwork
from modules.vpc.traffic_settings import Egress, PortRange
from tests.conftest import Synthesized
from tests.policies import statements

ZONES = ("us-east-1a", "us-east-1b", "us-east-1d")
DEFAULT_ENDPOINTS = PrivateNetwork(availability_zones=ZONES).interface_endpoints


@pytest.fixture
def build(stack: TerraformStack, location: AwsLocation) -> Any:
    def build(
        zones: tuple[str, ...] = ZONES,
        nat_gateways: int = 0,
        interface_endpoints: Sequence[EndpointService] = DEFAULT_ENDPOINTS,
        **more: Any,
    ) -> Synthesized:
        settings = PrivateNetwork(
            availability_zones=zones, nat_gateways=nat_gateways, interface_endpoints=interface_endpoints, **more
        )
        PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
        return Synthesized(stack)

    return build


def tagged(synthesized: Synthesized, type_: str, name: str) -> dict[str, Any]:
    (resource,) = [resource for resource in synthesized.all(type_) if resource["tags"]["Name"] == name]
    return resource


def address(synthesized: Synthesized, type_: str, name: str) -> str:
    resources = synthesized.document["resource"][type_]
    (id_,) = [id_ for id_, resource in resources.items() if resource["tags"]["Name"] == name]
    return f"{type_}.{id_}"


def ways_out(synthesized: Synthesized) -> dict[str, str]:
    """Return the NAT gateway that each workload subnet's route leads to, by the names of both."""
    tables = {
        f"${{{address(synthesized, 'aws_route_table', table['tags']['Name'])}.id}}": table["tags"]["Name"]
        for table in synthesized.all("aws_route_table")
    }
    gateways = {
        f"${{{address(synthesized, 'aws_nat_gateway', gateway['tags']['Name'])}.id}}": gateway["tags"]["Name"]
        for gateway in synthesized.all("aws_nat_gateway")
    }
    return {
        tables[route["route_table_id"]].removeprefix("tb-test-network-"): gateways[
            route["nat_gateway_id"]
        ].removeprefix("tb-test-network-")
        for route in synthesized.all("aws_route")
        if "nat_gateway_id" in route
    }


def egress(synthesized: Synthesized) -> list[dict[str, Any]]:
    rules = synthesized.all("aws_vpc_security_group_egress_rule")
    return [
        {key: value for key, value in rule.items() if key not in {"description", "security_group_id"}} for rule in rules
    ]


def test_private_dns_works_in_the_vpc(build: Any) -> None:
    assert build().one("aws_vpc") == {
        "cidr_block": "10.0.0.0/16",
        "enable_dns_hostnames": True,
        "enable_dns_support": True,
        "tags": {"Name": "tb-test-network"},
    }


def test_the_default_security_group_has_no_rules(build: Any) -> None:
    group = build().one("aws_default_security_group")
    assert group.keys() == {"vpc_id", "tags"}


def test_each_zone_has_a_private_subnet(build: Any) -> None:
    subnets = build().all("aws_subnet")
    assert [(subnet["availability_zone"], subnet["cidr_block"]) for subnet in subnets] == [
        ("us-east-1a", "10.0.0.0/19"),
        ("us-east-1b", "10.0.32.0/19"),
        ("us-east-1d", "10.0.96.0/19"),
    ]
    assert not any(subnet["map_public_ip_on_launch"] for subnet in subnets)


def test_each_subnet_has_its_own_route_table(build: Any) -> None:
    associations = build().all("aws_route_table_association")
    assert len({association["route_table_id"] for association in associations}) == len(ZONES)


def test_the_network_gives_one_token_for_each_subnet(stack: TerraformStack, location: AwsLocation) -> None:
    settings = PrivateNetwork(availability_zones=ZONES)
    vpc = PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
    network = vpc.network
    assert len(set(network.subnet_ids)) == len(ZONES)
    assert len(network.security_group_ids) == 1
    assert not network.assign_public_ip


def test_without_nat_nothing_of_the_internet_is_there(build: Any) -> None:
    types = build().types()
    for absent in ("aws_internet_gateway", "aws_nat_gateway", "aws_eip", "aws_route"):
        assert absent not in types


HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}
DATABASE = Egress(from_port=5_432, cidr_blocks=("10.1.0.0/16", "10.2.0.0/16"))


def test_without_nat_workloads_reach_endpoints_and_s3_only(build: Any) -> None:
    synthesized = build()
    s3 = address(synthesized, "aws_vpc_endpoint", "tb-test-network-s3")
    assert egress(synthesized) == [
        {**HTTPS, "prefix_list_id": f"${{{s3}.prefix_list_id}}"},
        {**HTTPS, "cidr_ipv4": "10.0.0.0/16"},
    ]


def test_with_nat_workloads_reach_the_web(build: Any) -> None:
    assert egress(build(nat_gateways=1)) == [
        {"ip_protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_ipv4": INTERNET},
        {**HTTPS, "cidr_ipv4": INTERNET},
    ]


@pytest.mark.parametrize("nat_gateways", [0, 1])
def test_workloads_reach_what_is_named(build: Any, nat_gateways: int) -> None:
    games = Egress(protocol="udp", from_port=7_000, to_port=7_010)
    usual = egress(build(nat_gateways=nat_gateways))
    stack = new_stack()
    settings = PrivateNetwork(
        availability_zones=ZONES, nat_gateways=nat_gateways, egress={"database": DATABASE, "games": games}
    )
    PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=LOCATION)
    assert [rule for rule in egress(Synthesized(stack)) if rule not in usual] == [
        {"ip_protocol": "tcp", "from_port": 5_432, "to_port": 5_432, "cidr_ipv4": "10.1.0.0/16"},
        {"ip_protocol": "tcp", "from_port": 5_432, "to_port": 5_432, "cidr_ipv4": "10.2.0.0/16"},
        {"ip_protocol": "udp", "from_port": 7_000, "to_port": 7_010, "cidr_ipv4": INTERNET},
    ]


@pytest.mark.parametrize("nat_gateways", [0, 1, 3])
def test_nobody_gets_in_not_even_other_workloads(build: Any, nat_gateways: int) -> None:
    assert build(nat_gateways=nat_gateways, interface_endpoints=()).all("aws_vpc_security_group_ingress_rule") == []


def test_workloads_call_each_other_on_ports_that_are_named(build: Any) -> None:
    synthesized = build(interface_endpoints=(), ports_between_workloads={"ray": PortRange(from_port=6_379)})
    group = f"${{{address(synthesized, 'aws_security_group', 'tb-test-network-workloads')}.id}}"
    rule = {"ip_protocol": "tcp", "from_port": 6_379, "to_port": 6_379, "referenced_security_group_id": group}
    assert rule in egress(synthesized)
    ingress = synthesized.one("aws_vpc_security_group_ingress_rule")
    assert (ingress["security_group_id"], rule.items() <= ingress.items()) == (group, True)


def test_nodes_have_a_group_in_which_they_talk_on_any_port(stack: TerraformStack, location: AwsLocation) -> None:
    settings = PrivateNetwork(availability_zones=ZONES, interface_endpoints=())
    vpc = PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
    assert vpc.network.node_group_ids() == ()
    vpc.add_node_group()
    synthesized = Synthesized(stack)
    nodes = f"${{{address(synthesized, 'aws_security_group', 'tb-test-network-nodes')}.id}}"
    rule = synthesized.one("aws_vpc_security_group_ingress_rule")
    assert rule["security_group_id"] == rule["referenced_security_group_id"] == nodes
    assert {"ip_protocol": "-1", "referenced_security_group_id": nodes} in egress(synthesized)
    workloads = vpc.network.security_group_ids
    assert vpc.network.for_nodes().security_group_ids == (*workloads, *vpc.network.node_group_ids())


def test_security_groups_have_no_inline_rules_and_are_replaced_before_they_go(build: Any) -> None:
    for group in build().all("aws_security_group"):
        assert group.keys() == {"name_prefix", "description", "vpc_id", "tags", "lifecycle"}
        assert group["lifecycle"] == {"create_before_destroy": True}


def test_a_shared_nat_gateway_is_in_the_zone_listed_first(build: Any) -> None:
    synthesized = build(zones=("us-east-1d", "us-east-1a"), nat_gateways=1)
    assert ways_out(synthesized) == {"a": "nat-d", "d": "nat-d"}
    assert len(synthesized.all("aws_eip")) == 1


def test_with_one_for_each_zone_none_depends_on_another(build: Any) -> None:
    assert ways_out(build(nat_gateways=3)) == {"a": "nat-a", "b": "nat-b", "d": "nat-d"}


def test_a_nat_gateway_has_a_small_public_subnet_of_its_own(build: Any) -> None:
    synthesized = build(nat_gateways=1)
    subnet = tagged(synthesized, "aws_subnet", "tb-test-network-nat-a")
    assert (subnet["availability_zone"], subnet["cidr_block"]) == ("us-east-1a", "10.0.224.0/28")
    assert subnet["map_public_ip_on_launch"] is False
    table = address(synthesized, "aws_route_table", "tb-test-network-nat-a")
    gateway = address(synthesized, "aws_internet_gateway", "tb-test-network")
    (route,) = [route for route in synthesized.all("aws_route") if "gateway_id" in route]
    assert route == {
        "route_table_id": f"${{{table}.id}}",
        "destination_cidr_block": INTERNET,
        "gateway_id": f"${{{gateway}.id}}",
    }
    assert synthesized.one("aws_nat_gateway")["depends_on"] == [gateway]
    assert synthesized.one("aws_eip")["depends_on"] == [gateway]


def test_another_zone_and_more_nat_leave_addresses_and_ranges_of_the_others_alone(location: AwsLocation) -> None:
    before = subnets_and_tables(location, zones=("us-east-1b", "us-east-1d"), nat_gateways=1)
    after = subnets_and_tables(location, zones=("us-east-1b", "us-east-1d", "us-east-1a"), nat_gateways=3)
    assert before.items() <= after.items()
    assert len(after) == 12


def subnets_and_tables(location: AwsLocation, zones: tuple[str, ...], nat_gateways: int) -> dict[str, str]:
    stack = new_stack()
    settings = PrivateNetwork(availability_zones=zones, nat_gateways=nat_gateways)
    PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location)
    resources = Synthesized(stack).document["resource"]
    return {
        id_: json.dumps(resource)
        for type_ in ("aws_subnet", "aws_route_table")
        for id_, resource in resources[type_].items()
    }


LOCATION = AwsLocation(region="us-east-1", account_id="111122223333")


def new_stack() -> TerraformStack:
    stack = TerraformStack(App(stack_traces=False), "test")
    LocalBackend(stack, path="test.tfstate")
    AwsProvider(stack, "aws", region="us-east-1")
    return stack


def test_each_service_has_an_endpoint_in_each_zone_under_its_usual_name(build: Any) -> None:
    synthesized = build(interface_endpoints=("sqs", "ecr.api"))
    group = address(synthesized, "aws_security_group", "tb-test-network-endpoints")
    endpoints = [
        endpoint for endpoint in synthesized.all("aws_vpc_endpoint") if endpoint["vpc_endpoint_type"] == "Interface"
    ]
    assert [endpoint["service_name"] for endpoint in endpoints] == [
        "com.amazonaws.us-east-1.ecr.api",
        "com.amazonaws.us-east-1.sqs",
    ]
    for endpoint in endpoints:
        assert endpoint["private_dns_enabled"] is True
        assert len(endpoint["subnet_ids"]) == len(ZONES)
        assert endpoint["security_group_ids"] == [f"${{{group}.id}}"]


def test_an_endpoint_has_a_policy_where_its_service_takes_one(build: Any) -> None:
    services = ("ecs", "ecs-agent", "ecs-telemetry", "logs", "sqs")
    synthesized = build(interface_endpoints=services, full_access_endpoints=["logs"])
    found = {
        endpoint["service_name"].rpartition(".")[2]: endpoint.get("policy")
        for endpoint in synthesized.all("aws_vpc_endpoint")
    }
    assert {name for name, policy in found.items() if policy is None} == {"ecs-agent", "ecs-telemetry"}
    sids = {name: [*statements(policy)] for name, policy in found.items() if policy}
    assert sids["ecs"] == sids["sqs"] == ["Ours", "ServicesOfAws"]
    # Written down, so that a policy that was there before goes.
    assert statements(found["logs"]) == {
        "Everything": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}
    }


@pytest.mark.parametrize(("nat_gateways", "last"), [(0, "BucketsOfAws"), (1, "ReadAsAnybody")])
def test_any_bucket_is_read_only_where_there_is_another_way_to_it(build: Any, nat_gateways: int, last: str) -> None:
    endpoint = tagged(build(nat_gateways=nat_gateways), "aws_vpc_endpoint", "tb-test-network-s3")
    assert [*statements(endpoint["policy"])][-1] == last


def test_an_endpoint_is_in_the_zones_that_have_its_service(build: Any) -> None:
    synthesized = build(interface_endpoints=("batch", "sqs"), endpoint_zones={"batch": ZONES[:1]})
    subnets = {
        subnet["availability_zone"]: f"${{aws_subnet.{id_}.id}}"
        for id_, subnet in synthesized.document["resource"]["aws_subnet"].items()
    }
    found = {
        endpoint["service_name"].rpartition(".")[2]: endpoint["subnet_ids"]
        for endpoint in synthesized.all("aws_vpc_endpoint")
        if endpoint["vpc_endpoint_type"] == "Interface"
    }
    assert found == {"batch": [subnets[ZONES[0]]], "sqs": [subnets[zone] for zone in sorted(ZONES)]}


def test_endpoints_take_https_from_inside_the_vpc_only(build: Any) -> None:
    synthesized = build(cidr_block="10.8.0.0/16")
    group = address(synthesized, "aws_security_group", "tb-test-network-endpoints")
    rules = [
        *synthesized.all("aws_vpc_security_group_ingress_rule"),
        *synthesized.all("aws_vpc_security_group_egress_rule"),
    ]
    (rule,) = [rule for rule in rules if rule["security_group_id"] == f"${{{group}.id}}"]
    rule.pop("description")
    assert rule == {
        "security_group_id": f"${{{group}.id}}",
        "ip_protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "cidr_ipv4": "10.8.0.0/16",
    }


def test_without_interface_endpoints_there_is_no_group_for_them(build: Any) -> None:
    synthesized = build(interface_endpoints=())
    assert synthesized.one("aws_vpc_endpoint")["vpc_endpoint_type"] == "Gateway"
    assert synthesized.one("aws_security_group")["tags"] == {"Name": "tb-test-network-workloads"}


@pytest.mark.parametrize("nat_gateways", [0, 1])
def test_load_balancers_have_public_subnets_where_no_workload_runs(
    stack: TerraformStack, location: AwsLocation, nat_gateways: int
) -> None:
    settings = PrivateNetwork(availability_zones=ZONES, nat_gateways=nat_gateways, load_balancer_subnets=True)
    network = PrivateVpc(stack, "vpc", name="tb-test-network", settings=settings, location=location).network
    assert len(network.load_balancer_subnet_ids(internal=False)) == len(ZONES)
    assert network.load_balancer_subnet_ids(internal=True) == network.subnet_ids
    assert not {*network.public_subnet_ids()} & {*network.subnet_ids}
    synthesized = Synthesized(stack)
    (gateway,) = synthesized.document["resource"]["aws_internet_gateway"]
    tables = {
        f"${{{address(synthesized, 'aws_route_table', f'tb-test-network-load-balancers-{zone[-1]}')}.id}}"
        for zone in ZONES
    }
    led_out = {
        route["route_table_id"]
        for route in synthesized.all("aws_route")
        if route.get("gateway_id") == f"${{aws_internet_gateway.{gateway}.id}}"
    }
    assert tables <= led_out
    assert len(led_out) == len(ZONES) + nat_gateways
    subnet = tagged(synthesized, "aws_subnet", "tb-test-network-load-balancers-b")
    assert (subnet["cidr_block"], subnet["availability_zone"]) == ("10.0.252.0/23", "us-east-1b")
    # No way out for workloads.
    assert len(ways_out(synthesized)) == (len(ZONES) if nat_gateways else 0)
