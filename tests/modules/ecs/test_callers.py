"""Who finds a service by its name reaches it; in a network whose groups are somebody else's these are left alone."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.callers import called_ports
from modules.ecs.settings.containers import Port
from modules.ecs.settings.exposure import DiscoverySettings, DnsDiscovery, ServiceConnect
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService
from modules.vpc.traffic_settings import PortRange
from tests.modules.ecs.replicas import OWN, replicas, service
from tests.modules.ecs.samples import NETWORK, fargate_container, fargate_task

OWN_GROUP = replace(NETWORK, has_own_group=True)
PORTS = {"http": Port(port=8_080), "statsd": Port(port=8_125, protocol="udp")}
HTTP, STATSD = PortRange(from_port=8_080), PortRange(protocol="udp", from_port=8_125)


def settings(discovery: DiscoverySettings | None, ports: dict[str, Port]) -> ReplicaService:
    task = fargate_task(containers={"web": fargate_container(ports=ports)})
    return ReplicaService(cluster="main", tasks=FixedTasks(count=1), discovery=discovery, task=task)


@pytest.mark.parametrize(
    ("discovery", "ports", "called"),
    [
        (None, PORTS, {}),
        (ServiceConnect(), PORTS, {}),
        (ServiceConnect(port="http"), PORTS, {"http": HTTP}),
        (DnsDiscovery(), PORTS, {"http": HTTP, "statsd": STATSD}),
        (DnsDiscovery(), {}, {"any": PortRange(from_port=0, to_port=65_535)}),
    ],
)
def test_ports_are_called_that_discovery_shows(
    discovery: DiscoverySettings | None, ports: dict[str, Port], called: dict[str, PortRange]
) -> None:
    assert called_ports(settings(discovery, ports)) == called


def rules(synthesized: Any) -> list[tuple[str, str, int]]:
    """Return what each rule belongs to, the other side, and the first port."""
    names = {
        f"${{aws_security_group.{id_}.id}}": group["tags"]["Name"]
        for id_, group in synthesized.document["resource"].get("aws_security_group", {}).items()
    }
    found = []
    for direction in ("ingress", "egress"):
        for rule in synthesized.document["resource"].get(f"aws_vpc_security_group_{direction}_rule", {}).values():
            one, other = rule["security_group_id"], rule.get("referenced_security_group_id", rule.get("cidr_ipv4"))
            found.append((f"{names.get(one, one)} {direction}", names.get(other, other), rule["from_port"]))
    return sorted(found)


def test_workloads_reach_a_service_that_they_find_and_no_other_port(stack: TerraformStack) -> None:
    synthesized = replicas(stack, discovery=ServiceConnect(port="http"), network=OWN_GROUP)
    assert rules(synthesized) == [
        ("sg-0a egress", "tb-test-api-callers", 8_080),
        ("tb-test-api-callers ingress", "sg-0a", 8_080),
    ]
    (group,) = synthesized.document["resource"]["aws_security_group"]
    groups = service(synthesized)["network_configuration"]["security_groups"]
    assert groups == ["sg-0a", f"${{aws_security_group.{group}.id}}"]


@pytest.mark.parametrize("discovery", [None, ServiceConnect()])
def test_a_service_that_is_called_by_none_has_no_group_for_callers(
    stack: TerraformStack, discovery: DiscoverySettings | None
) -> None:
    assert rules(replicas(stack, discovery=discovery, network=OWN_GROUP)) == []


def test_groups_of_others_get_no_rules(stack: TerraformStack) -> None:
    assert rules(replicas(stack, discovery=ServiceConnect(port="http"), network=NETWORK)) == []


@pytest.mark.parametrize("internal", [True, False])
def test_workloads_reach_an_internal_load_balancer(stack: TerraformStack, *, internal: bool) -> None:
    balancing = OWN.model_copy(update={"internal": internal})
    found = rules(replicas(stack, load_balancing=balancing, network=OWN_GROUP))
    assert (("sg-0a egress", "tb-test-api-load-balancer", 443) in found) is internal
