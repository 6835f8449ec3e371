"""What services and tasks need of a network without NAT."""

from typing import Any

from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.logging import FireLensLogging
from modules.iam.access_settings import Access
from modules.vpc.endpoint_services import EndpointService
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.rules.network import required_endpoints
from tests.modules.ecs.samples import (
    cluster_settings,
    fargate_container,
    fargate_task,
    group_provider,
    worker_settings,
)
from tests.problems import missing_endpoints, refused
from tests.stacks.rules.service_samples import (
    ISOLATED,
    OWN_IMAGE,
    PARAMETER,
    SECRET,
    ZONES,
    replicas,
    run_task,
    with_cluster,
)

FULL_TASK = fargate_task(
    access=Access(send=["documents"]),
    logging=FireLensLogging(router_image=OWN_IMAGE, options={"Name": "datadog"}, secret_options={"apikey": PARAMETER}),
    containers={
        "worker": fargate_container(image=OWN_IMAGE, secrets={"TOKEN": SECRET}, read_only_root_filesystem=False)
    },
)


def isolated(**changes: Any) -> dict[str, Any]:
    return {"network": ISOLATED, "repositories": {"embed": RepositorySettings()}} | changes


def test_without_nat_tasks_need_an_endpoint_for_all_that_they_use() -> None:
    settings = with_cluster(
        clusters={"main": cluster_settings(capacity_providers={}, execute_command=ExecuteCommand())},
        services={
            "embed": worker_settings(task=fargate_task(containers={"worker": fargate_container(image=OWN_IMAGE)})),
            "api": replicas(task=FULL_TASK, execute_command=True),
        },
        repositories={"embed": RepositorySettings()},
    )
    assert required_endpoints(settings) == {
        "ecr.api": "services.api pulls its images through it",
        "ecr.dkr": "services.api pulls its images through it",
        "logs": "services.api writes its logs through it",
        "sqs": "services.api reaches queues.documents through it",
        "ssmmessages": "services.api has ECS Exec through it",
        "kms": "services.api gets the key of ECS Exec's sessions through it",
        "secretsmanager": "services.api gets TOKEN through it",
        "ssm": "services.api gets apikey through it",
    }


def test_a_worker_reaches_its_queue() -> None:
    settings = with_cluster(
        services={"embed": worker_settings()}, clusters={"main": cluster_settings(capacity_providers={})}
    )
    assert required_endpoints(settings)["sqs"] == "services.embed reaches queues.documents through it"


def test_a_task_that_looks_at_jobs_reaches_batch() -> None:
    task = fargate_task(access=Access(describe_jobs=True))
    settings = with_cluster(
        services={"api": replicas(task=task)}, clusters={"main": cluster_settings(capacity_providers={})}
    )
    assert required_endpoints(settings)["batch"] == "services.api submits, ends or looks at jobs through it"


def test_instances_register_with_ecs() -> None:
    template = LaunchTemplateSettings(ssm_access=True)
    provider = group_provider(launch_template=template)
    settings = with_cluster(clusters={"main": cluster_settings(capacity_providers={"gpu": provider})})
    path = "clusters.main.capacity_providers.gpu"
    assert required_endpoints(settings) == {
        "ecs": f"{path} registers its instances through it",
        "ecs-agent": f"{path} gets its work through it",
        "ecs-telemetry": f"{path} reports on its work through it",
        "ssm": f"{path} has Session Manager through it",
        "ssmmessages": f"{path} has Session Manager through it",
    }


def test_an_endpoint_that_is_missing_is_asked_for() -> None:
    changes = isolated(
        clusters={"main": cluster_settings(capacity_providers={})},
        task_definitions={
            "index": run_task(task=fargate_task(containers={"worker": fargate_container(image=OWN_IMAGE)}))
        },
    )
    assert missing_endpoints(lambda: with_cluster(**changes)) == ["ecr.api", "ecr.dkr", "logs"]


def test_a_shell_needs_its_key() -> None:
    def shell(*endpoints: EndpointService) -> Environment:
        network = PrivateNetwork(
            availability_zones=ZONES, nat_gateways=0, interface_endpoints=["ecr.api", "ecr.dkr", "logs", *endpoints]
        )
        container = fargate_container(image=OWN_IMAGE, read_only_root_filesystem=False)
        service = replicas(task=fargate_task(containers={"web": container}), execute_command=True)
        cluster = cluster_settings(capacity_providers={}, execute_command=ExecuteCommand())
        return with_cluster(**isolated(network=network, clusters={"main": cluster}, services={"api": service}))

    assert shell("kms", "ssmmessages").name == "test"
    assert missing_endpoints(lambda: shell("ssmmessages")) == ["kms"]


def test_without_nat_images_come_from_the_regions_registry() -> None:
    network = PrivateNetwork(
        availability_zones=ZONES, nat_gateways=0, interface_endpoints=("ecr.api", "ecr.dkr", "logs")
    )
    router = FireLensLogging(router_image="public.ecr.aws/x/fluent-bit:1", options={"Name": "stdout"})
    task = fargate_task(containers={"worker": fargate_container(image="python:3.13")}, logging=router)
    assert refused(
        lambda: with_cluster(
            network=network,
            clusters={"main": cluster_settings(capacity_providers={})},
            task_definitions={"index": run_task(task=task)},
        )
    ) == [
        "task_definitions.index.task.containers.worker.image: 0, got 'python:3.13'",
        "task_definitions.index.task.logging.router_image: 0, got 'public.ecr.aws/x/fluent-bit:1'",
    ]
