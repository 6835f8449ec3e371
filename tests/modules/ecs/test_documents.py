"""The documents of task definitions, checked against the API's own model."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecr.image import RepositoryImage
from modules.ecs.settings.containers import HealthCheck
from modules.ecs.settings.logging import FireLensLogging, LoggingSettings
from modules.ecs.settings.tasks import TaskSettings
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.ecs.samples import TASK_PLACEMENT, ec2_container, ec2_task, fargate_container, fargate_task
from tests.modules.ecs.task_samples import (
    EBS,
    FIRELENS,
    FULL_EC2,
    FULL_FARGATE,
    PARAMETER,
    SECRET,
    TASKS,
    containers,
    define,
)


def register_request(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the RegisterTaskDefinition request that the provider makes of an emitted definition."""
    keys = {
        "family": "family",
        "cpu": "cpu",
        "memory": "memory",
        "network_mode": "networkMode",
        "requires_compatibilities": "requiresCompatibilities",
        "task_role_arn": "taskRoleArn",
        "execution_role_arn": "executionRoleArn",
        "placement_constraints": "placementConstraints",
    }
    platform = definition["runtime_platform"]
    request = {key: definition[name] for name, key in keys.items() if name in definition}
    request["containerDefinitions"] = json.loads(definition["container_definitions"])
    request["volumes"] = [_volume(volume) for volume in definition.get("volume", [])]
    request["runtimePlatform"] = {
        "cpuArchitecture": platform["cpu_architecture"],
        "operatingSystemFamily": platform["operating_system_family"],
    }
    request["tags"] = [{"key": key, "value": value} for key, value in definition.get("tags", {}).items()]
    if "ephemeral_storage" in definition:
        request["ephemeralStorage"] = {"sizeInGiB": definition["ephemeral_storage"]["size_in_gib"]}
    return request


def _volume(volume: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"name": volume["name"]}
    if "host_path" in volume:
        request["host"] = {"sourcePath": volume["host_path"]}
    if "configure_at_launch" in volume:
        request["configuredAtLaunch"] = volume["configure_at_launch"]
    if "efs_volume_configuration" in volume:
        efs = volume["efs_volume_configuration"]
        authorization = {"accessPointId": "access_point_id", "iam": "iam"}
        request["efsVolumeConfiguration"] = {
            "fileSystemId": efs["file_system_id"],
            "transitEncryption": efs["transit_encryption"],
            "authorizationConfig": {
                key: efs["authorization_config"][name]
                for key, name in authorization.items()
                if name in efs["authorization_config"]
            },
        }
    return request


@pytest.mark.parametrize(("task", "compatibility"), TASKS.values(), ids=list(TASKS))
def test_the_api_accepts_every_task(stack: TerraformStack, task: TaskSettings, compatibility: str) -> None:
    define(stack, task, compatibility)
    definition = Synthesized(stack).one("aws_ecs_task_definition")
    assert request_problems("ecs", "RegisterTaskDefinition", register_request(definition)) == []
    assert definition["requires_compatibilities"] == [compatibility]


@pytest.mark.parametrize(("task", "compatibility"), TASKS.values(), ids=list(TASKS))
def test_documents_are_canonical(stack: TerraformStack, task: TaskSettings, compatibility: str) -> None:
    define(stack, task, compatibility)
    text = Synthesized(stack).one("aws_ecs_task_definition")["container_definitions"]
    document = json.loads(text)
    assert text == json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "null" not in text
    assert "[]" not in text
    assert "{}" not in text
    assert [item["name"] for item in document] == sorted(item["name"] for item in document)


