"""Kubernetes: Batch starts jobs as pods of an EKS cluster that the platform team runs, in the network it lies in."""

from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.batch.settings.eks_job_definitions import (
    EksContainer,
    EksInitContainer,
    EksJobDefinition,
    EmptyDirVolume,
    HostPathVolume,
    SecretVolume,
)
from modules.batch.settings.existing_job_definitions import ExistingEksJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from modules.batch.settings.submissions import JobSubmission
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.vpc.settings import ExistingNetwork
from stacks.environment import Environment
from stacks.state import HcpTerraformState, VcsRepository

CLUSTER = "arn:aws:eks:us-west-2:666666666666:cluster/platform"
CLUSTER_GROUP = "sg-0a1b2c3d4e5f60718"
EMBED = RepositoryImage(repository="embed", tag="2.0.0")

KUBERNETES = Environment(
    name="kubernetes",
    account_id="666666666666",
    region="us-west-2",
    production=False,
    state=HcpTerraformState(
        organization="acme",
        project="ml platform",
        hostname="terraform.acme.example",
        workspace_prefix="ml-",
        terraform_version="~> 1.11.0",
        vcs=VcsRepository(
            repository="acme/platform",
            connection_id="ot-hmAyP66qk2AMVdbJ",
            branch="deployed",
            directory="ml/stacks",
            auto_apply=True,  # who merges has read what CI says of the change
        ),
        team_access={"ml engineers": "write", "auditors": "read"},
    ),
    network=ExistingNetwork(
        vpc_id="vpc-0123456789abcdef0",
        subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        security_group_ids=["sg-0123456789abcdef0"],
    ),
    repositories={"embed": RepositorySettings(untagged_expire_after_days=3, tags={"team": "ml"})},
    compute_environments={
        "spot": EksSpotComputeEnvironment(
            eks_cluster_arn=CLUSTER,
            kubernetes_namespace="batch",
            kubernetes_version="1.32",  # not newer than the cluster's control plane
            security_group_ids=[CLUSTER_GROUP],
            instance_types=["g5.xlarge", "g6.xlarge", "g5.2xlarge"],
            max_vcpus=128,
            launch_template=LaunchTemplateSettings(root_volume_gib=150),
        ),
        "on-demand": EksComputeEnvironment(
            eks_cluster_arn=CLUSTER,
            kubernetes_namespace="batch",
            kubernetes_version="1.32",
            security_group_ids=[CLUSTER_GROUP],
            instance_types=["g5.xlarge"],
            max_vcpus=32,
            launch_template=LaunchTemplateSettings(root_volume_gib=150),
        ),
        "graviton": EksSpotComputeEnvironment(
            eks_cluster_arn=CLUSTER,
            kubernetes_namespace="batch",
            kubernetes_version="1.32",
            security_group_ids=[CLUSTER_GROUP],
            instance_types=["m7g", "m8g"],
            max_vcpus=64,
            node_role_for_pods=False,
        ),
    },
    job_queues={
        "pods": JobQueueSettings(compute_environments=["spot", "on-demand"]),
        "graviton": JobQueueSettings(compute_environments=["graviton"]),
    },
    job_definitions={
        "embed": EksJobDefinition(
            job_queues=["pods"],
            timeout_seconds=7_200,
            retry=SpotRetryStrategy(),
            parameters={"date": "today"},
            service_account_name="embed",  # whose annotation names the role with the bucket's permissions
            image_pull_secrets=["mirror"],
            labels={"team": "search"},
            tags={"team": "search"},
            init_containers=[
                EksInitContainer(
                    name="fetch",
                    image=EMBED,
                    args=["fetch", "--date", "Ref::date"],
                    vcpus=1.0,
                    memory_mib=2_048,
                    mounts={"work": "/work"},
                ),
            ],
            containers={
                "embed": EksContainer(
                    image=EMBED,
                    command=["python", "-m", "embed"],
                    args=["--date", "Ref::date"],
                    environment={"TOKENIZERS_PARALLELISM": "false"},
                    image_pull_policy="Always",
                    vcpus=2.5,
                    memory_mib=10_240,
                    gpus=1,
                    run_as_user=1_000,
                    run_as_group=1_000,
                    mounts={"work": "/work", "shm": "/dev/shm", "token": "/etc/hub", "models": "/models"},
                ),
            },
            volumes={
                "work": EmptyDirVolume(size_mib=51_200),
                "shm": EmptyDirVolume(size_mib=4_096, in_memory=True),
                "token": SecretVolume(secret_name="hub-token", optional=True),
                "models": HostPathVolume(host_path="/mnt/models"),
            },
        ),
        # What those who look after the cluster have registered.
        "prune-images": ExistingEksJobDefinition(
            job_definition_arn="arn:aws:batch:us-west-2:666666666666:job-definition/prune-images",
            job_queues=["pods"],
            timeout_seconds=900,
            containers=["prune"],
        ),
        # Measures a node as a whole, so it has to see it as a whole; production refuses such a pod.
        "measure-node": EksJobDefinition(
            job_queues=["graviton"],
            architecture="ARM64",
            timeout_seconds=600,
            retry=RetryStrategy(
                attempts=3,
                evaluate_on_exit=[
                    RetryRule(action="EXIT", on_exit_code="2"),  # the node is not what was asked for
                    RetryRule(action="RETRY", on_reason="*"),
                ],
            ),
            host_network=True,
            containers={
                "measure": EksContainer(
                    image="public.ecr.aws/docker/library/python:3.13-slim",
                    vcpus=1.0,
                    memory_mib=1_024,
                    privileged=True,
                    read_only_root_filesystem=False,
                ),
            },
        ),
    },
    submissions={
        "embed-daily": JobSubmission(
            job_definition="embed", array_size=10, timeout_seconds=3_600, finish_within_seconds=7_200, attempts=8
        ),
    },
)
