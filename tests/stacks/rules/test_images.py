"""Images of jobs, pods and tasks: in reach of the network, of the right partition, and with names that AWS takes."""

from typing import Any

import pytest
from cdktf import App

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.eks_job_definitions import EksContainer, EksJobDefinition
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecr.image import Image, RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.logging import FireLensLogging
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import cluster_settings, fargate_container, fargate_task
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import empty_environment
from tests.stacks.rules.service_samples import run_task

WITHOUT_NAT = PrivateNetwork(
    availability_zones=["us-east-1a"], interface_endpoints=["ec2", "ecr.api", "ecr.dkr", "logs"]
)
WITH_NAT = PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1)
HERE = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
CACHED = f"{HERE}/docker-hub/library/python:3.13"
EKS = EksComputeEnvironment(
    max_vcpus=4,
    eks_cluster_arn="arn:aws:eks:us-east-1:111122223333:cluster/research",
    kubernetes_namespace="batch",
    security_group_ids=["sg-01234567"],
)


def without_nat(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "network": WITHOUT_NAT,
        "repositories": {"models": RepositorySettings()},
        "compute_environments": {"light": FargateComputeEnvironment(max_vcpus=4)},
        "job_queues": {"jobs": JobQueueSettings(compute_environments=["light"])},
    }
    return empty_environment(**values | changes)


def job(image: Image) -> dict[str, Any]:
    settings = FargateJobDefinition(job_queues=["jobs"], timeout_seconds=60, image=image, vcpus=1, memory_mib=2_048)
    return {"job_definitions": {"embed": settings}}


def pod(image: Image) -> dict[str, Any]:
    container = EksContainer(image=image, vcpus=1, memory_mib=2_048)
    settings = EksJobDefinition(job_queues=["jobs"], timeout_seconds=60, containers={"main": container})
    return {"compute_environments": {"light": EKS}, "job_definitions": {"embed": settings}}


def task(image: Image) -> dict[str, Any]:
    settings = run_task(task=fargate_task(containers={"worker": fargate_container(image=image)}))
    return {"clusters": {"main": cluster_settings(capacity_providers={})}, "task_definitions": {"embed": settings}}


def router(image: str) -> dict[str, Any]:
    logging = FireLensLogging(router_image=image, options={"Name": "stdout"})
    worker = fargate_container(image=RepositoryImage(repository="models", tag="1"))
    settings = run_task(task=fargate_task(containers={"worker": worker}, logging=logging))
    return {"clusters": {"main": cluster_settings(capacity_providers={})}, "task_definitions": {"embed": settings}}


PLACES = [
    (job, "job_definitions.embed.image"),
    (pod, "job_definitions.embed.containers.main.image"),
    (task, "task_definitions.embed.task.containers.worker.image"),
    (router, "task_definitions.embed.task.logging.router_image"),
]


@pytest.mark.parametrize(("where", "path"), PLACES)
@pytest.mark.parametrize(
    "image",
    [
        "111122223333.dkr.ecr.us-west-2.amazonaws.com/embed:1",
        "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/embed:1",
        "public.ecr.aws/docker/library/python:3.13",
        "python:3.13",
    ],
)
def test_without_nat_images_come_from_the_regions_ecr(where: Any, path: str, image: str) -> None:
    assert refused(without_nat, **where(image)) == [f"{path}: 0, got {image!r}"]
    assert without_nat(network=WITH_NAT, **where(image))


@pytest.mark.parametrize("where", [job, pod, task, router])
@pytest.mark.parametrize("image", [f"{HERE}/embed:1", "999999999999.dkr.ecr.us-east-1.amazonaws.com/embed:1"])
def test_without_nat_the_regions_ecr_is_in_reach_whoever_the_account_is(where: Any, image: str) -> None:
    assert without_nat(**where(image))


@pytest.mark.parametrize("where", [job, pod, task])
def test_an_image_of_an_own_repository_is_in_reach(where: Any) -> None:
    image = RepositoryImage(repository="models", tag="1")
    assert without_nat(pull_through_prefixes=["ROOT"], **where(image))


@pytest.mark.parametrize(("where", "path"), PLACES)
def test_without_nat_a_cache_fills_nothing(where: Any, path: str) -> None:
    assert refused(without_nat, pull_through_prefixes=["docker-hub"], **where(CACHED)) == [f"{path}: 0, got {CACHED!r}"]
    assert without_nat(pull_through_prefixes=["docker-hub"], network=WITH_NAT, **where(CACHED))


def test_without_nat_what_a_cache_already_has_is_in_reach() -> None:
    assert without_nat(pull_through_prefixes=["quay"], **job(CACHED))


@pytest.mark.parametrize(("where", "path"), PLACES)
@pytest.mark.parametrize("network", [WITHOUT_NAT, WITH_NAT])
def test_an_image_of_another_partition_is_out_of_reach(where: Any, path: str, network: PrivateNetwork) -> None:
    image = "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/embed:1"
    (problem,) = refused(without_nat, network=network, **where(image))
    assert problem == f"{path}: got {image!r}"


def execution_policy(settings: Environment) -> dict[str, Any]:
    app = App(stack_traces=False)
    build_platform(app, settings)
    stack = app.node.find_child("test-batch")
    assert isinstance(stack, PlatformStack)
    (policy,) = [item["policy"] for item in Synthesized(stack).all("aws_iam_role_policy") if "ecr:" in item["policy"]]
    return statements(policy)


NETWORK = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"], security_group_ids=["sg-01234567"])
CACHE = "arn:aws:ecr:us-east-1:111122223333:repository/docker-hub"


def test_who_starts_a_container_may_fill_the_cache_of_its_image() -> None:
    settings = without_nat(network=NETWORK, pull_through_prefixes=["docker-hub"], **job(CACHED))
    assert execution_policy(settings)["ImportUpstreamImages"] == {
        "Effect": "Allow",
        "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        "Resource": f"{CACHE}/library/python",
    }


def test_a_node_of_eks_may_fill_the_caches_with_what_pods_ask_for() -> None:
    settings = without_nat(network=NETWORK, pull_through_prefixes=["docker-hub"], **pod(CACHED))
    assert execution_policy(settings) == {
        "ImportUpstreamImages": {
            "Effect": "Allow",
            "Action": ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
            "Resource": f"{CACHE}/*",
        }
    }


def test_an_image_of_the_environments_own_is_not_too_long_with_its_registry() -> None:
    def named(name: str) -> Environment:
        image = RepositoryImage(repository=name, tag="t" * 128)
        return without_nat(repositories={name: RepositorySettings()}, **job(image))

    longest = "a" * (255 - len(f"{HERE}/terrabatch-test-:{'t' * 128}"))
    assert named(longest)
    assert refused(named, name=f"{longest}a") == ["job_definitions.embed.image.tag: 255, got 256"]
