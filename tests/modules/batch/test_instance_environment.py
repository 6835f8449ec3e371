"""Environments of instances: their types, images, launch template and permissions, on demand, Spot and EKS."""

import base64
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UpdatePolicy,
)
from modules.batch.settings.eks_compute_environments import (
    EksCapacity,
    EksComputeEnvironment,
    EksSpotComputeEnvironment,
)
from modules.ec2.settings import CapacityBlock, CapacityReservation, LaunchTemplateSettings
from modules.naming import AwsLocation
from tests.modules.batch.environment_samples import CLUSTER, EKS, EVERYTHING, NAME, define, made
from tests.problems import refused

CLOSED = EksComputeEnvironment(**EKS, node_role_for_pods=False)
GOVCLOUD = AwsLocation(region="us-gov-west-1", account_id="111122223333")


def resources(stack: TerraformStack, settings: ComputeEnvironmentSettings, **changes: Any) -> dict[str, Any]:
    found = made(stack, settings, **changes).one("aws_batch_compute_environment")["compute_resources"]
    assert isinstance(found, dict)
    return found


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


@pytest.mark.parametrize("kind", [Ec2ComputeEnvironment, SpotComputeEnvironment])
def test_the_newest_image_is_asked_for_at_each_deployment(
    stack: TerraformStack, kind: type[Ec2ComputeEnvironment | SpotComputeEnvironment]
) -> None:
    synthesized = made(stack, kind(max_vcpus=8, instance_types=("m6g",), newest_image_at_deployment=True))
    ((address, data),) = synthesized.document["data"]["aws_ssm_parameter"].items()
    assert data["name"] == "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
    environment = synthesized.one("aws_batch_compute_environment")
    image = f"${{data.aws_ssm_parameter.{address}.insecure_value}}"
    assert environment["compute_resources"]["ec2_configuration"] == [
        {"image_type": "ECS_AL2023", "image_id_override": image}
    ]
    # As with an image of one's own: the provider keeps what is left out again.
    assert environment["name_prefix"] == f"{NAME}-image-"


@pytest.mark.parametrize("kind", [Ec2ComputeEnvironment, SpotComputeEnvironment])
def test_instances_start_from_one_image(kind: type[Ec2ComputeEnvironment | SpotComputeEnvironment]) -> None:
    assert kind(max_vcpus=8, image_id="ami-01234567")
    found = refused(kind, max_vcpus=8, image_id="ami-01234567", newest_image_at_deployment=True)
    assert found == ["image_id: got 'ami-01234567'"]


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
    settings = Ec2ComputeEnvironment(max_vcpus=8, multi_node=MultiNodeCapacity(), subnet_index=0)
    synthesized = made(stack, settings)
    found = synthesized.one("aws_batch_compute_environment")["compute_resources"]
    assert synthesized.one("aws_placement_group") == {"name": NAME, "strategy": "cluster"}
    assert found["placement_group"] == f"${{{synthesized.address('aws_placement_group', NAME)}.name}}"
    assert found["security_group_ids"] == ["sg-1"]
    assert "network_interfaces" not in synthesized.one("aws_launch_template")


def test_nodes_with_adapters_have_their_groups_in_the_launch_template(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(
        max_vcpus=8, instance_types=("p4d.24xlarge",), multi_node=MultiNodeCapacity(efa_interfaces=4), subnet_index=0
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
    [(EVERYTHING[2], 1), (EVERYTHING[4], 1), (EVERYTHING[8], 1), (EVERYTHING[6], 2), (EVERYTHING[7], 2), (CLOSED, 1)],
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
        multi_node=MultiNodeCapacity(),
        subnet_index=0,
    )
    synthesized = made(stack, settings)
    assert synthesized.all("aws_placement_group") == []
    assert "placement_group" not in synthesized.one("aws_batch_compute_environment")["compute_resources"]


@pytest.mark.parametrize(
    ("settings", "policies"),
    [
        (EVERYTHING[2], []),
        (
            Ec2ComputeEnvironment(max_vcpus=8, launch_template=LaunchTemplateSettings(ssm_access=True)),
            ["AmazonSSMManagedInstanceCore"],
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
    synthesized = made(stack, settings)
    attached = [item["policy_arn"] for item in synthesized.all("aws_iam_role_policy_attachment")]
    own = [item["name"] for item in synthesized.all("aws_iam_role_policy")]
    depends_on = synthesized.one("aws_batch_compute_environment")["depends_on"]

    assert attached == [f"arn:aws:iam::aws:policy/{policy}" for policy in policies]
    assert own == ([] if isinstance(settings, EksCapacity) else ["ecs-agent"])
    assert len([item for item in depends_on if item.startswith("aws_iam_role_policy")]) == len([*attached, *own])


@pytest.mark.parametrize(("multi_node", "blocked"), [(MultiNodeCapacity(), True), (None, False)])
def test_the_nodes_of_a_job_do_not_reach_the_metadata_of_their_instance(
    stack: TerraformStack, multi_node: MultiNodeCapacity | None, blocked: bool
) -> None:
    settings = Ec2ComputeEnvironment(instance_types=["c6i.large"], max_vcpus=8, multi_node=multi_node, subnet_index=0)
    user_data = made(stack, settings).one("aws_launch_template").get("user_data", "")

    assert ("ECS_AWSVPC_BLOCK_IMDS=true" in base64.b64decode(user_data).decode()) == blocked


def test_eks_nodes_join_their_cluster(stack: TerraformStack) -> None:
    environment = made(stack, EksSpotComputeEnvironment(**EKS)).one("aws_batch_compute_environment")
    assert environment["eks_configuration"] == {"eks_cluster_arn": CLUSTER, "kubernetes_namespace": "batch"}
    assert environment["compute_resources"]["type"] == "SPOT"
    assert environment["compute_resources"]["security_group_ids"] == ["sg-1", "sg-01234567"]


def test_update_policies_are_told_where_batch_takes_them(stack: TerraformStack) -> None:
    settings = Ec2ComputeEnvironment(max_vcpus=8, dedicated_service_role=True)
    assert "update_policy" not in made(stack, settings).one("aws_batch_compute_environment")


def test_govcloud_takes_no_update_policy(stack: TerraformStack) -> None:
    settings = SpotComputeEnvironment(max_vcpus=8)
    environment = made(stack, settings, location=GOVCLOUD).one("aws_batch_compute_environment")
    assert "update_policy" not in environment


def test_another_update_policy_is_refused_in_govcloud(stack: TerraformStack) -> None:
    settings = SpotComputeEnvironment(max_vcpus=8, update_policy=UpdatePolicy(terminate_jobs_on_update=True))
    found = refused(define, stack=stack, settings=settings, location=GOVCLOUD)
    assert found == ["update_policy: got an UpdatePolicy"]
