"""Services that do not follow a queue: traffic, discovery, scaling, placement, volumes, daemons."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.replica_service import Daemon, Replicas
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ExecuteCommandSettings
from modules.ecs.settings.containers import EbsVolumeMount
from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    DeploymentSettings,
    LinearDeployment,
    RollingDeployment,
)
from modules.ecs.settings.exposure import DnsDiscovery, ExistingListener, OwnLoadBalancer, ServiceConnect, TargetHealth
from modules.ecs.settings.placement import EbsVolume, PlacementStrategy
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks
from modules.ecs.settings.services import DaemonService, ReplicaService
from tests.conftest import Synthesized
from tests.modules.ecs.samples import NETWORK, ec2_task, fargate_container, fargate_task, placement, web_task

CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
OWN = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16", "192.168.0.0/24"], certificate_arn=CERTIFICATE)
LISTENER = ExistingListener(
    port="http",
    listener_arn="arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shared/0123456789abcdef/fedcba9876543210",
    security_group_id="sg-01234567",
    priority=7,
    path_patterns=["/embed/*"],
    host_headers=["b.example.com", "a.example.com"],
)
GPU = [CapacityShare(provider="gpu")]
EBS_TASK = fargate_task(
    containers={"worker": fargate_container(mounts=[EbsVolumeMount(container_path="/data", read_only=False)])}
)


def replicas(stack: TerraformStack, **changes: Any) -> Synthesized:
    protected = changes.pop("deletion_protection", False)
    network = changes.pop("network", NETWORK)
    exec_settings = changes.pop("exec_settings", None)
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=2)}
    Replicas(
        stack,
        "api",
        name="tb-test-api",
        settings=ReplicaService(**(values | changes)),
        placement=placement(stack, network=network, execute_command=exec_settings),
        deletion_protection=protected,
    )
    return Synthesized(stack)


def service(synthesized: Synthesized) -> dict[str, Any]:
    return synthesized.one("aws_ecs_service")


def reference(synthesized: Synthesized, type_: str, name: str, attribute: str) -> str:
    return f"${{{synthesized.address(type_, name)}.{attribute}}}"


def group(synthesized: Synthesized, letter: str) -> str:
    items = synthesized.document["resource"]["aws_lb_target_group"]
    (id_,) = [id_ for id_, item in items.items() if item["name_prefix"] == f"{letter}-"]
    return f"${{aws_lb_target_group.{id_}.arn}}"


def test_a_fixed_number_of_tasks_is_terraforms_to_keep(stack: TerraformStack) -> None:
    made = service(replicas(stack))
    assert made["desired_count"] == 2
    assert "lifecycle" not in made


def test_a_scaled_number_is_not(stack: TerraformStack) -> None:
    synthesized = replicas(stack, tasks=ScaledTasks(min_tasks=1, max_tasks=5, cpu_percent=60))
    assert service(synthesized)["desired_count"] == 1
    assert service(synthesized)["lifecycle"] == {"ignore_changes": ["desired_count"]}
    target = synthesized.one("aws_appautoscaling_target")
    assert (target["min_capacity"], target["max_capacity"]) == (1, 5)


def test_a_service_scales_by_each_measure_that_is_given(stack: TerraformStack) -> None:
    tasks = ScaledTasks(
        min_tasks=1,
        max_tasks=5,
        cpu_percent=60,
        memory_percent=70,
        requests_per_task=500,
        scale_in_cooldown_seconds=400,
        scale_out_cooldown_seconds=30,
    )
    synthesized = replicas(stack, tasks=tasks, load_balancing=OWN)
    configurations = {
        policy["name"]: policy["target_tracking_scaling_policy_configuration"]
        for policy in synthesized.all("aws_appautoscaling_policy")
    }
    balancer = reference(synthesized, "aws_lb", "tb-test-api", "arn_suffix")
    label = f"{balancer}/{group(synthesized, 'a').replace('.arn}', '.arn_suffix}')}"
    assert {
        name: (item["target_value"], item["predefined_metric_specification"]) for name, item in configurations.items()
    } == {
        "tb-test-api-cpu": (60, {"predefined_metric_type": "ECSServiceAverageCPUUtilization"}),
        "tb-test-api-memory": (70, {"predefined_metric_type": "ECSServiceAverageMemoryUtilization"}),
        "tb-test-api-requests": (
            500,
            {"predefined_metric_type": "ALBRequestCountPerTarget", "resource_label": label},
        ),
    }
    assert {(item["scale_in_cooldown"], item["scale_out_cooldown"]) for item in configurations.values()} == {(400, 30)}


def test_the_requests_of_an_existing_load_balancer_are_counted_by_its_name(stack: TerraformStack) -> None:
    tasks = ScaledTasks(min_tasks=1, max_tasks=5, requests_per_task=500)
    synthesized = replicas(stack, tasks=tasks, load_balancing=LISTENER)
    configuration = synthesized.one("aws_appautoscaling_policy")["target_tracking_scaling_policy_configuration"]
    label = configuration["predefined_metric_specification"]["resource_label"]
    assert label.startswith("app/shared/0123456789abcdef/${aws_lb_target_group.")


def test_a_rolling_deployment_is_rolled_back_when_it_fails(stack: TerraformStack) -> None:
    made = service(replicas(stack, deployment=RollingDeployment(min_healthy_percent=50, max_percent=150)))
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (50, 150)
    assert made["deployment_circuit_breaker"] == {"enable": True, "rollback": True}
    assert "deployment_configuration" not in made


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
    assert listener["default_action"] == [
        {"type": "fixed-response", "fixed_response": {"content_type": "text/plain", "status_code": "404"}}
    ]
    target = synthesized.one("aws_lb_target_group")
    assert (target["port"], target["target_type"], target["deregistration_delay"]) == (8_080, "ip", "120")
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


def test_others_find_it_by_dns(stack: TerraformStack) -> None:
    synthesized = replicas(stack, discovery=DnsDiscovery(ttl_seconds=5))
    namespace = reference(synthesized, "aws_service_discovery_private_dns_namespace", "test.internal", "id")
    found = synthesized.one("aws_service_discovery_service")
    assert found["name"] == "api"
    assert found["dns_config"] == {
        "namespace_id": namespace,
        "dns_records": [{"type": "A", "ttl": 5}],
        "routing_policy": "MULTIVALUE",
    }
    arn = reference(synthesized, "aws_service_discovery_service", "api", "arn")
    assert service(synthesized)["service_registries"] == {"registry_arn": arn}


def test_others_find_it_through_service_connect(stack: TerraformStack) -> None:
    connect = ServiceConnect(port="http", client_port=80, per_request_timeout_seconds=300)
    synthesized = replicas(stack, discovery=connect)
    configuration = service(synthesized)["service_connect_configuration"]
    assert configuration["enabled"] is True
    assert configuration["service"] == [
        {
            "port_name": "http",
            "discovery_name": "api",
            "client_alias": {"dns_name": "api", "port": 80},
            "timeout": {"per_request_timeout_seconds": 300},
        }
    ]
    options = configuration["log_configuration"]["options"]
    assert options["awslogs-group"] == reference(
        synthesized, "aws_cloudwatch_log_group", "/aws/ecs/tb-test-api", "name"
    )


def test_a_service_that_only_calls_others_is_called_by_none(stack: TerraformStack) -> None:
    configuration = service(replicas(stack, discovery=ServiceConnect()))["service_connect_configuration"]
    assert "service" not in configuration


def test_on_fargate_zones_are_balanced(stack: TerraformStack) -> None:
    made = service(replicas(stack))
    assert made["availability_zone_rebalancing"] == "ENABLED"
    assert "ordered_placement_strategy" not in made


@pytest.mark.parametrize(
    ("changes", "rebalancing"),
    [
        ({}, "ENABLED"),
        ({"deployment": RollingDeployment(min_healthy_percent=0, max_percent=100)}, "DISABLED"),
        ({"placement": [PlacementStrategy(type="random")]}, "DISABLED"),
    ],
)
def test_zones_are_balanced_where_ecs_can(stack: TerraformStack, changes: dict[str, Any], rebalancing: str) -> None:
    made = service(replicas(stack, task=ec2_task(), capacity=GPU, **changes))
    assert made["availability_zone_rebalancing"] == rebalancing


def test_on_instances_tasks_are_spread_over_zones_and_packed_inside(stack: TerraformStack) -> None:
    made = service(replicas(stack, task=ec2_task(), capacity=GPU, distinct_instances=True))
    assert made["ordered_placement_strategy"] == [
        {"type": "spread", "field": "attribute:ecs.availability-zone"},
        {"type": "binpack", "field": "memory"},
    ]
    assert made["placement_constraints"] == [{"type": "distinctInstance"}]


def test_a_placement_of_ones_own_is_used(stack: TerraformStack) -> None:
    placed = [PlacementStrategy(type="binpack", field="cpu"), PlacementStrategy(type="random")]
    made = service(replicas(stack, task=ec2_task(), capacity=GPU, placement=placed))
    assert made["ordered_placement_strategy"] == [{"type": "binpack", "field": "cpu"}, {"type": "random"}]


def test_ecs_places_tasks_on_instances_that_it_manages(stack: TerraformStack) -> None:
    made = service(replicas(stack, task=ec2_task(), capacity=[CapacityShare(provider="managed")]))
    assert "ordered_placement_strategy" not in made


def test_each_task_gets_an_encrypted_volume(stack: TerraformStack) -> None:
    volume = EbsVolume(size_gib=500, iops=4_000, throughput_mib_per_second=500, snapshot_id="snap-01234567")
    synthesized = replicas(stack, task=EBS_TASK, ebs_volume=volume)
    role = reference(synthesized, "aws_iam_role", "tb-test-api-infrastructure", "arn")
    assert service(synthesized)["volume_configuration"] == {
        "name": "ebs",
        "managed_ebs_volume": {
            "role_arn": role,
            "encrypted": True,
            "volume_type": "gp3",
            "size_in_gb": 500,
            "iops": 4_000,
            "throughput": 500,
            "file_system_type": "xfs",
            "snapshot_id": "snap-01234567",
        },
    }
    policies = {item["policy_arn"].rpartition("/")[2] for item in synthesized.all("aws_iam_role_policy_attachment")}
    assert "AmazonECSInfrastructureRolePolicyForVolumes" in policies


@pytest.mark.parametrize(
    ("changes", "configuration"),
    [
        ({}, {"assign_public_ip": True}),
        ({"task": ec2_task(), "capacity": GPU}, {"assign_public_ip": False}),
        ({"task": ec2_task(network_mode="host"), "capacity": GPU}, None),
        ({"task": ec2_task(network_mode="bridge"), "capacity": GPU}, None),
    ],
)
def test_a_task_gets_an_address_where_ecs_gives_one(
    stack: TerraformStack, changes: dict[str, Any], configuration: dict[str, Any] | None
) -> None:
    made = service(replicas(stack, network=replace(NETWORK, assign_public_ip=True), **changes))
    if configuration is None:
        assert "network_configuration" not in made
    else:
        assert configuration.items() <= made["network_configuration"].items()


def test_a_shell_is_for_whom_it_is_asked_for(stack: TerraformStack) -> None:
    synthesized = replicas(
        stack,
        task=web_task(read_only_root_filesystem=False),
        execute_command=True,
        exec_settings=ExecuteCommandSettings(),
        wait_for_steady_state=True,
        tags={"team": "search"},
    )
    made = service(synthesized)
    assert made["enable_execute_command"] is True
    assert [item["name"] for item in synthesized.all("aws_iam_role_policy") if item["name"] == "execute-command"]
    assert made["wait_for_steady_state"] is True
    assert (made["tags"], made["propagate_tags"], made["enable_ecs_managed_tags"]) == (
        {"team": "search"},
        "SERVICE",
        True,
    )


def test_without_it_there_is_no_shell(stack: TerraformStack) -> None:
    synthesized = replicas(stack, exec_settings=ExecuteCommandSettings())
    assert service(synthesized)["enable_execute_command"] is False
    assert "wait_for_steady_state" not in service(synthesized)
    assert not [item for item in synthesized.all("aws_iam_role_policy") if item["name"] == "execute-command"]


def test_a_daemon_runs_on_every_instance_one_at_a_time(stack: TerraformStack) -> None:
    settings = DaemonService(cluster="main", task=ec2_task(network_mode="host"))
    Daemon(stack, "agent", name="tb-test-agent", settings=settings, placement=placement(stack))
    made = service(Synthesized(stack))
    assert (made["launch_type"], made["scheduling_strategy"]) == ("EC2", "DAEMON")
    assert not {"desired_count", "capacity_provider_strategy", "network_configuration"} & set(made)
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (0, 100)
