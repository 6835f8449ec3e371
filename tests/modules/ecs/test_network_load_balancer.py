"""A Network Load Balancer in front of a service: what is emitted for each protocol, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.service_times import deployment_minutes
from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import BlueGreenDeployment, RollingDeployment
from modules.ecs.settings.exposure import OwnLoadBalancer, TargetHealth
from modules.ecs.settings.network_load_balancers import ConnectionHealth, OwnNetworkLoadBalancer
from modules.ecs.settings.scaling import ScaledTasks
from modules.problems import format_value
from modules.vpc.settings import PrivateNetwork
from tests.modules.ecs.replicas import CERTIFICATE, group, reference, replicas, service
from tests.modules.ecs.samples import NETWORK, fargate_container, fargate_task
from tests.modules.ecs.settings import service_samples
from tests.problems import refused
from tests.stacks.rules.service_samples import replicas as in_environment
from tests.stacks.rules.service_samples import with_cluster

PORTS = {"http": Port(port=8_080), "media": Port(port=5_004, protocol="udp"), "health": Port(port=5_004)}
TASK = fargate_task(containers={"web": fargate_container(ports=PORTS)})
UDP: dict[str, Any] = {"protocol": "UDP", "port": "media", "health": ConnectionHealth(port="health")}
TLS: dict[str, Any] = {"protocol": "TLS", "certificate_arn": CERTIFICATE}


def network(**changes: Any) -> OwnNetworkLoadBalancer:
    values: dict[str, Any] = {"port": "http", "allowed_cidr_blocks": ["10.0.0.0/8"]}
    return OwnNetworkLoadBalancer(**values | changes)


@pytest.mark.parametrize(
    ("changes", "listener", "groups"),
    [
        ({}, {"protocol": "TCP", "port": 8_080, "tcp_idle_timeout_seconds": 350}, ("TCP", "false")),
        (
            {"idle_timeout_seconds": 6_000, "preserve_client_ip": True, "listener_port": 80},
            {"protocol": "TCP", "port": 80, "tcp_idle_timeout_seconds": 6_000},
            ("TCP", "true"),
        ),
        (
            TLS | {"listener_port": 443},
            {
                "protocol": "TLS",
                "port": 443,
                "certificate_arn": CERTIFICATE,
                "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            },
            ("TCP", "false"),
        ),
        (UDP, {"protocol": "UDP", "port": 5_004}, ("UDP", None)),
    ],
)
def test_listener_and_group_speak_the_protocol(
    stack: TerraformStack, changes: dict[str, Any], listener: dict[str, Any], groups: tuple[str, str | None]
) -> None:
    synthesized = replicas(stack, task=TASK, load_balancing=network(**changes))
    made = synthesized.one("aws_lb_listener")
    told = {*listener, "tcp_idle_timeout_seconds", "certificate_arn", "ssl_policy"}
    assert {name: made[name] for name in told if name in made} == listener
    assert made["default_action"] == [{"type": "forward", "target_group_arn": group(synthesized, "a")}]
    target = synthesized.one("aws_lb_target_group")
    assert (target["protocol"], target.get("preserve_client_ip"), target["target_type"]) == (*groups, "ip")
    assert synthesized.one("aws_lb")["load_balancer_type"] == "network"
    assert "aws_lb_listener_rule" not in synthesized.types()


@pytest.mark.parametrize("on", [True, False])
def test_what_may_be_left_out_again_is_always_said(stack: TerraformStack, on: bool) -> None:
    settings = network(cross_zone=on, proxy_protocol=on, source_ip_stickiness=on)
    synthesized = replicas(stack, task=TASK, load_balancing=settings)
    assert synthesized.one("aws_lb")["enable_cross_zone_load_balancing"] is on
    target = synthesized.one("aws_lb_target_group")
    assert target["proxy_protocol_v2"] is on
    assert target["stickiness"] == {"type": "source_ip", "enabled": on}


@pytest.mark.parametrize(
    ("health", "told"),
    [
        (ConnectionHealth(), {"protocol": "TCP"}),
        (
            TargetHealth(path="/ok", status_codes="204", port="health"),
            {"protocol": "HTTP", "path": "/ok", "matcher": "204", "port": "5004"},
        ),
    ],
)
def test_health_is_a_connection_or_an_answer(
    stack: TerraformStack, health: ConnectionHealth | TargetHealth, told: dict[str, Any]
) -> None:
    synthesized = replicas(stack, task=TASK, load_balancing=network(health=health))
    check = synthesized.one("aws_lb_target_group")["health_check"]
    names = {"protocol", "path", "matcher", "port"}
    assert {name: value for name, value in check.items() if name in names} == told


def test_groups_let_the_protocol_through_and_health_checks_over_tcp(stack: TerraformStack) -> None:
    synthesized = replicas(stack, task=TASK, load_balancing=network(**UDP))
    for direction, callers in (("ingress", [("udp", 5_004, "10.0.0.0/8")]), ("egress", [])):
        rules = [
            (rule["ip_protocol"], rule["from_port"], rule.get("cidr_ipv4", ""))
            for rule in synthesized.all(f"aws_vpc_security_group_{direction}_rule")
        ]
        assert sorted(rules) == sorted([("tcp", 5_004, ""), ("udp", 5_004, ""), *callers])


def test_a_deployment_shifts_the_traffic_of_the_listener(stack: TerraformStack) -> None:
    synthesized = replicas(stack, task=TASK, load_balancing=network(), deployment=BlueGreenDeployment())
    made = service(synthesized)
    ((id_, listener),) = synthesized.document["resource"]["aws_lb_listener"].items()
    (entry,) = made["load_balancer"]
    assert entry["advanced_configuration"] == {
        "alternate_target_group_arn": group(synthesized, "b"),
        "production_listener_rule": f"${{aws_lb_listener.{id_}.arn}}",
        "role_arn": reference(synthesized, "aws_iam_role", "tb-test-api-infrastructure", "arn"),
    }
    assert listener["lifecycle"] == {"ignore_changes": ["default_action"]}
    assert f"aws_lb_listener.{id_}" in made["depends_on"]


@pytest.mark.parametrize(
    ("load_balancing", "deployment", "minutes"),
    [
        (service_samples.OWN, BlueGreenDeployment(bake_minutes=0), 20),
        (network(), BlueGreenDeployment(bake_minutes=0), 40),
        (network(), RollingDeployment(), 20),
    ],
)
def test_shifts_wait_for_a_network_load_balancer(load_balancing: Any, deployment: Any, minutes: int) -> None:
    assert deployment_minutes(service_samples.replicas(load_balancing=load_balancing, deployment=deployment)) == minutes


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        (TLS, []),
        (UDP, []),
        ({"protocol": "TLS"}, ["certificate_arn: got None"]),
        ({"certificate_arn": CERTIFICATE}, [f"certificate_arn: got {format_value(CERTIFICATE)}"]),
        (UDP | {"health": ConnectionHealth()}, ["health.port: got None"]),
        (UDP | {"preserve_client_ip": True}, ["preserve_client_ip: got True"]),
        (TLS | {"source_ip_stickiness": True}, ["source_ip_stickiness: got True"]),
        ({"source_ip_stickiness": True}, []),
        ({"idle_timeout_seconds": 60}, []),
        ({"idle_timeout_seconds": 59}, ["idle_timeout_seconds: 60, 6,000, got 59"]),
        ({"idle_timeout_seconds": 6_001}, ["idle_timeout_seconds: 60, 6,000, got 6,001"]),
        (TLS | {"idle_timeout_seconds": 60}, ["idle_timeout_seconds: got 60"]),
        ({"listener_port": 0}, ["listener_port: 1, 65,535, got 0"]),
        ({"protocol": "TCP_UDP"}, ["protocol: got 'TCP_UDP'"]),
    ],
)
def test_a_protocol_has_what_aws_gives_it(changes: dict[str, Any], problems: list[str]) -> None:
    if problems:
        assert refused(lambda: network(**changes)) == problems
    else:
        assert network(**changes).protocol == changes.get("protocol", "TCP")


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (UDP, []),
        (UDP | {"port": "http"}, ["load_balancing.port: got 'http', a tcp one"]),
        ({"port": "media"}, ["load_balancing.port: got 'media', a udp one"]),
        (UDP | {"health": ConnectionHealth(port="media")}, ["load_balancing.health.port: got 'media', a udp one"]),
    ],
)
def test_ports_are_of_the_protocol(changes: dict[str, Any], problems: list[str]) -> None:
    if problems:
        assert refused(lambda: service_samples.replicas(task=TASK, load_balancing=network(**changes))) == problems
    else:
        assert service_samples.replicas(task=TASK, load_balancing=network(**changes)).load_balancing


def test_it_counts_no_requests() -> None:
    tasks = ScaledTasks(min_tasks=1, max_tasks=2, requests_per_task=100)
    assert refused(lambda: service_samples.replicas(load_balancing=network(), tasks=tasks)) == [
        "tasks.requests_per_task: got 100"
    ]


@pytest.mark.parametrize("public", [True, False])
def test_one_zone_is_enough_and_the_internet_needs_public_subnets(public: bool) -> None:
    made = PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1, load_balancer_subnets=public)
    services = {"api": in_environment(load_balancing=network(internal=False))}
    if public:
        assert with_cluster(network=made, services=services).services
    else:
        assert refused(lambda: with_cluster(network=made, services=services)) == [
            "network.load_balancer_subnets: got False"
        ]


EVERYWHERE: dict[str, Any] = {"allowed_cidr_blocks": ["0.0.0.0/0"], "internal": False}


@pytest.mark.parametrize(
    ("load_balancing", "is_dual", "blocks"),
    [
        (network(**EVERYWHERE), True, ["0.0.0.0/0", "::/0"]),
        (network(internal=False), True, ["10.0.0.0/8"]),
        (network(**EVERYWHERE | {"internal": True}), False, ["0.0.0.0/0"]),
        (network(**UDP | EVERYWHERE), False, ["0.0.0.0/0"]),
        (OwnLoadBalancer(port="http", **EVERYWHERE), True, ["0.0.0.0/0", "::/0"]),
    ],
)
def test_what_the_internet_reaches_is_reached_over_ipv6_where_there_is_any(
    stack: TerraformStack, load_balancing: Any, is_dual: bool, blocks: list[str]
) -> None:
    dual = replace(NETWORK, has_ipv6=True)
    synthesized = replicas(stack, task=TASK, load_balancing=load_balancing, network=dual)
    assert synthesized.one("aws_lb").get("ip_address_type") == ("dualstack" if is_dual else None)
    rules = synthesized.all("aws_vpc_security_group_ingress_rule")
    callers = [rule for rule in rules if rule["description"] == "Callers"]
    assert [rule.get("cidr_ipv4") or rule["cidr_ipv6"] for rule in callers] == blocks
