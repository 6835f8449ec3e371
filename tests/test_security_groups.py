"""Who reaches whom, by the security groups of every environment together: a group lets out, and another lets in."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest

from modules.ecs.settings.exposure import MadeLoadBalancer
from modules.ecs.settings.services import ReplicaService
from modules.vpc.network_settings import MadeNetwork
from tests.shipped import PACKAGES
from tests.worlds import World, as_shipped, shipped_world

ENVIRONMENTS = as_shipped(*PACKAGES)
INTERNET = "0.0.0.0/0"
# The port of nothing in particular, such as a program's that nobody meant to be called.
STRAY = 6_666


@pytest.fixture(scope="module", params=sorted(ENVIRONMENTS))
def world(request: Any) -> World:
    return shipped_world(*ENVIRONMENTS[request.param])


def rules(world: World, direction: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the rules of a direction, each with the path of its group, or the id of one that exists."""
    found = world.blocks(f"aws_vpc_security_group_{direction}_rule")
    return [(rule["security_group_id"], rule) for _, rule in found]


def passes(rule: Mapping[str, Any], protocol: str, port: int) -> bool:
    if rule["ip_protocol"] == "-1":
        return True
    return bool(rule["ip_protocol"] == protocol and rule["from_port"] <= port <= rule["to_port"])


def reaches(world: World, one: str, other: str, port: int, protocol: str = "tcp") -> bool:
    """Return whether a member of one group reaches a member of another: out of the first, and into the second."""
    out = any(
        group == one and passes(rule, protocol, port) and (rule.get("referenced_security_group_id", other) == other)
        for group, rule in rules(world, "egress")
    )
    into = any(
        group == other and passes(rule, protocol, port) and rule.get("referenced_security_group_id") == one
        for group, rule in rules(world, "ingress")
    )
    return out and into


def test_only_load_balancers_and_endpoints_let_in_by_address(world: World) -> None:
    ingress = rules(world, "ingress")
    found = {(group, rule[key]) for group, rule in ingress for key in ("cidr_ipv4", "cidr_ipv6") if key in rule}
    own = {
        (f"services/{name}/load-balancer/security-group", cidr_block)
        for name, service in world.environment.services.items()
        if isinstance(service, ReplicaService) and isinstance(service.load_balancing, MadeLoadBalancer)
        for cidr_block in service.load_balancing.allowed_cidr_blocks
    }
    network = world.environment.network
    made = network.cidr_blocks if isinstance(network, MadeNetwork) else ()
    endpoints = {("network/endpoints", cidr_block) for cidr_block in made}
    over_ipv6 = {(group, "::/0") for group, cidr_block in own if cidr_block == INTERNET}
    assert found <= own | endpoints | over_ipv6
    assert own <= found


def test_every_port_is_open_between_nodes_alone(world: World) -> None:
    open_groups = {
        group
        for direction in ("ingress", "egress")
        for group, rule in rules(world, direction)
        if rule["ip_protocol"] == "-1" or rule["to_port"] - rule["from_port"] > 60_000
    }
    assert open_groups <= {"network/node-security-group", "network/default-security-group"}
    for group in open_groups:
        assert reaches(world, group, group, STRAY)


def test_workloads_do_not_reach_each_other_on_a_port_that_nobody_named(world: World) -> None:
    workloads = "network/workload-security-group"
    groups = {path for path, _ in world.blocks("aws_security_group")}
    for other in groups - {"network/node-security-group"}:
        assert not reaches(world, workloads, other, STRAY), other
        assert not reaches(world, workloads, other, STRAY, "udp"), other


def test_workloads_reach_file_systems_and_services_that_they_find(world: World) -> None:
    workloads = "network/workload-security-group"
    if workloads not in {path for path, _ in world.blocks("aws_security_group")}:
        return
    for name in world.environment.file_systems:
        assert reaches(world, workloads, f"file_systems/{name}/security-group", 2_049)
        assert not reaches(world, workloads, f"file_systems/{name}/security-group", 111)
    for name, service in world.environment.services.items():
        discovery = getattr(service, "discovery", None)
        callers = f"services/{name}/callers"
        port = getattr(discovery, "port", None)
        if port is not None:
            assert reaches(world, workloads, callers, service.ports()[port].port), name


def test_nothing_is_let_out_to_everywhere_but_what_settings_name(world: World) -> None:
    network = world.environment.network
    if network is None:
        return
    named = {item.from_port for item in (*network.usual_egress.values(), *network.egress.values())}
    for group, rule in rules(world, "egress"):
        if IPv4Network(rule.get("cidr_ipv4", "10.0.0.0/32")).prefixlen < 8:
            port = rule["from_port"]
            assert rule["to_port"] == port
            assert port in named or "logs-" in rule["description"], (group, port)
