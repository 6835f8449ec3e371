"""Tasks with everything in them that a kind of task can have, emitted."""

import json
from typing import Any

from cdktf import TerraformStack

from modules.containers.dependencies import ContainerDependency
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, HostMount, Tmpfs, Ulimit
from modules.ecr.image import RepositoryImage
from modules.ecs.settings.containers import (
    EbsVolumeMount,
    HealthCheck,
    Port,
    SharedFolderMount,
)
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.tasks import TaskSettings
from modules.ecs.task_definition import TaskDefinition
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from tests.conftest import Synthesized
from tests.modules.ecs.samples import TASK_PLACEMENT, ec2_container, ec2_task, fargate_container, fargate_task

SECRET = SecretsManagerSecret(
    secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf", json_key="t"
)
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/key")
SHARED = SharedFolderMount(container_path="/shared", folder="work", read_only=False)
FULL_FARGATE = fargate_task(
    architecture="ARM64",
    ephemeral_storage_gib=50,
    tags={"team": "search"},
    access=Access(policy_arns=["arn:aws:iam::111122223333:policy/tables"]),
    containers={
        "worker": fargate_container(
            image=RepositoryImage(repository="embed", tag="1"),
            entry_point=["python"],
            command=["-m", "embed"],
            working_directory="/app",
            user="1000",
            scratch_paths=["/tmp"],
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
    values: dict[str, Any] = {"name": "tb-test-embed", "placement": TASK_PLACEMENT} | more
    return TaskDefinition(stack, "embed", settings=task, compatibility=compatibility, **values)


def containers(stack: TerraformStack) -> dict[str, dict[str, Any]]:
    """Return the emitted containers by name."""
    document = json.loads(Synthesized(stack).one("aws_ecs_task_definition")["container_definitions"])
    return {container["name"]: container for container in document}
