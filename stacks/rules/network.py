"""The network lies in the environment's region, and workloads reach from it what they use."""

from collections.abc import Iterator
from typing import get_args

from modules.batch.settings.any_compute_environments import AnyComputeEnvironmentSettings
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, EcsJobDefinition
from modules.batch.settings.compute_environments import FargateCapacity, InstanceCapacity, UnmanagedComputeEnvironment
from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ec2.instance_choice import InstanceChoice
from modules.problems import Problem
from modules.settings import settings_in
from modules.vpc.endpoint_services import EndpointService, GatewayService
from modules.vpc.network_settings import MadeNetwork
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from modules.vpc.zones import is_in_region, zone_in
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.service_egress import (
    ECS_INSTANCE,
    LOG,
    PULL,
    SESSION_MANAGER,
    services_of_access,
    services_of_secrets,
    services_used_by_tasks,
)

EKS_NODE: dict[EndpointService, str] = {"ec2": "sets up its nodes through it"}


def check_availability_zones(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each availability zone belongs to the environment's region."""
    match environment.network:
        case MadeNetwork() as network:
            zones = {f"[{index}]": zone for index, zone in enumerate(network.availability_zones)}
        case ExistingNetwork() as network:
            zones = {f".{subnet}": zone for subnet, zone in network.availability_zones.items()}
        case _:
            return
    for where, zone in zones.items():
        if not is_in_region(zone, environment.region):
            rule = f"be a zone of {environment.region}, such as {zone_in(environment.region, zone)}"
            yield environment.problem(
                f"network.availability_zones{where}", rule, "a subnet lies in the region of its VPC"
            )


def check_endpoints_without_nat(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that a network without NAT has an endpoint for every service that workloads use."""
    network = network_without_nat(environment)
    if network is None:
        return
    for service, why in sorted(required_endpoints(environment).items()):
        setting = "gateway_endpoints" if service in get_args(GatewayService) else "interface_endpoints"
        if service not in getattr(network, setting):
            yield Problem(f"network.{setting}", f"contain {service!r} where nat_gateways is 0", None, why)


def required_endpoints(environment: EnvironmentSettings) -> dict[EndpointService, str]:
    """Return the services that workloads cannot do without, each with what goes through its endpoint."""
    required: dict[EndpointService, str] = {}
    for service, why in _used_services(environment):
        required.setdefault(service, why)  # one use tells enough
    return required


def network_without_nat(environment: EnvironmentSettings) -> PrivateNetwork | None:
    """Return the network if nothing leads out of it but its endpoints."""
    network = environment.network
    return network if isinstance(network, PrivateNetwork) and not network.nat_gateways else None


def _used_services(environment: EnvironmentSettings) -> Iterator[tuple[EndpointService, str]]:
    """Yield each use of a service from inside the network.

    KMS is among them for ECS Exec only: SQS, S3, EFS and Secrets Manager call it themselves for what they encrypt.
    """
    for name, capacity in sorted(environment.compute_environments.items()):
        for service, why in _services_of_capacity(capacity).items():
            yield service, f"compute_environments.{name} {why}"
    for name, job in sorted(environment.job_definitions.items()):
        yield from _services_of_job(f"job_definitions.{name}", job)
    for path, choice in settings_in(environment):
        if isinstance(choice, InstanceChoice):
            yield from services_of_access(path, choice.access)
    yield from services_used_by_tasks(environment)


def _services_of_capacity(capacity: AnyComputeEnvironmentSettings) -> dict[EndpointService, str]:
    match capacity:
        case FargateCapacity():
            return PULL | LOG
        case EksCapacity():
            services = PULL | EKS_NODE
        case UnmanagedComputeEnvironment(instance_count=None):
            return {}  # its instances may be in other subnets than these
        case InstanceCapacity() | UnmanagedComputeEnvironment():
            services = PULL | LOG | ECS_INSTANCE
        case _:
            return {}
    return services | SESSION_MANAGER if capacity.launch_template.opens_sessions else services


def _services_of_job(path: str, job: AnyJobDefinitionSettings) -> Iterator[tuple[EndpointService, str]]:
    if isinstance(job, EcsJobDefinition):
        yield from services_of_access(path, job.access)
        if job.execute_command:
            yield "ssmmessages", f"{path} has ECS Exec through it"
        for container in job.containers_by_path().values():
            yield from services_of_secrets(path, container.all_secrets())
