from typing import Any

import pytest

from modules.batch.settings.compute_environments import Ec2ComputeEnvironment, MultiNodeCapacity, UpdatePolicy
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import (
    EksContainer,
    EksJobDefinition,
    EksVolume,
    HostPathVolume,
)
from modules.batch.settings.job_definitions import NodeGroup
from modules.batch.settings.job_logs import DriverJobLogs
from modules.batch.settings.job_queues import JobQueueSettings, JobStateTimeLimits
from modules.batch.settings.submissions import JobSubmission
from modules.cloudwatch.log_retention import KEPT_A_WEEK
from modules.containers.settings import HostMount
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.settings import RepositorySettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access
from modules.markers import EachInProduction, Production, marked
from modules.s3.settings import BucketSettings, ExistingBucket
from modules.settings import collect_problems, nested_problems
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from reference.classes import settings_classes
from stacks.environment import Environment
from stacks.state import HcpTerraformState, LocalState, S3State, VcsRepository
from tests.problems import in_short, problems_of, refused
from tests.stacks.environments import distributed_job, ec2_job, environment, fargate_job, values

MANAGED = "arn:aws:iam::aws:policy"
AS_ROOT = NodeGroup(image="a:1", vcpus=2, memory_mib=4, node_count=2)
POINTS = {"a": AccessPointSettings(path="/a", uid=1_000, gid=1_000)}


def host(folder: str) -> HostMount:
    return HostMount(host_path=folder, container_path="/host", read_only=False)


def production(**changes: Any) -> Environment:
    strict: dict[str, Any] = {
        "production": True,
        "state": S3State(bucket="example-terraform-state", region="us-east-1"),
    }
    return environment(**strict | changes)


def large(**changes: Any) -> dict[str, Any]:
    """Return a change of the environment's instances."""
    compute: dict[str, Any] = {"instance_types": ["c6i.2xlarge"], "max_vcpus": 16, "multi_node": MultiNodeCapacity()}
    return {"compute_environments": {"large": Ec2ComputeEnvironment(**compute | changes)}}