def test_a_container_is_all_that_its_settings_say(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    assert containers(stack)["worker"] == {
        "name": "worker",
        "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/tb-test-embed:1",
        "essential": True,
        "entryPoint": ["python"],
        "command": ["-m", "embed"],
        "workingDirectory": "/app",
        "user": "1000",
        # A text that looks like Terraform's is not for Terraform.
        "environment": [{"name": "HOME", "value": "$${HOME}"}, {"name": "MODEL", "value": "e5"}],
        "secrets": [
            {"name": "KEY", "valueFrom": PARAMETER.parameter_arn},
            {"name": "TOKEN", "valueFrom": f"{SECRET.secret_arn}:t::"},
        ],
        "cpu": 512,
        "memory": 1_024,
        "memoryReservation": 512,
        "dependsOn": [{"containerName": "models", "condition": "SUCCESS"}],
        "healthCheck": {
            "command": ["CMD-SHELL", "curl --fail localhost:8080/health"],
            "interval": 30,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 0,
        },
        "startTimeout": 60,
        "stopTimeout": 120,
        "portMappings": [
            {"name": "http", "containerPort": 8_080, "hostPort": 8_080, "protocol": "tcp", "appProtocol": "http"}
        ],
        "readonlyRootFilesystem": True,
        "mountPoints": [
            {"containerPath": "/models", "readOnly": True, "sourceVolume": "efs-weights_models"},
            {"containerPath": "/shared", "readOnly": False, "sourceVolume": "shared-work"},
            {"containerPath": "/theirs", "readOnly": True, "sourceVolume": "fs-12345678"},
            {"containerPath": "/tmp", "readOnly": False, "sourceVolume": "scratch-worker-0"},
        ],
        "ulimits": [{"name": "nofile", "softLimit": 1_024, "hardLimit": 4_096}],
        "linuxParameters": {"initProcessEnabled": True},
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": containers(stack)["worker"]["logConfiguration"]["options"]["awslogs-group"],
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "task",
                "max-buffer-size": "25m",
                "mode": "non-blocking",
            },
        },
    }


