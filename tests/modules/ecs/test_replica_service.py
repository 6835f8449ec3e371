"""Services that do not follow a queue: scaling, discovery, placement, volumes."""

from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.replica_service import Replicas
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.exposure import DnsDiscovery, ServiceConnect
from modules.ecs.settings.placement import EbsVolume, PlacementStrategy
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks
from modules.ecs.settings.services import ReplicaService
from tests.modules.ecs.replicas import EBS_TASK, GPU, LISTENER, OWN, group, reference, replicas, service
from tests.modules.ecs.samples import NETWORK, ec2_task, placement, web_task
from tests.policies import findings, statements


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


def test_others_find_it_by_dns(stack: TerraformStack) -> None:
    synthesized = replicas(stack, discovery=DnsDiscovery(ttl_seconds=5))
    namespace = reference(synthesized, "aws_service_discovery_private_dns_namespace", "test.internal", "id")
    found = synthesized.one("aws_service_discovery_service")
    assert (found["name"], found["force_destroy"]) == ("api", True)
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
            # Not the name by which DNS knows it: of both kinds there may be tasks at a time.
            "discovery_name": "api_connect",
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
        (
            {"task": ec2_task(placement_constraints=["attribute:ecs.availability-zone == us-east-1a"])},
            "DISABLED",
        ),
        ({"task": ec2_task(placement_constraints=["attribute:ecs.instance-type == g5.xlarge"])}, "ENABLED"),
    ],
)
def test_zones_are_balanced_where_ecs_can(stack: TerraformStack, changes: dict[str, Any], rebalancing: str) -> None:
    made = service(replicas(stack, **{"task": ec2_task(), "capacity": GPU} | changes))
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
    assert "volume-key" not in {item["name"] for item in synthesized.all("aws_iam_role_policy")}


def test_ecs_may_use_the_key_of_a_volume_and_no_other(stack: TerraformStack) -> None:
    key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    synthesized = replicas(stack, task=EBS_TASK, ebs_volume=EbsVolume(size_gib=500, kms_key_arn=key_arn))
    policy = synthesized.named("aws_iam_role_policy", "volume-key")["policy"]
    granted = statements(policy)
    assert {item["Resource"] for item in granted.values()} == {key_arn}
    assert granted["GrantVolumeKey"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert findings(policy) == set()


def test_a_service_starts_when_ecs_has_its_permissions_and_goes_before_they_do(stack: TerraformStack) -> None:
    key_arn = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
    synthesized = replicas(stack, task=EBS_TASK, ebs_volume=EbsVolume(size_gib=500, kms_key_arn=key_arn))
    resources = synthesized.document["resource"]
    (attachment,) = [id_ for id_ in resources["aws_iam_role_policy_attachment"] if "infrastructure-role_volumes" in id_]
    needed = {
        synthesized.address("aws_iam_role_policy", "volume-key"),
        f"aws_iam_role_policy_attachment.{attachment}",
    }
    assert needed <= set(service(synthesized)["depends_on"])


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
        exec_settings=ExecuteCommand(),
        wait_for_steady_state=True,
        tags={"team": "search"},
    )
    made = service(synthesized)
    assert made["enable_execute_command"] is True
    assert [item["name"] for item in synthesized.all("aws_iam_role_policy") if item["name"] == "execute-command"]
    assert made["wait_for_steady_state"] is True
    assert (made["tags"], made["propagate_tags"], made["enable_ecs_managed_tags"]) == (
        {"Name": "tb-test-api", "team": "search"},
        "SERVICE",
        True,
    )


def test_without_it_there_is_no_shell(stack: TerraformStack) -> None:
    synthesized = replicas(stack, exec_settings=ExecuteCommand())
    assert service(synthesized)["enable_execute_command"] is False
    assert "wait_for_steady_state" not in service(synthesized)
    assert not [item for item in synthesized.all("aws_iam_role_policy") if item["name"] == "execute-command"]


def test_who_is_to_be_found_needs_a_cluster_with_a_namespace(stack: TerraformStack) -> None:
    tasks, discovery = FixedTasks(count=2), DnsDiscovery(ttl_seconds=5)
    settings = ReplicaService(cluster="main", task=web_task(), tasks=tasks, discovery=discovery)
    with pytest.raises(ValueError, match="needs a cluster with a namespace"):
        Replicas(stack, "api", name="tb-test-api", settings=settings, placement=placement(stack, namespace=None))