WEAKNESSES: list[tuple[dict[str, Any], str]] = [
    (
        {"state": LocalState()},
        "state: got a LocalState",
    ),
    (
        {
            "state": HcpTerraformState(
                organization="example",
                vcs=VcsRepository(repository="acme/platform", connection_id="ot-hmAyP66qk2AMVdbJ", auto_apply=True),
            )
        },
        "state.vcs.auto_apply: got True",
    ),
    (
        {"network": PublicNetwork(availability_zones=["us-east-1a"])},
        "network: got a PublicNetwork",
    ),
    (
        {"network": ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"], assign_public_ip=True)},
        "network.assign_public_ip: got True",
    ),
    (
        {"network": PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1, flow_log_retention_days=None)},
        "network.flow_log_retention_days: 7, got None",
    ),
    (
        {"buckets": {"data": BucketSettings(force_destroy=True)}},
        "buckets.data.force_destroy: got True",
    ),
    (
        {"buckets": {"data": BucketSettings(versioning=False)}},
        "buckets.data.versioning: got False",
    ),
    (
        {"file_systems": {"models": FileSystemSettings(access_points=POINTS, backup=False)}},
        "file_systems.models.backup: got False",
    ),
    (
        {"queues": {"requests": MessageQueueSettings(visibility_timeout_seconds=900, max_receive_count=None)}},
        "queues.requests.max_receive_count: got None",
    ),
    (
        {"repositories": {"embed": RepositorySettings(force_delete=True)}},
        "repositories.embed.force_delete: got True",
    ),
    (
        {"repositories": {"embed": RepositorySettings(immutable_tags=False)}},
        "repositories.embed.immutable_tags: got False",
    ),
    (
        {"repositories": {"embed": RepositorySettings(scan_on_push=False)}},
        "repositories.embed.scan_on_push: got False",
    ),
    (
        large(launch_template=LaunchTemplateSettings(ssm_access=True)),
        "compute_environments.large.launch_template.ssm_access: got True",
    ),
    (
        large(update_policy=UpdatePolicy(terminate_jobs_on_update=True)),
        "compute_environments.large.update_policy.terminate_jobs_on_update: got True",
    ),
    (
        {"job_definitions": {"embed": fargate_job(read_only_root_filesystem=False)}},
        "job_definitions.embed.read_only_root_filesystem: got False",
    ),
    (
        {"job_definitions": {"index": ec2_job(privileged=True)}},
        "job_definitions.index.privileged: got True",
    ),
    (
        {"job_definitions": {"index": ec2_job(mounts=[host("/var/run/docker.sock")])}},
        "job_definitions.index.mounts[0].host_path: got '/var/run/docker.sock'",
    ),
    (
        {
            "job_definitions": {
                "index": ec2_job(access=Access(policy_arns=[f"{MANAGED}/a", f"{MANAGED}/IAMFullAccess"]))
            }
        },
        f"job_definitions.index.access.policy_arns[1]: got '{MANAGED}/IAMFullAccess'",
    ),
    (
        {"job_definitions": {"embed": fargate_job(environment={"A": "1", "DB_PASSWORD": "hunter2"})}},
        "job_definitions.embed.environment.DB_PASSWORD: got 'DB_PASSWORD'",
    ),
    (
        {"job_definitions": {"embed": fargate_job(image="public.ecr.aws/docker/library/python")}},
        "job_definitions.embed.image: got 'public.ecr.aws/docker/library/python'",
    ),
    (
        {"job_definitions": {"embed": fargate_job(image="public.ecr.aws/docker/library/python:latest")}},
        "job_definitions.embed.image: got 'public.ecr.aws/docker/library/python:latest'",
    ),
    (
        {"job_queues": {"light": JobQueueSettings(compute_environments=["light"], log_retention_days=5)}},
        "job_queues.light.log_retention_days: 7, got 5",
    ),
    (
        {"network": PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1, flow_log_retention_days=5)},
        "network.flow_log_retention_days: 7, got 5",
    ),
    (
        {"job_definitions": {"embed": fargate_job(user=None)}},
        "job_definitions.embed.user: got None",
    ),
    (
        {
            "job_definitions": {
                "train": distributed_job(node_groups=[NodeGroup(image="a:1", vcpus=2, memory_mib=4, node_count=2)])
            }
        },
        "job_definitions.train.node_groups[0].user: got None",
    ),
    (
        {"job_definitions": {"embed": fargate_job(command=["Ref::token"], parameters={"token": "hunter2"})}},
        "job_definitions.embed.parameters.token: got 'token'",
    ),
    (
        {"job_definitions": {"index": ec2_job(logs=DriverJobLogs(driver="splunk", options={"splunk-token": "a1"}))}},
        "job_definitions.index.logs.options.splunk-token: got 'splunk-token'",
    ),
    (
        {"submissions": {"embed": JobSubmission(job_definition="embed", environment={"HF_TOKEN": "hunter2"})}},
        "submissions.embed.environment.HF_TOKEN: got 'HF_TOKEN'",
    ),
    (
        {
            "job_definitions": {"embed": fargate_job(command=["Ref::secret"], parameters={"secret": ""})},
            "submissions": {"embed": JobSubmission(job_definition="embed", parameters={"secret": "hunter2"})},
        },
        "submissions.embed.parameters.secret: got 'secret'",
    ),
]


@pytest.mark.parametrize("folder", ["/", "//", "/etc", "/scratch/../proc/1", "/dev/shm"])
def test_a_folder_of_the_system_is_no_place_for_data_however_it_is_written(folder: str) -> None:
    (problem,) = refused(lambda: production(job_definitions={"index": ec2_job(mounts=[host(folder)])}))
    assert f"got {folder!r}" in problem


@pytest.mark.parametrize(
    "device",
    [
        "/dev/mem",
        "/dev/kmem",
        "/dev/nvme0n1",
        "/dev/sda",
        "/dev/xvda",
        "/dev/port",
        "/dev/fuse/../mem",
        "/dev",
        "/dev/dri",
    ],
)
def test_a_device_by_which_a_container_is_root_on_the_instance_is_refused(device: str) -> None:
    assert refused(lambda: production(job_definitions={"index": ec2_job(devices=["/dev/fuse", device])})) == [
        f"job_definitions.index.devices[1]: got {device!r}"
    ]
    assert environment(job_definitions={"index": ec2_job(devices=[device])})


def test_accelerators_networks_and_fuse_are_devices_for_containers() -> None:
    devices = [
        "fuse",
        "infiniband/uverbs0",
        "nvidia0",
        "nvidia-caps/nvidia-cap1",
        "neuron15",
        "dri/renderD128",
        "net/tun",
    ]
    assert production(job_definitions={"index": ec2_job(devices=[f"/dev/{name}" for name in devices])})


def test_every_map_of_free_text_that_a_container_sees_is_looked_through() -> None:
    free = {"environment", "options", "parameters"}
    maps = {(kind, name) for kind in settings_classes() for name in free & set(kind.model_fields)}
    assert len(maps) > 10
    assert {item for item in maps if item[1] not in marked(item[0], EachInProduction)} == set()


