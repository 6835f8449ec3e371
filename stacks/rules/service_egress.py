"""What services and tasks use from inside the network, for the rules about networks without NAT."""

from collections.abc import Iterator

from modules.ecs.capacity_fit import InCluster
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ServiceSettings
from modules.ecs.settings.tasks import TaskSettings
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretsManagerSecret
from modules.vpc.endpoint_services import EndpointService
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters


def services_used_by_tasks(environment: EnvironmentSettings) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of an AWS service, with who uses it and what for."""
    for name, cluster in sorted(environment.clusters.items()):
        for short_name, provider in sorted(cluster.capacity_providers.items()):
            path = f"clusters.{name}.capacity_providers.{short_name}"
            # Managed instances run the same agent.
            yield "ecs", f"{path} registers its instances through it"
            yield "ecs-agent", f"{path} gets its work through it"
            yield "ecs-telemetry", f"{path} reports on its work through it"
            if isinstance(provider, AutoScalingGroupCapacityProvider) and provider.launch_template.ssm_access:
                yield "ssm", f"{path} has Session Manager through it"
                yield "ssmmessages", f"{path} has Session Manager through it"
    for path, settings in sorted(in_clusters(environment).items()):
        yield from _used_by(path, settings)


def services_of_access(path: str, access: Access) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of a service that a workload's permissions are for."""
    for queue in (*access.consume, *access.send):
        yield "sqs", f"{path} reaches queues.{queue} through it"
    if access.submit or access.terminate_jobs or access.describe_jobs:
        yield "batch", f"{path} submits, ends or looks at jobs through it"


def _used_by(path: str, settings: InCluster) -> Iterator[tuple[EndpointService, str]]:
    yield "ecr.api", f"{path} pulls its images through it"
    yield "ecr.dkr", f"{path} pulls its images through it"
    yield "logs", f"{path} writes its logs through it"
    if isinstance(settings, QueueWorkerService):
        yield "sqs", f"{path} reaches queues.{settings.queue} through it"
    yield from services_of_access(path, settings.task.access)
    if isinstance(settings, ServiceSettings) and settings.execute_command:
        yield "ssmmessages", f"{path} has ECS Exec through it"
        # Sessions are always encrypted here, and it is the agent inside the container that asks for their key.
        yield "kms", f"{path} gets the key of ECS Exec's sessions through it"
    yield from _secrets_of(path, settings.task)


def _secrets_of(path: str, task: TaskSettings) -> Iterator[tuple[EndpointService, str]]:
    options = task.logging.secret_options if isinstance(task.logging, FireLensLogging) else {}
    for values in (*(container.secrets for container in task.all_containers().values()), options):
        for name, secret in sorted(values.items()):
            service: EndpointService = "secretsmanager" if isinstance(secret, SecretsManagerSecret) else "ssm"
            yield service, f"{path} gets {name} through it"
