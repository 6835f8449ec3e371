"""What Batch runs, in its own JSON, of each kind of job."""

import json
from dataclasses import replace

import pytest
from cdktf import TerraformStack

from modules.batch.job_definition import JobDefinition
from tests.conftest import Synthesized
from tests.modules.batch.samples import PLACEMENT, define, every_kind


def test_a_fargate_job_has_the_platform_size_and_network_that_fargate_asks_for(stack: TerraformStack) -> None:
    definition = define(stack, "fargate")["fargate"]
    properties = json.loads(definition["container_properties"])

    assert definition["platform_capabilities"] == ["FARGATE"]
    assert properties["resourceRequirements"] == [
        {"type": "MEMORY", "value": "512"},
        {"type": "VCPU", "value": "0.25"},
    ]
    assert properties["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    assert properties["networkConfiguration"] == {"assignPublicIp": "DISABLED"}
    assert properties["ephemeralStorage"] == {"sizeInGiB": 21}
    assert set(properties["linuxParameters"]) == {"initProcessEnabled"}
    assert not {"privileged", "ulimits"} & set(properties)


def test_the_root_file_system_is_read_only_and_scratch_paths_are_not(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert properties["readonlyRootFilesystem"] is True
    assert {"containerPath": "/tmp", "readOnly": False, "sourceVolume": "volume-0"} in properties["mountPoints"]
    assert {"name": "volume-0"} in properties["volumes"]


def test_a_file_system_is_mounted_with_encryption_and_iam(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert properties["volumes"][1]["efsVolumeConfiguration"] == {
        "fileSystemId": "fs-0123456789abcdef0",
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": "fsap-0123456789abcdef0", "iam": "ENABLED"},
    }
    assert {"containerPath": "/models", "readOnly": True, "sourceVolume": "volume-1"} in properties["mountPoints"]


def test_environment_and_secrets_are_sorted_so_that_no_plan_shows_a_difference(stack: TerraformStack) -> None:
    properties = json.loads(define(stack, "fargate")["fargate"]["container_properties"])

    assert [item["name"] for item in properties["environment"]] == ["BATCH_SIZE", "MODEL"]
    assert [item["name"] for item in properties["secrets"]] == ["API_KEY", "HUB_TOKEN"]


@pytest.mark.parametrize(("public", "expected"), [(True, "ENABLED"), (False, "DISABLED")])
def test_a_fargate_job_in_a_public_subnet_gets_an_address_to_reach_anything_with(
    stack: TerraformStack, public: bool, expected: str
) -> None:
    placement = replace(PLACEMENT, assign_public_ip=public)
    for name in ("fargate", "fargate-group"):
        JobDefinition(stack, name, name=f"tb-test-{name}", settings=every_kind()[name], placement=placement)
    single, group = (
        Synthesized(stack).named("aws_batch_job_definition", f"tb-test-{name}") for name in ("fargate", "fargate-group")
    )
    (task,) = json.loads(group["ecs_properties"])["taskProperties"]
    assert json.loads(single["container_properties"])["networkConfiguration"] == {"assignPublicIp": expected}
    assert task["networkConfiguration"] == {"assignPublicIp": expected}
    assert (task["platformVersion"], task["runtimePlatform"]["cpuArchitecture"]) == ("LATEST", "X86_64")


def test_an_ec2_job_has_what_fargate_does_not_have_and_nothing_that_is_fargate_s(stack: TerraformStack) -> None:
    definition = define(stack, "ec2")["ec2"]
    properties = json.loads(definition["container_properties"])

    assert definition["platform_capabilities"] == ["EC2"]
    assert not set(properties) & {
        "networkConfiguration",
        "fargatePlatformConfiguration",
        "ephemeralStorage",
        "runtimePlatform",
        "privileged",
    }
    assert properties["resourceRequirements"] == [
        {"type": "GPU", "value": "1"},
        {"type": "MEMORY", "value": "30000"},
        {"type": "VCPU", "value": "8"},
    ]
    assert properties["ulimits"] == [{"name": "memlock", "softLimit": -1, "hardLimit": -1}]
    assert properties["linuxParameters"] == {
        "initProcessEnabled": True,
        "sharedMemorySize": 8_192,
        "maxSwap": 0,
        "swappiness": 10,
        "devices": [{"hostPath": "/dev/infiniband/uverbs0", "containerPath": "/dev/infiniband/uverbs0"}],
        "tmpfs": [{"containerPath": "/fast", "size": 1_024}],
    }
    assert {"name": "volume-1", "host": {"sourcePath": "/mnt/raid"}} in properties["volumes"]


def test_logs_go_to_the_queue_s_group_or_wherever_a_driver_takes_them(stack: TerraformStack) -> None:
    (task,) = json.loads(define(stack, "ec2-group")["ec2-group"]["ecs_properties"])["taskProperties"]
    logs = {container["name"]: container["logConfiguration"] for container in task["containers"]}

    assert logs == {
        "main": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "/aws/batch/light",
                "awslogs-multiline-pattern": "^[0-9]{4}-",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "ec2-group",
            },
        },
        "metrics": {
            "logDriver": "splunk",
            "options": {"splunk-url": "https://splunk.example.com"},
            "secretOptions": [
                {
                    "name": "splunk-token",
                    "valueFrom": "arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf",
                }
            ],
        },
    }


def test_every_node_group_has_a_container_and_its_own_range_of_nodes_the_last_without_an_end(
    stack: TerraformStack,
) -> None:
    definition = define(stack, "nodes")["nodes"]
    properties = json.loads(definition["node_properties"])

    assert definition["type"] == "multinode"
    assert (properties["numNodes"], properties["mainNode"]) == (4, 0)
    assert [group["targetNodes"] for group in properties["nodeRangeProperties"]] == ["0:0", "1:"]
    # Nodes cannot ask their instance for it.
    region = {"name": "AWS_REGION", "value": "us-east-1"}
    assert all(region in group["container"]["environment"] for group in properties["nodeRangeProperties"])
    assert all(group["container"]["instanceType"] == "g5.12xlarge" for group in properties["nodeRangeProperties"])
