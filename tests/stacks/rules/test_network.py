from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.compute_environments import (
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.network_settings import NetworkSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from stacks.environment import Environment
from stacks.rules.network import required_endpoints
from tests.problems import missing_endpoints, refused
from tests.stacks.environments import empty_environment

ZONES = ("us-east-1a", "us-east-1b")
FARGATE = FargateComputeEnvironment(max_vcpus=4)
EKS = EksComputeEnvironment(
    max_vcpus=4,
    eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/research",
    kubernetes_namespace="batch",
    security_group_ids=["sg-01234567"],
)
SECRET = SecretsManagerSecret(secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf")
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/embed/key")
OWN_IMAGE = RepositoryImage(repository="models", tag="1")


def with_job(
    network: NetworkSettings | None,
    *,
    region: str = "us-east-1",
    capacity: ComputeEnvironmentSettings | None = None,
    job: JobDefinitionSettings | None = None,
) -> Environment:
    """Return an environment with a queue, and with this capacity and job; a job's capacity is Fargate or EKS."""
    if job is not None:
        capacity = EKS if isinstance(job, EksJobDefinition) else FARGATE
    return empty_environment(
        region=region,
        network=network,
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=300)},
        repositories={"models": RepositorySettings()},
        compute_environments={"capacity": capacity} if capacity else {},
        job_queues={"jobs": JobQueueSettings(priority=1, compute_environments=["capacity"])} if capacity else {},
        job_definitions={"embed": job} if job else {},
    )


def messages(network: NetworkSettings, **more: Any) -> list[str]:
    return refused(with_job, network=network, **more)


def fargate_job(**more: Any) -> FargateJobDefinition:
    values = {"job_queues": ["jobs"], "timeout_seconds": 60, "image": OWN_IMAGE, "vcpus": 1, "memory_mib": 2_048}
    both: dict[str, Any] = values | more
    return FargateJobDefinition(**both)


def eks_job(image: str) -> EksJobDefinition:
    container = EksContainer(image=image, vcpus=1, memory_mib=2_048)
    return EksJobDefinition(job_queues=["jobs"], timeout_seconds=60, containers={"main": container})


@pytest.mark.parametrize("kind", [PrivateNetwork, PublicNetwork])
def test_zones_belong_to_the_region(kind: type[PrivateNetwork | PublicNetwork]) -> None:
    assert with_job(kind(availability_zones=ZONES)).network is not None
    assert messages(kind(availability_zones=("us-east-1a", "us-east-2b"))) == [
        "network.availability_zones[1]: got 'us-east-2b'"
    ]


@pytest.mark.parametrize(
    ("region", "zones"),
    [
        ("us-east-1", ["use1-az1", "use1-az6"]),
        ("ap-northeast-1", ["apne1-az4"]),
        ("ap-southeast-2", ["apse2-az1"]),
        ("ap-south-1", ["aps1-az1"]),
        ("us-gov-west-1", ["usgw1-az1"]),
        ("cn-northwest-1", ["cnnw1-az1"]),
        ("eu-central-1", ["euc1-az3"]),
    ],
)
def test_ids_of_zones_belong_to_the_region(region: str, zones: list[str]) -> None:
    assert with_job(PublicNetwork(availability_zones=zones), region=region).network is not None
    assert messages(PublicNetwork(availability_zones=zones), region="eu-west-1") == [
        f"network.availability_zones[{index}]: got {zone!r}" for index, zone in enumerate(zones)
    ]


@pytest.mark.parametrize("zone", ["us-west-2-lax-1a", "usw2-lax1-az1"])
def test_local_zones_belong_to_the_region_that_they_are_near(zone: str) -> None:
    subnet = "subnet-0000000a"
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=[subnet], availability_zones={subnet: zone})
    assert with_job(network, region="us-west-2").network == network
    assert messages(network, region="us-west-1") == [f"network.availability_zones.{subnet}: got {zone!r}"]


def test_zones_of_existing_subnets_belong_to_the_region() -> None:
    subnets = ("subnet-0000000a", "subnet-0000000b")
    zones = dict(zip(subnets, ("us-east-1a", "us-east-2b"), strict=True))
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=subnets, availability_zones=zones)
    assert messages(network) == ["network.availability_zones.subnet-0000000b: got 'us-east-2b'"]