def test_the_task_around_them_has_its_size_and_volumes(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    definition = Synthesized(stack).one("aws_ecs_task_definition")
    assert {name: definition[name] for name in ("cpu", "memory", "network_mode", "ephemeral_storage", "tags")} == {
        "cpu": "1024",
        "memory": "2048",
        "network_mode": "awsvpc",
        "ephemeral_storage": {"size_in_gib": 50},
        "tags": {"team": "search"},
    }
    assert definition["runtime_platform"] == {"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}
    assert definition["skip_destroy"] is True
    assert definition["volume"] == [
        {
            "name": "efs-weights_models",
            "efs_volume_configuration": {
                "file_system_id": "fs-0123456789abcdef0",
                "transit_encryption": "ENABLED",
                "authorization_config": {"access_point_id": "fsap-0123456789abcdef0", "iam": "ENABLED"},
            },
        },
        {
            "name": "fs-12345678",
            "efs_volume_configuration": {
                "file_system_id": "fs-12345678",
                "transit_encryption": "ENABLED",
                "authorization_config": {"iam": "ENABLED"},
            },
        },
        {"name": "scratch-worker-0"},
        {"name": "shared-work"},
    ]


def test_a_container_on_an_instance_has_what_instances_have(stack: TerraformStack) -> None:
    define(stack, FULL_EC2, "EC2")
    worker = containers(stack)["worker"]
    assert worker["resourceRequirements"] == [{"type": "GPU", "value": "1"}]
    assert worker["privileged"] is True
    assert worker["linuxParameters"] == {
        "initProcessEnabled": False,
        "sharedMemorySize": 1_024,
        "maxSwap": 512,
        "swappiness": 0,
        "devices": [{"hostPath": "/dev/fuse", "containerPath": "/dev/fuse"}],
        "tmpfs": [{"containerPath": "/fast", "size": 256}],
    }
    # Behind a bridge the instance chooses the port.
    assert worker["portMappings"][0]["hostPort"] == 0
    definition = Synthesized(stack).one("aws_ecs_task_definition")
    assert definition["volume"][0] == {"name": "host_scratch_data", "host_path": "/scratch/data"}
    assert definition["placement_constraints"] == [
        {"type": "memberOf", "expression": "attribute:ecs.instance-type == g5.xlarge"}
    ]


def test_a_service_attaches_the_ebs_volume(stack: TerraformStack) -> None:
    define(stack, EBS)
    volumes = Synthesized(stack).one("aws_ecs_task_definition")["volume"]
    assert {"name": "ebs", "configure_at_launch": True} in volumes


def test_with_firelens_a_router_takes_what_the_others_say(stack: TerraformStack) -> None:
    define(stack, FIRELENS)
    both = containers(stack)
    assert both["worker"]["logConfiguration"] == {
        "logDriver": "awsfirelens",
        "options": {"Name": "datadog"},
        "secretOptions": [{"name": "apikey", "valueFrom": f"{SECRET.secret_arn}:t::"}],
    }
    router = both["log-router"]
    assert router["firelensConfiguration"] == {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}}
    assert (router["essential"], router["memoryReservation"], router["user"]) == (True, 64, "0")
    assert router["logConfiguration"]["logDriver"] == "awslogs"


def test_what_a_service_adds_gives_way_to_what_a_container_says(stack: TerraformStack) -> None:
    task = fargate_task(
        containers={
            "plain": fargate_container(),
            "own": fargate_container(environment={"A": "mine"}, stop_timeout_seconds=2),
        }
    )
    define(stack, task, environment={"A": "theirs"}, stop_timeout_seconds=60)
    both = containers(stack)
    assert (both["plain"]["environment"], both["plain"]["stopTimeout"]) == ([{"name": "A", "value": "theirs"}], 60)
    assert (both["own"]["environment"], both["own"]["stopTimeout"]) == ([{"name": "A", "value": "mine"}], 2)


def test_a_health_check_that_is_a_list_is_run_without_a_shell(stack: TerraformStack) -> None:
    container = fargate_container(health_check=HealthCheck(command=["/probe", "--live"]))
    define(stack, fargate_task(containers={"worker": container}))
    assert containers(stack)["worker"]["healthCheck"]["command"] == ["CMD", "/probe", "--live"]


def test_another_way_to_log_is_an_error(stack: TerraformStack) -> None:
    class OtherLogging(LoggingSettings):
        """A way to log that nobody knows."""

    with pytest.raises(TypeError, match="OtherLogging is not a way to log"):
        define(stack, fargate_task(logging=OtherLogging()))


REGION = {"name": "AWS_REGION", "value": "us-east-1"}


def test_a_task_on_instances_is_told_its_region_since_it_cannot_ask_its_instance(stack: TerraformStack) -> None:
    logging = FIRELENS.logging
    plain = ec2_container(environment={"MODEL": "e5"})
    elsewhere = ec2_container(environment={"AWS_REGION": "eu-west-1"})
    secret = ec2_container(secrets={"AWS_REGION": PARAMETER})
    task = ec2_task(logging=logging, containers={"plain": plain, "elsewhere": elsewhere, "secret": secret})
    define(stack, task, "EC2")
    found = containers(stack)
    assert found["plain"]["environment"] == [REGION, {"name": "MODEL", "value": "e5"}]
    assert found["elsewhere"]["environment"] == [{"name": "AWS_REGION", "value": "eu-west-1"}]
    assert "environment" not in found["secret"]
    assert found["log-router"]["environment"] == [REGION]


def test_fargate_tells_the_region_itself(stack: TerraformStack) -> None:
    define(stack, FIRELENS)
    assert not any("environment" in container for container in containers(stack).values())


URI = TASK_PLACEMENT.repository_uris["embed"]


@pytest.mark.parametrize(
    ("image", "unpinned", "consistency"),
    [
        (RepositoryImage(repository="embed", tag="1"), [URI], "disabled"),
        (f"{URI}:latest", [URI], "disabled"),
        (URI, [URI], "disabled"),
        (RepositoryImage(repository="embed", tag="1"), [], None),
        (f"{URI}2:latest", [URI], None),
        # A digest that is written down is one that is meant.
        (f"{URI}@sha256:{'0' * 64}", [URI], None),
    ],
)
def test_a_digest_that_may_be_gone_is_not_pinned(
    stack: TerraformStack, image: Any, unpinned: list[str], consistency: str | None
) -> None:
    task = fargate_task(
        containers={"worker": fargate_container(image=image)},
        logging=FireLensLogging(router_image=image, options={"Name": "stdout"}),
    )
    define(stack, task, placement=replace(TASK_PLACEMENT, unpinned_uris=unpinned))
    found = containers(stack)
    assert [found[name].get("versionConsistency") for name in ("worker", "log-router")] == [consistency] * 2
