from dataclasses import replace
from typing import Any

import pytest
from cdktf import App

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    MultiNodeCapacity,
)
from modules.vpc.cidr import INTERNET
from modules.vpc.network import Network
from modules.vpc.network_settings import NetworkSettings
from modules.vpc.placement_settings import ExistingSecurityGroup, NewSecurityGroup, SecurityGroupSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from modules.vpc.traffic_settings import Egress
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.network import EnvironmentNetwork
from stacks.placement import Placement
from tests.conftest import Synthesized
from tests.stacks.environments import empty_environment

VPC, SUBNETS, GROUPS = "vpc-0123456789abcdef0", ("subnet-01234567", "subnet-89abcdef"), ("sg-01234567",)


@pytest.fixture
def app() -> App:
    return App(stack_traces=False)


def with_network(network: NetworkSettings | None, **capacity: ComputeEnvironmentSettings) -> Environment:
    return empty_environment(
        network=network,
        compute_environments=capacity,
    )


def define_network(app: App, settings: Environment) -> Network | None:
    """Define the network and return it as another stack sees it."""
    network = EnvironmentNetwork(Placement(app, settings))
    return network.seen_from(PlatformStack(app, settings, "reader"))


def stack_of(app: App) -> PlatformStack:
    stack = app.node.find_child("test-network")
    assert isinstance(stack, PlatformStack)
    return stack


def reading(app: App) -> dict[str, Any]:
    """Return the JSON of the stack that sees the network."""
    return Synthesized(app.node.find_child("test-reader")).document  # type: ignore[arg-type]


def output(app: App) -> Any:
    return Synthesized(stack_of(app)).document["output"]["network"]["value"]


def traffic(synthesized: Synthesized, direction: str = "egress") -> list[tuple[str, int | None, str]]:
    """Return protocol, first port and other side of each rule of the workloads' group and of that of nodes."""
    names = {
        f"${{aws_security_group.{id_}.id}}": group["tags"]["Name"].removeprefix("terrabatch-test-network-")
        for id_, group in synthesized.document["resource"]["aws_security_group"].items()
    }
    rules = synthesized.all(f"aws_vpc_security_group_{direction}_rule")
    found = [
        (
            rule["ip_protocol"],
            rule.get("from_port"),
            rule.get("cidr_ipv4") or names.get(rule.get("referenced_security_group_id", ""), "S3"),
        )
        for rule in rules
        if names[rule["security_group_id"]] != "endpoints"
    ]
    return sorted(found, key=lambda rule: (rule[1] or 0, rule[0], rule[2]))


def test_without_a_network_there_is_neither_stack_nor_network(app: App) -> None:
    assert define_network(app, with_network(None)) is None
    assert app.node.try_find_child("test-network") is None


def test_an_existing_network_with_groups_needs_no_stack(app: App) -> None:
    settings = ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS, security_group_ids=GROUPS, assign_public_ip=True)
    network = define_network(app, with_network(settings))
    assert network is not None
    assert network.vpc_id() == VPC
    assert replace(network, vpc_id=str) == Network(
        vpc_id=str, subnet_ids=SUBNETS, security_group_ids=GROUPS, assign_public_ip=True
    )
    assert app.node.try_find_child("test-network") is None


def test_an_existing_network_without_groups_gets_one(app: App) -> None:
    network = define_network(app, with_network(ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS)))
    assert network is not None
    assert (network.vpc_id(), network.subnet_ids, network.assign_public_ip) == (VPC, SUBNETS, False)
    assert len(network.security_group_ids) == 1
    # What is in the settings needs no reading.
    assert list(reading(app)["locals"]) == ["network_security_group_ids_0"]
    synthesized = Synthesized(stack_of(app))
    assert synthesized.types() == [
        "aws_security_group",
        "aws_vpc_security_group_egress_rule",
    ]
    group = synthesized.one("aws_security_group")
    assert (group["vpc_id"], group["name_prefix"]) == (VPC, "terrabatch-test-network-workloads-")
    assert traffic(synthesized) == [
        ("tcp", 53, INTERNET),
        ("udp", 53, INTERNET),
        ("tcp", 80, INTERNET),
        ("tcp", 443, INTERNET),
    ]
    (group_id,) = synthesized.document["resource"]["aws_security_group"]
    assert output(app) == {
        "vpc_id": VPC,
        "subnet_ids": list(SUBNETS),
        "security_group_ids": [f"${{aws_security_group.{group_id}.id}}"],
    }


