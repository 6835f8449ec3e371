"""Each kind of environment as Terraform and the Batch API see it."""

import base64
import json
import re
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.compute_environment import ComputeEnvironment
from modules.batch.compute_environments import define_compute_environment
from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeSettings,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
    UpdatePolicy,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.ec2.settings import CapacityBlock, CapacityReservation, LaunchTemplateSettings
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.vpc.network import Network
from tests.conftest import Synthesized
from tests.modules.batch.api import api_problems

NAME = "tb-test-gpu"
NETWORK = Network(
    vpc_id="vpc-1", subnet_ids=("subnet-1", "subnet-2"), security_group_ids=("sg-1",), assign_public_ip=False
)
CLUSTER = "arn:aws:eks:us-east-1:111122223333:cluster/ml"
EKS: dict[str, Any] = {
    "max_vcpus": 8,
    "eks_cluster_arn": CLUSTER,
    "kubernetes_namespace": "batch",
    "security_group_ids": ("sg-01234567",),
}
EVERYTHING: list[ComputeEnvironmentSettings] = [
    FargateComputeEnvironment(max_vcpus=8),
    FargateSpotComputeEnvironment(max_vcpus=8, own_service_role=True, tags={"team": "search"}),
    Ec2ComputeEnvironment(max_vcpus=8),
    Ec2ComputeEnvironment(max_vcpus=8, instance_types=("g5",), image_id="ami-01234567", own_service_role=True),
    Ec2ComputeEnvironment(
        max_vcpus=8, instance_types=("p5.48xlarge",), multi_node=MultiNodeSettings(efa_interfaces=32), subnet_index=1
    ),
    SpotComputeEnvironment(max_vcpus=8, min_vcpus=2, bid_percentage=60, enabled=False),
    EksComputeEnvironment(**EKS, kubernetes_version="1.33"),
    EksSpotComputeEnvironment(**EKS),
    UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2),
]