def test_what_is_logged_is_kept_a_week_and_no_field_is_forgotten() -> None:
    queue = JobQueueSettings(compute_environments=["light"], log_retention_days=7)
    assert production(job_queues={"light": queue})
    fields = {
        (kind, name) for kind in settings_classes() for name in kind.model_fields if name.endswith("retention_days")
    }
    assert {name for kind, name in fields if marked(kind, Production).get(name) is not KEPT_A_WEEK} == set()


@pytest.mark.parametrize("name", ["python:3.13", f"python@sha256:{'a' * 64}", f"python:latest@sha256:{'a' * 64}"])
def test_an_image_that_stays_the_same_is_taken(name: str) -> None:
    assert production(job_definitions={"embed": fargate_job(image=f"public.ecr.aws/docker/library/{name}")})


def test_root_is_a_user_where_it_is_named() -> None:
    assert production(job_definitions={"embed": fargate_job(user="root"), "index": ec2_job(user="0:0")})


def test_no_message_shows_a_secret() -> None:
    (problem,) = problems_of(
        lambda: production(job_definitions={"embed": fargate_job(environment={"DB_PASSWORD": "hunter2"})})
    )
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("folder", ["/scratch", "/mnt/raid", "/variants", "/opt/models"])
def test_other_folders_of_the_host_may_be_mounted(folder: str) -> None:
    assert production(job_definitions={"index": ec2_job(mounts=[host(folder)])})


def test_a_pod_mounts_no_folder_of_the_system_either() -> None:
    nodes = EksComputeEnvironment(
        max_vcpus=8,
        eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/ml",
        kubernetes_namespace="batch",
        security_group_ids=["sg-01234567"],
    )
    container = EksContainer(image="embed:1", vcpus=1, memory_mib=512, run_as_user=1_000)

    def pod(folder: str) -> Environment:
        volumes: dict[str, EksVolume] = {"node": HostPathVolume(host_path=folder)}
        settings = EksJobDefinition(
            job_queues=["pods"], timeout_seconds=60, containers={"main": container}, volumes=volumes
        )
        return production(
            compute_environments={"pods": nodes},
            job_queues={"pods": JobQueueSettings(compute_environments=["pods"])},
            job_definitions={"pod": settings},
        )

    assert pod("/models")
    assert refused(lambda: pod("/etc/kubernetes")) == [
        "job_definitions.pod.volumes.node.host_path: got '/etc/kubernetes'"
    ]


def test_production_takes_what_is_strict_by_default() -> None:
    assert production().production


@pytest.mark.parametrize(
    "changes",
    [
        {"state": HcpTerraformState(organization="example")},
        {"buckets": {"theirs": ExistingBucket(bucket_arn="arn:aws:s3:::their-data")}},
        {
            "queues": {
                "theirs": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=900
                )
            }
        },
    ],
)
def test_production_takes_what_somebody_else_looks_after(changes: dict[str, Any]) -> None:
    assert production(**changes)


@pytest.mark.parametrize(("changes", "expected"), WEAKNESSES)
def test_production_refuses_what_weakens_it(changes: dict[str, Any], expected: str) -> None:
    assert expected in refused(lambda: production(**changes))


@pytest.mark.parametrize(("changes", "expected"), WEAKNESSES)
def test_other_environments_may_be_weak(changes: dict[str, Any], expected: str) -> None:
    with collect_problems():
        weak = Environment(**values(**changes))

    assert expected not in in_short(nested_problems(weak))


@pytest.mark.parametrize("limit", JobStateTimeLimits.model_fields)
def test_no_job_of_production_waits_for_ever(limit: str) -> None:
    limits: dict[str, Any] = {limit: None}
    queue = JobQueueSettings(compute_environments=["light"], job_state_time_limits=JobStateTimeLimits(**limits))

    assert refused(lambda: production(job_queues={"light": queue})) == [
        f"job_queues.light.job_state_time_limits.{limit}: got None"
    ]


def test_every_weakness_is_told_at_once() -> None:
    two = {
        "a": MessageQueueSettings(visibility_timeout_seconds=900, max_receive_count=None),
        "b": MessageQueueSettings(visibility_timeout_seconds=900, max_receive_count=None),
    }
    found = refused(lambda: production(queues=two, buckets={"data": BucketSettings(versioning=False)}))

    assert [problem.partition(":")[0] for problem in found] == [
        "queues.a.max_receive_count",
        "queues.b.max_receive_count",
        "buckets.data.versioning",
    ]