@pytest.mark.parametrize(("kind", "public"), [(PrivateNetwork, False), (PublicNetwork, True)])
def test_a_made_network_puts_out_each_id_by_itself(
    app: App, kind: type[PrivateNetwork | PublicNetwork], public: bool
) -> None:
    network = define_network(app, with_network(kind(availability_zones=("us-east-1b", "us-east-1a"))))
    assert network is not None
    assert network.assign_public_ip is public
    synthesized = Synthesized(stack_of(app))
    (vpc_id,) = synthesized.document["resource"]["aws_vpc"]
    zones = {
        f"${{aws_subnet.{id_}.id}}": subnet["availability_zone"]
        for id_, subnet in synthesized.document["resource"]["aws_subnet"].items()
    }
    value = output(app)
    assert value["vpc_id"] == f"${{aws_vpc.{vpc_id}.id}}"
    assert [zones[subnet_id] for subnet_id in value["subnet_ids"]] == ["us-east-1a", "us-east-1b"]
    assert len(value["security_group_ids"]) == 1
    of_all = ["network_security_group_ids_0", "network_subnet_ids_0", "network_subnet_ids_1"]
    assert list(reading(app)["locals"]) == of_all
    network.vpc_id()
    assert list(reading(app)["locals"]) == [*of_all, "network_vpc_id"]


def test_what_connects_a_network_is_known_in_its_own_stack_only(app: App) -> None:
    settings = with_network(PublicNetwork(availability_zones=("us-east-1a",)))
    placement = Placement(app, settings)
    network = EnvironmentNetwork(placement)
    inside, outside = (
        network.seen_from(stack) for stack in (placement.stack("network"), PlatformStack(app, settings, "reader"))
    )
    assert inside is not None
    assert outside is not None
    assert {item.terraform_resource_type for item in inside.connections} == {
        "aws_route",
        "aws_route_table_association",
        "aws_vpc_endpoint",
        "aws_vpc_security_group_egress_rule",
    }
    assert outside.connections == ()
    # Those of another stack are there already, and cannot be named.
    assert inside.connections_for(placement.stack("network")) == list(inside.connections)
    assert inside.connections_for(placement.stack("batch")) == []


def test_making_a_public_network_private_replaces_no_subnet(app: App) -> None:
    addresses = []
    for kind in (PublicNetwork, PrivateNetwork):
        app = App(stack_traces=False)
        define_network(app, with_network(kind(availability_zones=("us-east-1a",))))
        resources = Synthesized(stack_of(app)).document["resource"]
        addresses.append([[*resources[type_]] for type_ in ("aws_vpc", "aws_subnet", "aws_security_group")])
    public, private = addresses
    assert public[:2] == private[:2]
    assert set(public[2]) < set(private[2])


class SharedNetwork(NetworkSettings):
    pass


def test_a_kind_of_network_that_nobody_makes_is_an_error(app: App) -> None:
    with pytest.raises(TypeError, match="SharedNetwork is no kind of network that can be made"):
        define_network(app, with_network(SharedNetwork()))


def efa(interfaces: int) -> Ec2ComputeEnvironment:
    return Ec2ComputeEnvironment(
        max_vcpus=192,
        instance_types=["p5.48xlarge"],
        subnet_index=0,
        multi_node=MultiNodeCapacity(efa_interfaces=interfaces),
    )


@pytest.mark.parametrize("interfaces", [0, 1])
def test_the_default_group_is_opened_only_to_nodes_that_batch_puts_there(app: App, interfaces: int) -> None:
    settings = with_network(PrivateNetwork(availability_zones=("us-east-1a",)), training=efa(interfaces))
    define_network(app, settings)
    resources = Synthesized(stack_of(app)).document["resource"]
    (group_id,) = resources["aws_default_security_group"]
    group = f"${{aws_default_security_group.{group_id}.id}}"
    rules = {
        direction: [
            rule.get("cidr_ipv4") or rule.get("referenced_security_group_id") or "S3"
            for _, rule in sorted(resources[f"aws_vpc_security_group_{direction}_rule"].items())
            if rule["security_group_id"] == group
        ]
        for direction in ("ingress", "egress")
    }
    opened = {"ingress": [group], "egress": [group, "S3", "10.0.0.0/16"]}
    assert rules == (opened if interfaces else {"ingress": [], "egress": []})


