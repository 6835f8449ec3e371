"""How requests reach a service, and how they move from one revision to the next."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.route import Route

from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    DeploymentSettings,
    LinearDeployment,
    RollingDeployment,
)
from modules.ecs.settings.exposure import TargetHealth
from modules.s3.bucket import Bucket
from modules.s3.settings import BucketSettings
from tests.modules.ecs.replicas import CERTIFICATE, LISTENER, OWN, group, reference, replicas, service
from tests.modules.ecs.samples import LOCATION, NETWORK, fargate_container, fargate_task
from tests.problems import refused


def test_a_rolling_deployment_is_rolled_back_when_it_fails(stack: TerraformStack) -> None:
    made = service(replicas(stack, deployment=RollingDeployment(min_healthy_percent=50, max_percent=150)))
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (50, 150)
    assert made["deployment_circuit_breaker"] == {"enable": True, "rollback": True}
    assert made["deployment_configuration"] == {"strategy": "ROLLING"}


@pytest.mark.parametrize(
    ("deployment", "configuration"),
    [
        (BlueGreenDeployment(bake_minutes=5), {"strategy": "BLUE_GREEN", "bake_time_in_minutes": "5"}),
        (
            CanaryDeployment(canary_percent=2.5, canary_bake_minutes=15),
            {
                "strategy": "CANARY",
                "bake_time_in_minutes": "10",
                "canary_configuration": {"canary_percent": 2.5, "canary_bake_time_in_minutes": "15"},
            },
        ),
        (
            LinearDeployment(step_percent=20, step_bake_minutes=3),
            {
                "strategy": "LINEAR",
                "bake_time_in_minutes": "10",
                "linear_configuration": {"step_percent": 20, "step_bake_time_in_minutes": "3"},
            },
        ),
    ],
)
def test_a_deployment_shifts_traffic_between_two_target_groups(
    stack: TerraformStack, deployment: DeploymentSettings, configuration: dict[str, Any]
) -> None:
    synthesized = replicas(stack, deployment=deployment, load_balancing=OWN)
    made = service(synthesized)
    assert made["deployment_configuration"] == configuration
    assert "deployment_circuit_breaker" not in made
    ((rule, emitted),) = synthesized.document["resource"]["aws_lb_listener_rule"].items()
    assert made["load_balancer"] == [
        {
            "container_name": "web",
            "container_port": 8_080,
            "target_group_arn": group(synthesized, "a"),
            "advanced_configuration": {
                "alternate_target_group_arn": group(synthesized, "b"),
                "production_listener_rule": f"${{aws_lb_listener_rule.{rule}.arn}}",
                "role_arn": reference(synthesized, "aws_iam_role", "tb-test-api-infrastructure", "arn"),
            },
        }
    ]
    # From here on ECS moves the weights.
    assert emitted["action"][0]["forward"]["target_group"] == [
        {"arn": group(synthesized, "a"), "weight": 100},
        {"arn": group(synthesized, "b"), "weight": 0},
    ]
    assert emitted["lifecycle"] == {"ignore_changes": ["action"]}


def test_the_role_that_shifts_traffic_outlives_the_service(stack: TerraformStack) -> None:
    synthesized = replicas(stack, deployment=CanaryDeployment(), load_balancing=OWN)
    ((id_, attachment),) = [
        item
        for item in synthesized.document["resource"]["aws_iam_role_policy_attachment"].items()
        if "infrastructure-role_load" in item[0]
    ]
    assert attachment["policy_arn"] == "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    assert f"aws_iam_role_policy_attachment.{id_}" in service(synthesized)["depends_on"]


def test_a_load_balancer_of_its_own_is_internal_and_encrypted(stack: TerraformStack) -> None:
    health = TargetHealth(path="/health", status_codes="200-299", grace_seconds=120)
    own = OWN.model_copy(update={"health": health, "idle_timeout_seconds": 300, "deregistration_seconds": 120})
    synthesized = replicas(stack, load_balancing=own)
    balancer = synthesized.one("aws_lb")
    assert {name: balancer[name] for name in ("name", "internal", "load_balancer_type", "idle_timeout")} == {
        "name": "tb-test-api",
        "internal": True,
        "load_balancer_type": "application",
        "idle_timeout": 300,
    }
    assert balancer["drop_invalid_header_fields"] is True
    assert balancer["enable_deletion_protection"] is False
    listener = synthesized.one("aws_lb_listener")
    assert (listener["port"], listener["protocol"], listener["certificate_arn"]) == (443, "HTTPS", CERTIFICATE)
    assert listener["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    target = synthesized.one("aws_lb_target_group")
    assert (target["target_type"], target["deregistration_delay"]) == ("ip", "120")
    assert target["health_check"] == {
        "path": "/health",
        "matcher": "200-299",
        "interval": 15,
        "timeout": 5,
        "healthy_threshold": 2,
        "unhealthy_threshold": 3,
    }
    assert target["lifecycle"] == {"create_before_destroy": True}
    assert service(synthesized)["health_check_grace_period_seconds"] == 120
    assert synthesized.one("aws_lb_listener_rule")["condition"] == [{"path_pattern": {"values": ["/*"]}}]


@pytest.mark.parametrize("internal", [True, False])
def test_what_the_internet_reaches_is_in_subnets_of_its_own_where_there_are_any(
    stack: TerraformStack, internal: bool
) -> None:
    public = ("subnet-0c", "subnet-0d")
    own = OWN.model_copy(update={"internal": internal})
    synthesized = replicas(stack, load_balancing=own, network=replace(NETWORK, public_subnet_ids=lambda: public))
    assert synthesized.one("aws_lb")["subnets"] == list(NETWORK.subnet_ids if internal else public)
    assert service(synthesized)["network_configuration"]["subnets"] == list(NETWORK.subnet_ids)


@pytest.mark.parametrize("internal", [True, False])
def test_what_the_internet_reaches_waits_for_the_way_there(stack: TerraformStack, internal: bool) -> None:
    route = Route(stack, "route", route_table_id="rtb-0a", destination_cidr_block="0.0.0.0/0", gateway_id="igw-0a")
    own = OWN.model_copy(update={"internal": internal})
    synthesized = replicas(stack, load_balancing=own, network=replace(NETWORK, connections=(route,)))
    assert synthesized.one("aws_lb").get("depends_on", []) == ([] if internal else ["aws_route.route"])


@pytest.mark.parametrize(
    ("asked", "by_default", "protected"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_what_aws_protects_terraform_protects_too(
    stack: TerraformStack, asked: bool | None, by_default: bool, protected: bool
) -> None:
    own = OWN.model_copy(update={"deletion_protection": asked})
    balancer = replicas(stack, load_balancing=own, deletion_protection=by_default).one("aws_lb")
    assert balancer["enable_deletion_protection"] is protected
    assert balancer.get("lifecycle") == ({"prevent_destroy": True} if protected else None)


def test_health_checks_can_ask_another_port(stack: TerraformStack) -> None:
    ports = {"http": Port(port=8_080), "admin": Port(port=9_090)}
    task = fargate_task(containers={"api": fargate_container(ports=ports)})
    own = OWN.model_copy(update={"health": TargetHealth(port="admin")})
    synthesized = replicas(stack, task=task, load_balancing=own)

    assert synthesized.one("aws_lb_target_group")["health_check"]["port"] == "9090"
    rules = [
        *synthesized.all("aws_vpc_security_group_ingress_rule"),
        *synthesized.all("aws_vpc_security_group_egress_rule"),
    ]
    between = [rule["from_port"] for rule in rules if rule["description"] == "From the load balancer to the tasks"]
    assert sorted(between) == [8_080, 8_080, 9_090, 9_090]


@pytest.mark.parametrize("deployment", [RollingDeployment(), BlueGreenDeployment()])
def test_its_listener_does_nothing_but_forward(stack: TerraformStack, deployment: DeploymentSettings) -> None:
    """ECS says that deployments fail where some actions of a listener forward and others do not."""
    synthesized = replicas(stack, load_balancing=OWN, deployment=deployment)
    listener = synthesized.one("aws_lb_listener")
    assert listener["default_action"] == [{"type": "forward", "target_group_arn": group(synthesized, "a")}]
    assert "lifecycle" not in listener
    rule = synthesized.one("aws_lb_listener_rule")
    assert [action["type"] for action in rule["action"]] == ["forward"]


def test_another_port_of_the_container_replaces_no_target_group(stack: TerraformStack) -> None:
    """The rule of a deployment that shifts traffic would go on leading to the group that is gone."""
    task = fargate_task(containers={"web": fargate_container(ports={"http": Port(port=9_000)})})
    synthesized = replicas(stack, task=task, load_balancing=OWN, deployment=BlueGreenDeployment())
    assert service(synthesized)["load_balancer"][0]["container_port"] == 9_000
    assert {target["port"] for target in synthesized.all("aws_lb_target_group")} == {80}


def test_without_a_certificate_it_is_http(stack: TerraformStack) -> None:
    own = OWN.model_copy(update={"certificate_arn": None, "internal": False})
    synthesized = replicas(stack, load_balancing=own, deletion_protection=True)
    listener = synthesized.one("aws_lb_listener")
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    assert not {"certificate_arn", "ssl_policy"} & set(listener)
    balancer = synthesized.one("aws_lb")
    assert (balancer["internal"], balancer["enable_deletion_protection"]) == (False, True)


def test_callers_reach_the_load_balancer_and_it_the_tasks(stack: TerraformStack) -> None:
    synthesized = replicas(stack, load_balancing=OWN)
    groups = {
        item["tags"]["Name"]: f"${{aws_security_group.{id_}.id}}"
        for id_, item in synthesized.document["resource"]["aws_security_group"].items()
    }
    balancer, tasks = groups["tb-test-api-load-balancer"], groups["tb-test-api-tasks"]
    ingress = synthesized.all("aws_vpc_security_group_ingress_rule")
    assert sorted(
        (item["security_group_id"], item["from_port"], item.get("cidr_ipv4") or item["referenced_security_group_id"])
        for item in ingress
    ) == sorted([(balancer, 443, "10.0.0.0/16"), (balancer, 443, "192.168.0.0/24"), (tasks, 8_080, balancer)])
    egress = synthesized.one("aws_vpc_security_group_egress_rule")
    assert (egress["security_group_id"], egress["to_port"], egress["referenced_security_group_id"]) == (
        balancer,
        8_080,
        tasks,
    )
    assert service(synthesized)["network_configuration"]["security_groups"] == ["sg-0a", tasks]


def test_a_rule_on_an_existing_listener_needs_no_load_balancer(stack: TerraformStack) -> None:
    synthesized = replicas(stack, load_balancing=LISTENER)
    assert not {"aws_lb", "aws_lb_listener"} & set(synthesized.types())
    rule = synthesized.one("aws_lb_listener_rule")
    assert (rule["listener_arn"], rule["priority"]) == (LISTENER.listener_arn, 7)
    assert rule["condition"] == [
        {"path_pattern": {"values": ["/embed/*"]}},
        {"host_header": {"values": ["a.example.com", "b.example.com"]}},
    ]
    assert "lifecycle" not in rule
    ingress = synthesized.one("aws_vpc_security_group_ingress_rule")
    assert ingress["referenced_security_group_id"] == "sg-01234567"
    (id_,) = synthesized.document["resource"]["aws_lb_listener_rule"]
    assert f"aws_lb_listener_rule.{id_}" in service(synthesized)["depends_on"]


def test_without_load_balancing_nothing_is_let_in(stack: TerraformStack) -> None:
    synthesized = replicas(stack)
    assert not [type_ for type_ in synthesized.types() if type_.startswith(("aws_lb", "aws_security", "aws_vpc"))]
    assert "load_balancer" not in service(synthesized)


def test_a_load_balancer_logs_to_the_bucket_that_is_named(stack: TerraformStack) -> None:
    logs = Bucket(stack, "logs", name="access-logs", settings=BucketSettings(), location=LOCATION)
    balancing = OWN.model_copy(update={"access_log_bucket": "logs"})
    synthesized = replicas(stack, load_balancing=balancing, buckets={"logs": logs})
    ((bucket, _),) = synthesized.document["resource"]["aws_s3_bucket"].items()
    ((policy, _),) = synthesized.document["resource"]["aws_s3_bucket_policy"].items()
    balancer = synthesized.one("aws_lb")
    assert balancer["access_logs"] == {
        "bucket": f"${{aws_s3_bucket.{bucket}.bucket}}",
        "enabled": True,
        "prefix": "tb-test-api",
    }
    assert balancer["depends_on"] == [f"aws_s3_bucket_policy.{policy}"]


def test_without_a_bucket_the_log_is_off_and_not_only_left_out(stack: TerraformStack) -> None:
    balancer = replicas(stack, load_balancing=OWN).one("aws_lb")
    assert balancer["access_logs"]["enabled"] is False
    assert "depends_on" not in balancer


def test_a_bucket_that_is_not_handed_in_is_reported(stack: TerraformStack) -> None:
    balancing = OWN.model_copy(update={"access_log_bucket": "logs"})
    assert refused(lambda: replicas(stack, load_balancing=balancing)) == ["buckets: got 'logs'"]
