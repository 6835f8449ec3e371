"""One of each kind of job, with everything in it that the kind can have, and what it is built with."""

from typing import Any

from cdktf import TerraformStack

from modules.batch.job_definition import JobDefinition, JobPlacement
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.eks_job_definitions import (
    EksContainer,
    EksInitContainer,
    EksJobDefinition,
    EmptyDirVolume,
    HostPathVolume,
    SecretVolume,
)
from modules.batch.settings.job_containers import Ec2JobContainer, FargateJobContainer
from modules.batch.settings.job_definitions import (
    Ec2JobDefinition,
    Ec2MultiContainerJobDefinition,
    FargateJobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_logs import CloudWatchJobLogs, DriverJobLogs
from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from modules.containers.dependencies import ContainerDependency
from modules.containers.documents import FileSystemPlace
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount, HostMount, Tmpfs, Ulimit
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.naming import AwsLocation
from tests.conftest import Synthesized

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1.4"
LOCATION = AwsLocation(region="us-east-1", account_id="111122223333")
SECRET = SecretsManagerSecret(
    secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf", json_key="token"
)
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/embed/key")
TOKEN = SecretsManagerSecret(secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf")
SPLUNK = DriverJobLogs(
    driver="splunk", options={"splunk-url": "https://splunk.example.com"}, secret_options={"splunk-token": TOKEN}
)

PLACEMENT = JobPlacement(
    location=LOCATION,
    log_group_name="/aws/batch/light",
    log_group_arn="arn:aws:logs:us-east-1:111122223333:log-group:/aws/batch/light",
    assign_public_ip=False,
    repository_uris={"embed": "111122223333.dkr.ecr.us-east-1.amazonaws.com/tb-test-embed"},
    access_points={("weights", "models"): FileSystemPlace("fs-0123456789abcdef0", "fsap-0123456789abcdef0")},
)


def fargate_job(**changes: Any) -> FargateJobDefinition:
    values: dict[str, Any] = {
        "job_queues": ["light"],
        "image": IMAGE,
        "command": ["embed", "--shard", "Ref::shard"],
        "parameters": {"shard": "0"},
        "environment": {"MODEL": "minilm", "BATCH_SIZE": "64"},
        "secrets": {"HUB_TOKEN": SECRET, "API_KEY": PARAMETER},
        "user": "1000:1000",
        "scratch_paths": ["/tmp"],
        "vcpus": 0.25,
        "memory_mib": 512,
        "architecture": "ARM64",
        "ephemeral_storage_gib": 21,
        "timeout_seconds": 60,
        "retry": SpotRetryStrategy(),
        "scheduling_priority": 9_999,
        "tags": {"team": "search"},
        "mounts": [FileSystemMount(container_path="/models", file_system="weights", access_point="models")],
    }
    return FargateJobDefinition(**(values | changes))


def ec2_container(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "image": IMAGE,
        "vcpus": 8,
        "memory_mib": 30_000,
        "gpus": 1,
        "shared_memory_mib": 8_192,
        "tmpfs": [Tmpfs(container_path="/fast", size_mib=1_024)],
        "ulimits": [Ulimit(name="memlock", soft=-1, hard=-1)],
        "max_swap_mib": 0,
        "swappiness": 10,
        "devices": ["/dev/infiniband/uverbs0"],
        "logs": CloudWatchJobLogs(multiline_pattern="^[0-9]{4}-"),
        "mounts": [
            HostMount(host_path="/mnt/raid", container_path="/scratch", read_only=False),
            ExistingFileSystemMount(container_path="/shared", file_system_id="fs-0123456789abcdef1"),
        ],
    }
    return values | changes


def ec2_job(**changes: Any) -> Ec2JobDefinition:
    values = ec2_container(job_queues=["gpu"], timeout_seconds=3_600, command=["python", "embed.py"])
    return Ec2JobDefinition(**(values | changes))


def every_kind() -> dict[str, JobDefinitionSettings]:
    """Return one job definition of each kind, by short name."""
    return {
        "fargate": fargate_job(),
        "ec2": ec2_job(retry=RetryStrategy(attempts=3, evaluate_on_exit=[RetryRule(action="EXIT", on_exit_code="1")])),
        "fargate-group": FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=600,
            containers={
                "main": FargateJobContainer(
                    image=IMAGE,
                    vcpus=0.75,
                    memory_mib=1_536,
                    depends_on=[ContainerDependency(container="fetch", condition="SUCCESS")],
                ),
                "fetch": FargateJobContainer(image=IMAGE, vcpus=0.25, memory_mib=512, essential=False),
            },
        ),
        "ec2-group": Ec2MultiContainerJobDefinition(
            job_queues=["gpu"],
            timeout_seconds=600,
            containers={
                "main": Ec2JobContainer(**ec2_container(secrets={"HUB_TOKEN": SECRET})),
                "metrics": Ec2JobContainer(
                    image=IMAGE, vcpus=1, memory_mib=512, essential=False, secrets={"API_KEY": PARAMETER}, logs=SPLUNK
                ),
            },
        ),
        "nodes": MultiNodeJobDefinition(
            job_queues=["distributed"],
            timeout_seconds=7_200,
            instance_type="g5.12xlarge",
            node_groups=[
                NodeGroup(**ec2_container(node_count=1)),
                NodeGroup(image=IMAGE, vcpus=8, memory_mib=30_000, gpus=1, node_count=3),
            ],
        ),
        "eks": EksJobDefinition(
            job_queues=["pods"],
            timeout_seconds=600,
            containers={
                "main": EksContainer(
                    image=IMAGE,
                    args=["--shard", "Ref::shard"],
                    environment={"MODEL": "minilm"},
                    vcpus=1.5,
                    memory_mib=2_048,
                    gpus=1,
                    mounts={"scratch": "/tmp", "token": "/secrets"},
                    run_as_user=1_000,
                )
            },
            init_containers=[EksInitContainer(name="fetch", image=IMAGE, vcpus=0.25, memory_mib=128)],
            volumes={
                "scratch": EmptyDirVolume(size_mib=1_024, in_memory=True),
                "token": SecretVolume(secret_name="hub-token"),
                "node": HostPathVolume(host_path="/var/cache"),
            },
            parameters={"shard": "0"},
            service_account_name="embed",
            image_pull_secrets=["registry"],
            labels={"app": "embed"},
        ),
    }


def define(stack: TerraformStack, *names: str) -> dict[str, dict[str, Any]]:
    """Define the sample jobs of these names; return the emitted definitions by short name."""
    for name in names:
        JobDefinition(stack, name, name=f"tb-test-{name}", settings=every_kind()[name], placement=PLACEMENT)
    definitions = Synthesized(stack).all("aws_batch_job_definition")
    return {definition["name"].removeprefix("tb-test-"): definition for definition in definitions}
