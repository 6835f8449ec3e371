"""What lies in another region, or outside AWS, for workloads of a network without NAT: on both edges."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_logs import DriverJobLogs
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.logging import FireLensLogging
from modules.iam.access_settings import Access, BucketAccess
from modules.iam.secret_settings import SecretSettings, SecretsManagerSecret, SsmParameterSecret
from modules.s3.settings import ExistingBucket
from modules.sqs.settings import ExistingQueue
from modules.vpc.endpoint_services import EndpointService
from modules.vpc.network_settings import NetworkSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from tests.modules.ecs.samples import cluster_settings, fargate_container, fargate_task
from tests.problems import refused
from tests.stacks.rules.service_samples import OWN_IMAGE, PRIVATE, ZONES, run_task, with_cluster

HERE, THERE = "us-east-1", "eu-west-1"
SERVICES: tuple[EndpointService, ...] = ("ecr.api", "ecr.dkr", "logs", "sqs", "secretsmanager", "ssm")
ISOLATED = PrivateNetwork(availability_zones=ZONES, nat_gateways=0, interface_endpoints=SERVICES)


def secret(region: str) -> SecretSettings:
    return SecretsManagerSecret(secret_arn=f"arn:aws:secretsmanager:{region}:111122223333:secret:hub-AbCdEf")


def parameter(region: str) -> SecretSettings:
    return SsmParameterSecret(parameter_arn=f"arn:aws:ssm:{region}:111122223333:parameter/key")


def task(**changes: Any) -> dict[str, Any]:
    """Return a task to run with these settings, and all that surrounds it."""
    secrets = changes.pop("secrets", {})
    container = fargate_container(image=OWN_IMAGE, secrets=secrets)
    return {
        "network": ISOLATED,
        "repositories": {"embed": RepositorySettings()},
        "clusters": {"main": cluster_settings(capacity_providers={})},
        "task_definitions": {"index": run_task(task=fargate_task(containers={"worker": container}, **changes))},
    }


def job(logs: DriverJobLogs) -> dict[str, Any]:
    """Return a job that logs so, and all that surrounds it."""
    definition = FargateJobDefinition(
        job_queues=["jobs"], image=OWN_IMAGE, vcpus=1.0, memory_mib=2_048, timeout_seconds=600, logs=logs
    )
    return {
        "network": ISOLATED,
        "repositories": {"embed": RepositorySettings()},
        "clusters": {},
        "compute_environments": {"light": FargateComputeEnvironment(max_vcpus=4)},
        "job_queues": {"jobs": JobQueueSettings(compute_environments=["light"])},
        "job_definitions": {"embed": definition},
    }


def queue(region: str) -> dict[str, Any]:
    theirs = ExistingQueue(queue_arn=f"arn:aws:sqs:{region}:111122223333:theirs", visibility_timeout_seconds=60)
    return task(access=Access(send=["theirs"])) | {"queues": {"theirs": theirs}}


def bucket(region: str) -> dict[str, Any]:
    key = f"arn:aws:kms:{region}:111122223333:key/11111111-2222-3333-4444-555555555555"
    theirs = ExistingBucket(bucket_arn="arn:aws:s3:::theirs", kms_key_arn=key)
    access = Access(read=[BucketAccess(bucket="theirs")], write=[BucketAccess(bucket="theirs")])
    return task(access=access) | {"buckets": {"theirs": theirs}}


def firelens(**options: str) -> dict[str, Any]:
    return task(logging=FireLensLogging(router_image=OWN_IMAGE, options=options))


def splunk(url: str) -> dict[str, Any]:
    return job(DriverJobLogs(driver="splunk", options={"splunk-url": url}))


TASK = "task_definitions.index.task"
ELSEWHERE: list[tuple[dict[str, Any], list[str]]] = [
    (task(secrets={"TOKEN": secret(THERE)}), [f"{TASK}.containers.worker.secrets.TOKEN.secret_arn"]),
    (task(secrets={"TOKEN": parameter(THERE)}), [f"{TASK}.containers.worker.secrets.TOKEN.parameter_arn"]),
    (queue(THERE), [f"{TASK}.access.send[0]"]),
    (bucket(THERE), [f"{TASK}.access.read[0].bucket", f"{TASK}.access.write[0].bucket"]),
    (firelens(Name="s3", bucket="b", region=THERE), [f"{TASK}.logging.options.region"]),
    (firelens(Name="datadog"), [f"{TASK}.logging.options.Name"]),
    (firelens(Name="http", Host="logs.example.com"), [f"{TASK}.logging.options.Host"]),
    (firelens(Name="http", Host="8.8.8.8"), [f"{TASK}.logging.options.Host"]),
    (splunk("https://acme.splunkcloud.com:8088"), ["job_definitions.embed.logs.options.splunk-url"]),
]
HERE_OR_INSIDE = [
    task(secrets={"TOKEN": secret(HERE), "KEY": parameter(HERE)}),
    queue(HERE),
    bucket(HERE),
    firelens(Name="s3", bucket="b", region=HERE),
    firelens(Name="datadog", Host="datadog-proxy.test.internal"),
    firelens(Name="http", Host="10.0.0.5"),
    firelens(Name="cloudwatch_logs", endpoint=f"logs.{HERE}.amazonaws.com"),
    splunk("https://splunk.internal:8088"),
    splunk("https://10.1.2.3:8088"),
    splunk("https://["),  # Docker says what is wrong with it
]


@pytest.mark.parametrize(("changes", "paths"), ELSEWHERE)
def test_what_no_endpoint_leads_to_is_refused(changes: dict[str, Any], paths: list[str]) -> None:
    assert [problem.partition(":")[0] for problem in refused(lambda: with_cluster(**changes))] == paths


@pytest.mark.parametrize("changes", HERE_OR_INSIDE)
def test_what_is_in_the_region_or_in_the_network_is_accepted(changes: dict[str, Any]) -> None:
    assert with_cluster(**changes).name == "test"


@pytest.mark.parametrize("network", [PRIVATE, ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"])])
@pytest.mark.parametrize("changes", [changes for changes, _ in ELSEWHERE])
def test_with_a_way_out_all_of_it_is_accepted(changes: dict[str, Any], network: NetworkSettings) -> None:
    assert with_cluster(**changes | {"network": network}).name == "test"
