"""What services and tasks use from inside the network, for the rules about networks without NAT."""

from collections.abc import Iterator, Mapping

from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, ExistingProvider
from modules.ecs.settings.existing_groups import ExistingGroup
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ServiceSettings
from modules.ecs.settings.tasks import InCluster
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretSettings, SecretsManagerSecret
from modules.marked_values import marked_values
from modules.markers import Grants
from modules.vpc.endpoint_services import EndpointService, interface_services
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters

# What goes through each endpoint, to follow the name of what needs it.
PULL: dict[EndpointService, str] = {"ecr.api": "pulls its images through it", "ecr.dkr": "pulls its images through it"}
LOG: dict[EndpointService, str] = {"logs": "writes its logs through it"}
ECS_INSTANCE: dict[EndpointService, str] = {
    "ecs": "registers its instances through it",
    "ecs-agent": "gets its work through it",
    "ecs-telemetry": "reports on its work through it",
}
SESSION_MANAGER: dict[EndpointService, str] = {
    "ssm": "has Session Manager through it",
    "ssmmessages": "has Session Manager through it",
}
# Of services whose actions' prefix differs from their endpoint's name; "" where several endpoints share one.
ENDPOINT_OF: dict[str, EndpointService] = {
    "bedrock": "",
    "cloudwatch": "monitoring",
    "dynamodb": "dynamodb",
    "firehose": "kinesis-firehose",
    "kinesis": "kinesis-streams",
}
# By what begins an action that is of a model that answers, and not of those who manage models.
RUNTIMES: dict[str, EndpointService] = {
    "bedrock:Converse": "bedrock-runtime",
    "bedrock:Invoke": "bedrock-runtime",
    "sagemaker:Invoke": "sagemaker.runtime",
}


def services_used_by_tasks(environment: EnvironmentSettings) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of an AWS service, with who uses it and what for."""
    for name, cluster in sorted(environment.clusters.items()):
        for short_name, provider in sorted(cluster.capacity_providers.items()):
            path = f"clusters.{name}.capacity_providers.{short_name}"
            if isinstance(provider, ExistingGroup | ExistingProvider):
                continue  # its instances may be in other subnets than these
            services = ECS_INSTANCE  # managed instances run the same agent
            if isinstance(provider, AutoScalingGroupCapacityProvider) and provider.launch_template.opens_sessions:
                services = ECS_INSTANCE | SESSION_MANAGER
            yield from ((service, f"{path} {why}") for service, why in services.items())
    for path, settings in sorted(in_clusters(environment).items()):
        yield from _used_by(path, settings)


def services_of_access(path: str, access: Access) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of a service that a workload's permissions are for."""
    for _, name, marker in marked_values(access, Grants):
        yield marker.endpoint, f"{path} reaches {marker.kind}.{name} through it"
    if access.submit or access.terminate_jobs or access.describe_jobs:
        yield "batch", f"{path} submits, ends or looks at jobs through it"
    for name, statement in sorted(access.statements.items()):
        for service in sorted({_endpoint_of(action) for action in statement.actions} - {""}):
            yield service, f"{path} does through it what access.statements.{name} allows"


def _endpoint_of(action: str) -> EndpointService:
    """Return the endpoint through which programs do this, empty: none, or there is no telling."""
    runtime = next((service for start, service in RUNTIMES.items() if action.startswith(start)), None)
    if runtime:
        return runtime
    prefix = action.partition(":")[0]
    return ENDPOINT_OF.get(prefix, prefix if prefix in interface_services() else "")


def _used_by(path: str, settings: InCluster) -> Iterator[tuple[EndpointService, str]]:
    yield from ((service, f"{path} {why}") for service, why in (PULL | LOG).items())
    if isinstance(settings, QueueWorkerService):
        yield "sqs", f"{path} reaches queues.{settings.queue} through it"
    yield from services_of_access(path, settings.task.access)
    if isinstance(settings, ServiceSettings) and settings.execute_command:
        yield "ssmmessages", f"{path} has ECS Exec through it"
        # Sessions are always encrypted here, and it is the agent inside the container that asks for their key.
        yield "kms", f"{path} gets the key of ECS Exec's sessions through it"
    for container in settings.task.containers.values():
        yield from services_of_secrets(path, container.all_secrets())
    if isinstance(settings.task.logging, FireLensLogging):
        yield from services_of_secrets(path, settings.task.logging.secret_options)


def services_of_secrets(path: str, secrets: Mapping[str, SecretSettings]) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of a service that keeps one of ``secrets``."""
    for name, secret in sorted(secrets.items()):
        yield "secretsmanager" if isinstance(secret, SecretsManagerSecret) else "ssm", f"{path} gets {name} through it"