@pytest.mark.parametrize(
    "network",
    [PrivateNetwork(availability_zones=("us-east-1a",)), ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS[:1])],
)
@pytest.mark.parametrize("multi_node", [True, False])
def test_only_nodes_of_multi_node_jobs_have_every_port_open_to_each_other(
    app: App, network: NetworkSettings, *, multi_node: bool
) -> None:
    seen = define_network(app, with_network(network, **({"training": efa(0)} if multi_node else {})))
    synthesized = Synthesized(stack_of(app))
    between = [("-1", None, "nodes")] if multi_node else []
    assert traffic(synthesized, "ingress") == between
    assert [rule for rule in traffic(synthesized) if rule[0] == "-1"] == between
    assert ("node_security_group_ids" in output(app)) == multi_node
    assert seen is not None
    assert len(seen.for_nodes().security_group_ids) == 1 + multi_node


def test_a_stack_without_nodes_does_not_read_their_group(app: App) -> None:
    seen = define_network(app, with_network(PrivateNetwork(availability_zones=("us-east-1a",)), training=efa(0)))
    assert "network_node_security_group_ids_0" not in reading(app)["locals"]
    assert seen is not None
    seen.for_nodes()
    assert "network_node_security_group_ids_0" in reading(app)["locals"]


def test_subnets_of_load_balancers_are_read_where_one_is_in_them(app: App) -> None:
    zones = ("us-east-1a", "us-east-1b")
    seen = define_network(app, with_network(PrivateNetwork(availability_zones=zones, load_balancer_subnets=True)))
    assert seen is not None
    assert len(output(app)["load_balancer_subnet_ids"]) == len(zones)
    assert "network_load_balancer_subnet_ids_0" not in reading(app)["locals"]
    assert len(seen.load_balancer_subnet_ids(internal=False)) == len(zones)
    assert "network_load_balancer_subnet_ids_1" in reading(app)["locals"]


DATABASE: dict[str, SecurityGroupSettings] = {
    "database": NewSecurityGroup(egress={"sql": Egress(from_port=5_432, cidr_blocks=["10.9.0.0/24"])})
}
THEIRS: dict[str, SecurityGroupSettings] = {"theirs": ExistingSecurityGroup(security_group_id="sg-0000000f")}


@pytest.mark.parametrize(
    "network",
    [
        PrivateNetwork(availability_zones=("us-east-1a",), security_groups=DATABASE | THEIRS),
        ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS, security_groups=DATABASE | THEIRS),
        ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS, security_group_ids=GROUPS, security_groups=DATABASE | THEIRS),
    ],
)
def test_groups_of_one_name_are_made_and_read_where_they_are_used(app: App, network: NetworkSettings) -> None:
    seen = define_network(app, with_network(network))
    assert seen is not None
    synthesized = Synthesized(stack_of(app))
    assert ("tcp", 5_432, "10.9.0.0/24") in traffic(synthesized)
    groups = synthesized.document["resource"]["aws_security_group"]
    (id_,) = [id_ for id_, item in groups.items() if item["tags"]["Name"] == "terrabatch-test-network-database"]
    assert output(app)["named_security_group_ids"] == {"database": f"${{aws_security_group.{id_}.id}}"}
    name = "network_named_security_group_ids_database"
    assert name not in reading(app)["locals"]
    assert seen.placed(FargateComputeEnvironment(max_vcpus=4, security_groups=["theirs"])).added_group_ids == (
        "sg-0000000f",
    )
    assert name not in reading(app)["locals"]
    assert len(seen.placed(FargateComputeEnvironment(max_vcpus=4, security_groups=["database"])).all_group_ids) == 2
    assert name in reading(app)["locals"]


def test_an_existing_networks_own_groups_stay_its_workloads(app: App) -> None:
    settings = ExistingNetwork(vpc_id=VPC, subnet_ids=SUBNETS, security_group_ids=GROUPS, security_groups=DATABASE)
    network = define_network(app, with_network(settings))
    assert network is not None
    assert not network.has_own_group
    assert len(Synthesized(stack_of(app)).all("aws_security_group")) == 1
