"""Task definitions: their documents, checked against the API's own model, and the roles of their tasks."""

import json
from typing import Any

import pytest
from cdktf import TerraformStack

from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, HostMount, Tmpfs, Ulimit
from modules.ecr.image import RepositoryImage
from modules.ecs.settings.containers import (
    ContainerDependency,
    EbsVolumeMount,
    HealthCheck,
    Port,
    SharedFolderMount,
)
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.tasks import TaskSettings
from modules.ecs.task_definition import TaskDefinition
from modules.iam.access_settings import AccessSettings
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.iam.workload_role import WorkloadRole
from tests.conftest import Synthesized
from tests.modules.batch.api import request_problems
from tests.modules.ecs.samples import TASK_PLACEMENT, ec2_container, ec2_task, fargate_container, fargate_task
from tests.policies import findings, statements

SECRET = SecretsManagerSecret(
    secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf", json_key="t"
)
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/key")
SHARED = SharedFolderMount(container_path="/shared", folder="work", read_only=False)
FULL_FARGATE = fargate_task(
    architecture="ARM64",
    ephemeral_storage_gib=50,
    tags={"team": "search"},
    access=AccessSettings(policy_arns=["arn:aws:iam::111122223333:policy/tables"]),
    containers={
        "worker": fargate_container(
            image=RepositoryImage(repository="embed", tag="1"),
            entry_point=["python"],
            command=["-m", "embed"],
            working_directory="/app",
            user="1000",
            environment={"MODEL": "e5", "HOME": "${HOME}"},
            secrets={"TOKEN": SECRET, "KEY": PARAMETER},
            cpu_units=512,
            memory_mib=1_024,
            memory_reservation_mib=512,
            ports={"http": Port(port=8_080, application_protocol="http")},
            health_check=HealthCheck(command="curl --fail localhost:8080/health"),
            depends_on=[ContainerDependency(container="models", condition="SUCCESS")],
            start_timeout_seconds=60,
            stop_timeout_seconds=120,
            ulimits=[Ulimit(name="nofile", soft=1_024, hard=4_096)],
            mounts=[
                FileSystemMount(container_path="/models", file_system="weights", access_point="models"),
                ExistingFileSystemMount(container_path="/theirs", file_system_id="fs-12345678"),
                SHARED,
            ],
        ),
        "models": fargate_container(essential=False, mounts=[SHARED], scratch_paths=[]),
    },
)
FULL_EC2 = ec2_task(
    network_mode="bridge",
    placement_constraints=["attribute:ecs.instance-type == g5.xlarge"],
    containers={
        "worker": ec2_container(
            gpus=1,
            privileged=True,
            shared_memory_mib=1_024,
            max_swap_mib=512,
            swappiness=0,
            tmpfs=[Tmpfs(container_path="/fast", size_mib=256)],
            devices=["/dev/fuse"],
            ports={"http": Port(port=8_080)},
            read_only_root_filesystem=False,
            init_process=False,
            mounts=[HostMount(container_path="/data", host_path="/scratch/data")],
        )
    },
)
FIRELENS = fargate_task(
    logging=FireLensLogging(
        router_image="public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
        options={"Name": "datadog"},
        secret_options={"apikey": SECRET},
    )
)
EBS = fargate_task(
    containers={"worker": fargate_container(mounts=[EbsVolumeMount(container_path="/data", read_only=False)])}
)
TASKS = {
    "fargate": (FULL_FARGATE, "FARGATE"),
    "ec2": (FULL_EC2, "EC2"),
    "managed": (ec2_task(), "MANAGED_INSTANCES"),
    "firelens": (FIRELENS, "FARGATE"),
    "ebs": (EBS, "FARGATE"),
    "smallest": (fargate_task(), "FARGATE"),
}


def define(stack: TerraformStack, task: TaskSettings, compatibility: str = "FARGATE", **more: Any) -> TaskDefinition:
    return TaskDefinition(
        stack,
        "embed",
        name="tb-test-embed",
        settings=task,
        placement=TASK_PLACEMENT,
        compatibility=compatibility,
        **more,
    )


def containers(stack: TerraformStack) -> dict[str, dict[str, Any]]:
    """Return the emitted containers by name."""
    document = json.loads(Synthesized(stack).one("aws_ecs_task_definition")["container_definitions"])
    return {container["name"]: container for container in document}


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


def policies(stack: TerraformStack, role_name: str) -> dict[str, dict[str, Any]]:
    """Return all statements of a role by Sid."""
    synthesized = Synthesized(stack)
    role = synthesized.address("aws_iam_role", role_name)
    found: dict[str, dict[str, Any]] = {}
    for policy in synthesized.all("aws_iam_role_policy"):
        if policy["role"] == f"${{{role}.name}}":
            assert findings(policy["policy"]) == set()
            found |= statements(policy["policy"])
    return found


def test_the_execution_role_reads_this_image_these_secrets_and_writes_this_log(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    group = Synthesized(stack).address("aws_cloudwatch_log_group", "/aws/ecs/tb-test-embed")
    allowed = policies(stack, "tb-test-embed-task-execution")
    assert {sid: statement["Resource"] for sid, statement in allowed.items()} == {
        "LogInToRegistry": "*",
        "PullImages": [
            "arn:aws:ecr:us-east-1:111122223333:repository/embed",
            "arn:aws:ecr:us-east-1:111122223333:repository/tb-test-embed",
        ],
        "WriteLogs": f"${{{group}.arn}}:*",
        "ReadSecrets": SECRET.secret_arn,
        "ReadParameters": PARAMETER.parameter_arn,
    }


def test_firelens_secrets_are_readable_too(stack: TerraformStack) -> None:
    define(stack, FIRELENS)
    assert policies(stack, "tb-test-embed-task-execution")["ReadSecrets"]["Resource"] == SECRET.secret_arn


def test_the_task_role_has_what_it_is_granted_and_nothing_else(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    synthesized = Synthesized(stack)
    assert policies(stack, "tb-test-embed-task") == {}
    attachment = synthesized.one("aws_iam_role_policy_attachment")
    assert attachment["policy_arn"] == "arn:aws:iam::111122223333:policy/tables"
    assert json.loads(synthesized.named("aws_iam_role", "tb-test-embed-task")["assume_role_policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]


def test_who_may_run_a_task_may_run_this_one_on_this_cluster(stack: TerraformStack) -> None:
    runner = WorkloadRole(stack, "runner", name="runner", services=["x.amazonaws.com"], account_id=None, description="")
    define(stack, fargate_task()).grant_run(runner, "tb-test-main")
    synthesized = Synthesized(stack)
    roles = [
        f"${{{synthesized.address('aws_iam_role', name)}.arn}}"
        for name in ("tb-test-embed-task", "tb-test-embed-task-execution")
    ]
    document = next(policy for policy in synthesized.all("aws_iam_role_policy") if policy["name"] == "run-embed")[
        "policy"
    ]
    arns = {"aws_iam_role": "arn:aws:iam::111122223333:role/sample"}
    assert findings(document, arns) == set()
    assert statements(document) == {
        "RunTask": {
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": "arn:aws:ecs:us-east-1:111122223333:task-definition/tb-test-embed:*",
            "Condition": {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:us-east-1:111122223333:cluster/tb-test-main"}},
        },
        "PassRoles": {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": roles,
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
        "TagTask": {
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": "arn:aws:ecs:us-east-1:111122223333:task/tb-test-main/*",
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
    }


def test_each_task_definition_has_a_log_group_with_a_retention(stack: TerraformStack) -> None:
    define(stack, fargate_task())
    group = Synthesized(stack).one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/ecs/tb-test-embed", 30)