def test_every_zone_of_another_region_is_reported() -> None:
    assert messages(PublicNetwork(availability_zones=ZONES), region="eu-west-1") == [
        "network.availability_zones[0]: got 'us-east-1a'",
        "network.availability_zones[1]: got 'us-east-1b'",
    ]


@pytest.mark.parametrize(
    ("capacity", "services"),
    [
        (FARGATE, "ecr.api ecr.dkr logs"),
        (FargateSpotComputeEnvironment(max_vcpus=4), "ecr.api ecr.dkr logs"),
        (SpotComputeEnvironment(max_vcpus=4), "ecr.api ecr.dkr ecs ecs-agent ecs-telemetry logs"),
        (
            UnmanagedComputeEnvironment(instance_types=["m7i.large"], instance_count=1),
            "ecr.api ecr.dkr ecs ecs-agent ecs-telemetry logs",
        ),
        (
            SpotComputeEnvironment(max_vcpus=4, launch_template=LaunchTemplateSettings(ssm_access=True)),
            "ecr.api ecr.dkr ecs ecs-agent ecs-telemetry logs ssm ssmmessages",
        ),
        (EKS, "ec2 ecr.api ecr.dkr"),
    ],
)
def test_capacity_needs_the_endpoints_of_its_kind(capacity: ComputeEnvironmentSettings, services: str) -> None:
    needed = required_endpoints(with_job(PublicNetwork(availability_zones=ZONES), capacity=capacity))
    assert " ".join(sorted(needed)) == services


@pytest.mark.parametrize(
    ("job", "service"),
    [
        (fargate_job(access=Access(consume=["requests"])), "sqs"),
        (fargate_job(access=Access(send=["requests"])), "sqs"),
        (fargate_job(access=Access(submit=["embed"])), "batch"),
        (fargate_job(access=Access(terminate_jobs=True)), "batch"),
        (fargate_job(access=Access(describe_jobs=True)), "batch"),
        (fargate_job(secrets={"TOKEN": SECRET}), "secretsmanager"),
        (fargate_job(secrets={"KEY": PARAMETER}), "ssm"),
        (
            fargate_job(logs=DriverJobLogs(driver="splunk", secret_options={"splunk-token": SECRET})),
            "secretsmanager",
        ),
    ],
)
def test_a_job_needs_the_endpoint_of_what_it_uses(job: FargateJobDefinition, service: str) -> None:
    network = PrivateNetwork(availability_zones=ZONES, interface_endpoints=("ecr.api", "ecr.dkr", "logs"))
    assert missing_endpoints(with_job, network=network, job=job) == [service]


def test_a_job_that_uses_nothing_needs_no_endpoint_of_its_own() -> None:
    network = PrivateNetwork(availability_zones=ZONES, interface_endpoints=("ecr.api", "ecr.dkr", "logs"))
    assert with_job(network, job=fargate_job()).network == network


def test_every_missing_endpoint_is_reported_with_what_needs_it() -> None:
    network = PrivateNetwork(availability_zones=ZONES, interface_endpoints=("ecr.api",))
    assert missing_endpoints(with_job, network=network, capacity=FARGATE) == ["ecr.dkr", "logs"]


@pytest.mark.parametrize(
    "network",
    [
        PrivateNetwork(availability_zones=ZONES, interface_endpoints=(), nat_gateways=1),
        PublicNetwork(availability_zones=ZONES),
        ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=("subnet-01234567",)),
    ],
)
def test_with_another_way_out_neither_endpoints_nor_ecr_are_asked_for(network: NetworkSettings) -> None:
    job = fargate_job(image="docker.io/library/python:3.13", access=Access(consume=["requests"]))
    assert with_job(network, job=job).network == network


def test_the_default_endpoints_do_for_ec2_fargate_queues_and_jobs_that_submit_jobs() -> None:
    network = PrivateNetwork(availability_zones=ZONES)
    access = Access(consume=["requests"], submit=["embed"])
    assert with_job(network, job=fargate_job(access=access)).network == network
    assert with_job(network, capacity=SpotComputeEnvironment(max_vcpus=4)).network == network


def test_what_nothing_uses_needs_no_endpoint() -> None:
    assert required_endpoints(with_job(None)) == {}