def define(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> ComputeEnvironment:
    arguments: dict[str, Any] = {
        "name": NAME,
        "network": NETWORK,
        "location": AwsLocation(region="us-east-1", account_id="111122223333"),
    } | changes
    return define_compute_environment(stack, "environment", settings=settings, **arguments)


def made(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> Synthesized:
    define(stack, settings, **changes)
    return Synthesized(stack)


def resources(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> dict[str, Any]:
    found = made(stack, settings, **changes).one("aws_batch_compute_environment")["compute_resources"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("settings", EVERYTHING)
def test_the_api_accepts_every_kind(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    environment = made(stack, settings).one("aws_batch_compute_environment")
    assert api_problems("CreateComputeEnvironment", environment, {"name_prefix": "computeEnvironmentName"}) == []


@pytest.mark.parametrize("settings", EVERYTHING)
def test_a_replacement_is_there_before_the_old_one_goes(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    environment = made(stack, settings).one("aws_batch_compute_environment")
    assert environment["name_prefix"] == "tb-test-gpu-"
    assert "name" not in environment
    assert environment["lifecycle"] == {"create_before_destroy": True}


@pytest.mark.parametrize("settings", EVERYTHING)
def test_every_role_keeps_its_rights_until_the_environment_is_gone(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    synthesized = made(stack, settings)
    users = [
        synthesized.one("aws_batch_compute_environment"),
        *synthesized.all("aws_autoscaling_group"),
    ]
    kept = {address for user in users for address in user.get("depends_on", [])}
    attachments = synthesized.document["resource"].get("aws_iam_role_policy_attachment", {})
    assert kept == {f"aws_iam_role_policy_attachment.{id_}" for id_ in attachments}


@pytest.mark.parametrize("settings", EVERYTHING)
def test_batch_s_own_choice_of_size_is_never_written_down(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    assert "desired_vcpus" not in json.dumps(made(stack, settings).document)


@pytest.mark.parametrize("settings", EVERYTHING)
def test_its_arn_is_known_to_queues(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    environment = define(stack, settings)
    assert re.fullmatch(r"\$\{TfToken\[TOKEN\.\d+\]\}", environment.compute_environment_arn)


def test_a_name_that_leaves_no_room_for_a_replacement_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(SettingsError, match="at most 101 characters"):
        define(stack, FargateComputeEnvironment(max_vcpus=8), name="x" * 102)


def test_a_name_may_be_as_long_as_batch_takes(stack: TerraformStack) -> None:
    environment = made(stack, FargateComputeEnvironment(max_vcpus=8), name="x" * 101)
    assert len(environment.one("aws_batch_compute_environment")["name_prefix"]) == 102


@pytest.mark.parametrize(("enabled", "state"), [(True, "ENABLED"), (False, "DISABLED")])
def test_an_environment_can_be_switched_off(stack: TerraformStack, enabled: bool, state: str) -> None:
    synthesized = made(stack, FargateComputeEnvironment(max_vcpus=8, enabled=enabled))
    assert synthesized.one("aws_batch_compute_environment")["state"] == state


@pytest.mark.parametrize(
    ("kind", "type_"), [(FargateComputeEnvironment, "FARGATE"), (FargateSpotComputeEnvironment, "FARGATE_SPOT")]
)
def test_fargate_gets_only_what_batch_takes_there(
    stack: TerraformStack, kind: type[FargateComputeEnvironment | FargateSpotComputeEnvironment], type_: str
) -> None:
    synthesized = made(stack, kind(max_vcpus=8))
    assert synthesized.types() == ["aws_batch_compute_environment"]
    assert synthesized.one("aws_batch_compute_environment") == {
        "name_prefix": "tb-test-gpu-",
        "type": "MANAGED",
        "state": "ENABLED",
        "compute_resources": {
            "type": type_,
            "max_vcpus": 8,
            "subnets": ["subnet-1", "subnet-2"],
            "security_group_ids": ["sg-1"],
        },
        "lifecycle": {"create_before_destroy": True},
    }


@pytest.mark.parametrize(
    "settings",
    [
        FargateComputeEnvironment(max_vcpus=8, own_service_role=True),
        Ec2ComputeEnvironment(max_vcpus=8, own_service_role=True),
        SpotComputeEnvironment(max_vcpus=8, own_service_role=True),
    ],
)
def test_a_service_role_is_made_where_it_is_wanted(stack: TerraformStack, settings: ComputeEnvironmentSettings) -> None:
    synthesized = made(stack, settings)
    address = synthesized.address("aws_iam_role", "tb-test-gpu-service")
    assert synthesized.one("aws_batch_compute_environment")["service_role"] == f"${{{address}.arn}}"
    role = synthesized.named("aws_iam_role", "tb-test-gpu-service")
    assert json.loads(role["assume_role_policy"])["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            "Effect": "Allow",
            "Principal": {"Service": "batch.amazonaws.com"},
        }
    ]
    policies = {item["policy_arn"] for item in synthesized.all("aws_iam_role_policy_attachment")}
    assert "arn:aws:iam::aws:policy/service-role/AWSBatchServiceRole" in policies


@pytest.mark.parametrize("settings", [EVERYTHING[0], EVERYTHING[2], EVERYTHING[5], EVERYTHING[6]])
def test_else_the_account_s_service_linked_role_is_used(
    stack: TerraformStack, settings: ComputeEnvironmentSettings
) -> None:
    assert "service_role" not in made(stack, settings).one("aws_batch_compute_environment")


def test_instances_on_demand_have_all_they_need(stack: TerraformStack) -> None:
    synthesized = made(stack, Ec2ComputeEnvironment(max_vcpus=8))
    template = synthesized.address("aws_launch_template", NAME)
    profile = synthesized.address("aws_iam_instance_profile", "tb-test-gpu-instance")
    environment = synthesized.one("aws_batch_compute_environment")
    assert environment["compute_resources"] == {
        "type": "EC2",
        "allocation_strategy": "BEST_FIT_PROGRESSIVE",
        "instance_type": ["default_x86_64"],
        "min_vcpus": 0,
        "max_vcpus": 8,
        "instance_role": f"${{{profile}.arn}}",
        "ec2_configuration": [{"image_type": "ECS_AL2023"}],
        "launch_template": {
            "launch_template_id": f"${{{template}.id}}",
            "version": f"${{{template}.latest_version}}",
        },
        "subnets": ["subnet-1", "subnet-2"],
        "security_group_ids": ["sg-1"],
    }
    assert environment["update_policy"] == {"job_execution_timeout_minutes": 30, "terminate_jobs_on_update": False}


def test_spot_instances_are_the_cheapest_that_are_rarely_reclaimed(stack: TerraformStack) -> None:
    found = resources(stack, SpotComputeEnvironment(max_vcpus=8))
    assert (found["type"], found["allocation_strategy"]) == ("SPOT", "SPOT_PRICE_CAPACITY_OPTIMIZED")
    assert not {"bid_percentage", "spot_iam_fleet_role"} & set(found)


def test_spot_bids_and_strategies_are_passed_on(stack: TerraformStack) -> None:
    settings = SpotComputeEnvironment(
        max_vcpus=8, bid_percentage=60, allocation_strategy="SPOT_CAPACITY_OPTIMIZED", min_vcpus=4
    )
    found = resources(stack, settings)
    assert (found["bid_percentage"], found["allocation_strategy"]) == (60, "SPOT_CAPACITY_OPTIMIZED")
    assert (found["min_vcpus"], found["max_vcpus"]) == (4, 8)


@pytest.mark.parametrize(
    ("settings", "image"),
    [
        (Ec2ComputeEnvironment(max_vcpus=8, instance_types=("m6g",)), {"image_type": "ECS_AL2023"}),
        (Ec2ComputeEnvironment(max_vcpus=8, instance_types=("m6i", "g5")), {"image_type": "ECS_AL2023_NVIDIA"}),
        (
            SpotComputeEnvironment(max_vcpus=8, instance_types=("inf2",), image_id="ami-01234567"),
            {"image_type": "ECS_AL2023", "image_id_override": "ami-01234567"},
        ),
        (EksComputeEnvironment(**EKS), {"image_type": "EKS_AL2023"}),
        (
            EksSpotComputeEnvironment(**EKS, instance_types=("g5",), kubernetes_version="1.33"),
            {"image_type": "EKS_AL2023_NVIDIA", "image_kubernetes_version": "1.33"},
        ),
    ],
)
def test_there_is_always_one_image_type_and_it_fits(
    stack: TerraformStack, settings: ComputeEnvironmentSettings, image: dict[str, str]
) -> None:
    assert resources(stack, settings)["ec2_configuration"] == [image]


def test_instance_types_do_not_depend_on_their_order(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(max_vcpus=8, instance_types=("g6.xlarge", "g5"))
    assert resources(stack, settings)["instance_type"] == ["g5", "g6.xlarge"]


def test_one_subnet_can_be_chosen(stack: TerraformStack) -> None:
    assert resources(stack, Ec2ComputeEnvironment(max_vcpus=8, subnet_index=1))["subnets"] == ["subnet-2"]


def test_what_an_update_does_to_running_jobs_is_passed_on(stack: TerraformStack) -> None:
    policy = UpdatePolicy(job_execution_timeout_minutes=360, terminate_jobs_on_update=True)
    environment = made(stack, Ec2ComputeEnvironment(max_vcpus=8, update_policy=policy))
    assert environment.one("aws_batch_compute_environment")["update_policy"] == {
        "job_execution_timeout_minutes": 360,
        "terminate_jobs_on_update": True,
    }


def test_tags_go_onto_instances_through_the_launch_template(stack: TerraformStack) -> None:
    synthesized = made(
        stack,
        Ec2ComputeEnvironment(max_vcpus=8, tags={"team": "search"}),
        tags={"project": "tb", "environment": "test"},
    )
    environment = synthesized.one("aws_batch_compute_environment")
    assert environment["tags"] == {"team": "search"}
    assert "tags" not in environment["compute_resources"]
    assert [item["tags"] for item in synthesized.one("aws_launch_template")["tag_specifications"]] == [
        {"Name": NAME, "environment": "test", "project": "tb"}
    ] * 2


def test_nodes_without_adapters_stand_close_together(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(max_vcpus=8, multi_node=MultiNodeSettings(), subnet_index=0)
    synthesized = made(stack, settings)
    found = synthesized.one("aws_batch_compute_environment")["compute_resources"]
    assert synthesized.one("aws_placement_group") == {"name": NAME, "strategy": "cluster"}
    assert found["placement_group"] == f"${{{synthesized.address('aws_placement_group', NAME)}.name}}"
    assert found["security_group_ids"] == ["sg-1"]
    assert "network_interfaces" not in synthesized.one("aws_launch_template")


def test_nodes_with_adapters_have_their_groups_in_the_launch_template(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(
        max_vcpus=8, instance_types=("p4d.24xlarge",), multi_node=MultiNodeSettings(efa_interfaces=4), subnet_index=0
    )
    synthesized = made(stack, settings)
    assert "security_group_ids" not in synthesized.one("aws_batch_compute_environment")["compute_resources"]
    interfaces = synthesized.one("aws_launch_template")["network_interfaces"]
    assert len(interfaces) == 5
    assert all(interface["security_groups"] == ["sg-1"] for interface in interfaces)


def test_reserved_capacity_reaches_the_launch_template(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(
        max_vcpus=8,
        instance_types=("g5.xlarge",),
        reserved_capacity=CapacityReservation(reservation_id="cr-01234567"),
        subnet_index=0,
    )
    template = made(stack, settings).one("aws_launch_template")
    assert template["capacity_reservation_specification"] == {
        "capacity_reservation_target": {"capacity_reservation_id": "cr-01234567"}
    }


@pytest.mark.parametrize(
    ("settings", "hops"),
    [(EVERYTHING[2], 1), (EVERYTHING[4], 1), (EVERYTHING[8], 1), (EVERYTHING[6], 2), (EVERYTHING[7], 2)],
)
def test_the_metadata_of_an_instance_reaches_pods_and_no_container_behind_a_bridge(
    stack: TerraformStack, settings: ComputeEnvironmentSettings, hops: int
) -> None:
    options = made(stack, settings).one("aws_launch_template")["metadata_options"]
    assert (options["http_tokens"], options["http_put_response_hop_limit"]) == ("required", hops)


def test_a_capacity_block_has_no_placement_group(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(
        max_vcpus=8,
        instance_types=("p5.48xlarge",),
        reserved_capacity=CapacityBlock(reservation_id="cr-01234567"),
        multi_node=MultiNodeSettings(),
        subnet_index=0,
    )
    synthesized = made(stack, settings)
    assert synthesized.all("aws_placement_group") == []
    assert "placement_group" not in synthesized.one("aws_batch_compute_environment")["compute_resources"]


@pytest.mark.parametrize(
    ("settings", "policies"),
    [
        (EVERYTHING[2], ["service-role/AmazonEC2ContainerServiceforEC2Role"]),
        (
            Ec2ComputeEnvironment(max_vcpus=8, launch_template=LaunchTemplateSettings(ssm_access=True)),
            ["service-role/AmazonEC2ContainerServiceforEC2Role", "AmazonSSMManagedInstanceCore"],
        ),
        (EVERYTHING[6], ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy"]),
        (
            EksComputeEnvironment(**EKS, launch_template=LaunchTemplateSettings(ssm_access=True)),
            ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"],
        ),
    ],
)
def test_instances_may_do_what_their_agent_needs(
    stack: TerraformStack, settings: ComputeEnvironmentSettings, policies: list[str]
) -> None:
    attached = made(stack, settings).all("aws_iam_role_policy_attachment")
    assert [item["policy_arn"] for item in attached] == [f"arn:aws:iam::aws:policy/{policy}" for policy in policies]


def test_eks_nodes_join_their_cluster(stack: TerraformStack) -> None:
    environment = made(stack, EksSpotComputeEnvironment(**EKS)).one("aws_batch_compute_environment")
    assert environment["eks_configuration"] == {"eks_cluster_arn": CLUSTER, "kubernetes_namespace": "batch"}
    assert environment["compute_resources"]["type"] == "SPOT"
    assert environment["compute_resources"]["security_group_ids"] == ["sg-1", "sg-01234567"]


def test_an_unmanaged_environment_has_no_compute_resources(stack: TerraformStack) -> None:
    synthesized = made(stack, UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2))
    environment = synthesized.one("aws_batch_compute_environment")
    role = synthesized.address("aws_iam_role", "tb-test-gpu-service")
    assert {key: value for key, value in environment.items() if key != "depends_on"} == {
        "name_prefix": "tb-test-gpu-",
        "type": "UNMANAGED",
        "state": "ENABLED",
        "service_role": f"${{{role}.arn}}",
        "lifecycle": {"create_before_destroy": True},
    }


def test_unmanaged_instances_join_the_cluster_of_their_environment(stack: TerraformStack) -> None:
    synthesized = made(stack, UnmanagedComputeEnvironment(instance_types=("g5.xlarge",), instance_count=2))
    template = synthesized.one("aws_launch_template")
    (environment,) = synthesized.document["resource"]["aws_batch_compute_environment"]
    cluster_arn = f"aws_batch_compute_environment.{environment}.ecs_cluster_arn"
    matched = re.fullmatch(
        rf'\$\{{base64encode\(replace\(base64decode\("([^"]+)"\), "@ECS_CLUSTER@", '
        rf'element\(split\("/", {re.escape(cluster_arn)}\), 1\)\)\)\}}',
        template["user_data"],
    )
    assert matched is not None
    assert b"ECS_CLUSTER=@ECS_CLUSTER@\n" in base64.b64decode(matched.group(1))
    assert template["image_id"].startswith("resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/")
    assert template["vpc_security_group_ids"] == ["sg-1"]


def test_one_type_is_started_as_it_is(stack: TerraformStack) -> None:
    settings = UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=2, subnet_index=1)
    synthesized = made(stack, settings)
    template = synthesized.address("aws_launch_template", NAME)
    group = synthesized.one("aws_autoscaling_group")
    assert synthesized.one("aws_launch_template")["instance_type"] == "m6i.large"
    assert {key: value for key, value in group.items() if key != "depends_on"} == {
        "name": NAME,
        "min_size": 2,
        "max_size": 2,
        "vpc_zone_identifier": ["subnet-2"],
        "suspended_processes": ["AZRebalance"],
        "wait_for_capacity_timeout": "0",
        "launch_template": {"id": f"${{{template}.id}}", "version": f"${{{template}.latest_version}}"},
    }


def test_several_types_are_mixed_in_the_order_given(stack: TerraformStack) -> None:
    settings = UnmanagedComputeEnvironment(
        instance_types=("m6i.xlarge", "m5.xlarge"), instance_count=2, image_id="ami-01234567"
    )
    synthesized = made(stack, settings)
    template = synthesized.address("aws_launch_template", NAME)
    group = synthesized.one("aws_autoscaling_group")
    assert synthesized.one("aws_launch_template")["image_id"] == "ami-01234567"
    assert "instance_type" not in synthesized.one("aws_launch_template")
    assert group["vpc_zone_identifier"] == ["subnet-1", "subnet-2"]
    assert group["mixed_instances_policy"] == {
        "instances_distribution": {
            "on_demand_allocation_strategy": "prioritized",
            "on_demand_percentage_above_base_capacity": 100,
        },
        "launch_template": {
            "launch_template_specification": {
                "launch_template_id": f"${{{template}.id}}",
                "version": f"${{{template}.latest_version}}",
            },
            "override": [{"instance_type": "m6i.xlarge"}, {"instance_type": "m5.xlarge"}],
        },
    }


def test_another_kind_of_settings_is_an_error(stack: TerraformStack) -> None:
    with pytest.raises(TypeError, match="LaunchTemplateSettings is no kind of compute environment"):
        define(stack, LaunchTemplateSettings())  # type: ignore[arg-type]
