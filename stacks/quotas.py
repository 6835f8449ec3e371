"""What an environment can use at most of what an account's quotas limit. Pure.

Each environment is counted by itself: others in the account, and whatever else is there, come on top.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from modules.batch.settings.any_compute_environments import ManagedCapacity
from modules.batch.settings.compute_environments import (
    FargateCapacity,
    FargateComputeEnvironment,
    InstanceCapacity,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition, FargateMultiContainerJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.ec2.instance_choice import ReservableCapacity
from modules.ec2.instance_types import InstanceType, possible_types
from modules.ec2.settings import CapacityBlock
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.ecs.settings.tasks import FargateTask
from modules.service_quotas.quotas import NAMES, QUOTAS, QuotaName, ServiceQuota, vcpu_quota
from modules.vpc.network_settings import MadeNetwork
from modules.vpc.settings import PrivateNetwork
from stacks.alarms import scaling_limits
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import logged_events

Market = Literal["on_demand", "spot"]
# The smallest that Fargate has; and of each subnet AWS keeps five addresses.
SMALLEST_TASK, KEPT_ADDRESSES = 0.25, 5


@dataclass(frozen=True)
class Use:
    """How much a setting at ``path`` can use of something that a quota limits."""

    quota: QuotaName
    amount: int
    path: str


@dataclass(frozen=True)
class Need:
    """How much an environment can use at most of what a quota limits, and what the quota is, given or by default."""

    quota: QuotaName
    used: int
    most: int
    is_given: bool
    paths: Sequence[str]

    @property
    def fits(self) -> bool:
        """Return whether the quota has it."""
        return self.used <= self.most

    @property
    def where(self) -> str:
        """Return the settings that can use most, for people."""
        others = len(self.paths) - 3
        return ", ".join([*self.paths[:3], *([f"{others} more"] if others > 0 else [])])

    @property
    def facts(self) -> ServiceQuota:
        """Return what Service Quotas calls it."""
        return QUOTAS[self.quota]


def quota_notes(environment: EnvironmentSettings) -> Iterator[str]:
    """Yield what is more than an account has by default, where nothing says what this one has, and what to do."""
    for need in needs(environment):
        if not need.fits and not need.is_given:
            facts = need.facts
            fix = (
                f"ask for more and say so in service_quotas.{need.quota}" if facts.adjustable else "AWS raises it never"
            )
            yield (
                f"{facts.title}: {need.where} can use {need.used:,}, an account has {need.most:,} by default "
                f"({facts.service} {facts.code}): {fix}"
            )
    if (known := addresses(environment)) and known[0] > known[1]:
        yield (
            f"all that can run at once has {known[0]:,} network interfaces, the network's subnets have {known[1]:,} "
            "addresses: give them larger ranges, or let less run at once"
        )


def needs(environment: EnvironmentSettings) -> list[Need]:
    """Return what the environment can use, of each quota that it uses anything of."""
    uses: dict[QuotaName, list[Use]] = {}
    for use in _uses(environment):
        uses.setdefault(use.quota, []).append(use)
    given: Mapping[QuotaName, int] = environment.service_quotas
    return [
        Need(
            name,
            sum(use.amount for use in uses[name]),
            given.get(name, QUOTAS[name].default),
            name in given,
            [use.path for use in sorted(uses[name], key=lambda use: -use.amount)],
        )
        for name in NAMES
        if name in uses
    ]


def addresses(environment: EnvironmentSettings) -> tuple[int, int] | None:
    """Return how many addresses workloads can use at most, and how many their subnets have; None: not known."""
    network = environment.network
    if not isinstance(network, MadeNetwork):
        return None
    ranges = [item.cidr_block for item in network.workload_subnets.ranges if item.cidr_block]
    there = sum(IPv4Network(item).num_addresses - KEPT_ADDRESSES for item in ranges)
    return sum(use.amount for use in _interfaces(environment)), there


def _uses(environment: EnvironmentSettings) -> Iterator[Use]:
    for name, settings in environment.compute_environments.items():
        path = f"compute_environments.{name}"
        if not isinstance(settings, ExistingComputeEnvironment):
            yield Use("compute_environments", 1, path)
        if isinstance(settings, FargateCapacity):
            on_demand = isinstance(settings, FargateComputeEnvironment)
            yield Use("fargate_on_demand_vcpus" if on_demand else "fargate_spot_vcpus", settings.max_vcpus, path)
        elif isinstance(settings, InstanceCapacity):
            market: Market = "spot" if settings.capacity_type == "SPOT" else "on_demand"
            # What is in a capacity block does not count.
            if not (isinstance(settings, ReservableCapacity) and isinstance(settings.reserved_capacity, CapacityBlock)):
                yield from _vcpus(settings.instance_types, market, settings.max_vcpus, path)
        elif isinstance(settings, UnmanagedComputeEnvironment) and settings.instance_count:
            yield from _instances(settings.instance_types, "on_demand", settings.instance_count, path)
            yield Use("auto_scaling_groups", 1, path)
    for name, queue in environment.job_queues.items():
        if isinstance(queue, JobQueueSettings):
            yield Use("job_queues", 1, f"job_queues.{name}")
    for path, group in _groups(environment):
        on_demand_count = group.on_demand_base + math.ceil(
            (group.max_instances - group.on_demand_base) * group.on_demand_percent / 100
        )
        yield from _instances(group.instance_types, "on_demand", on_demand_count, path)
        yield from _instances(group.instance_types, "spot", group.max_instances - on_demand_count, path)
        yield Use("auto_scaling_groups", 1, path)
    yield from _fargate_tasks(environment)
    yield from _of_account(environment)
    yield from _interfaces(environment)


def _vcpus(types: Sequence[str], market: Market, most: int, path: str) -> Iterator[Use]:
    """Yield that all of them may be of any of the classes that the types are of."""
    classes = {vcpu_quota(kind.name, market) for kind in possible_types(types)}
    yield from (Use(name, most, path) for name in NAMES if name in classes)


def _instances(types: Sequence[str], market: Market, count: int, path: str) -> Iterator[Use]:
    """Yield the vCPUs of so many instances of the largest types."""
    largest: dict[QuotaName, int] = {}
    for kind in possible_types(types):
        if (name := vcpu_quota(kind.name, market)) is not None:
            largest[name] = max(largest.get(name, 0), kind.vcpus)
    yield from (Use(name, vcpus * count, path) for name, vcpus in sorted(largest.items()) if count)


def _groups(environment: EnvironmentSettings) -> Iterator[tuple[str, AutoScalingGroupCapacityProvider]]:
    for cluster_name, cluster in environment.clusters.items():
        for name, provider in cluster.capacity_providers.items():
            if isinstance(provider, AutoScalingGroupCapacityProvider):
                yield f"clusters.{cluster_name}.capacity_providers.{name}", provider


def _most_tasks(service: ServiceSettings) -> int:
    """Return the most tasks that a service has, those of two revisions while it is deployed."""
    if not isinstance(service, ReplicaService | QueueWorkerService):
        return 0
    fixed = service.tasks if isinstance(service, ReplicaService) else None
    limits = scaling_limits(service)
    tasks = fixed.count if isinstance(fixed, FixedTasks) else limits[0] if limits else 0
    percent = service.deployment.max_percent if isinstance(service.deployment, RollingDeployment) else 200
    return math.ceil(tasks * percent / 100)


def _fargate_tasks(environment: EnvironmentSettings) -> Iterator[Use]:
    for name, service in environment.services.items():
        if isinstance(service.task, FargateTask):
            shares = service.capacity or environment.clusters[service.cluster].default_capacity
            vcpus = math.ceil(_most_tasks(service) * service.task.vcpus)
            for provider in {share.provider for share in shares} or {"FARGATE"}:
                quota: QuotaName = "fargate_spot_vcpus" if provider == "FARGATE_SPOT" else "fargate_on_demand_vcpus"
                yield Use(quota, vcpus, f"services.{name}")


def _of_account(environment: EnvironmentSettings) -> Iterator[Use]:
    network = environment.network
    buses: dict[str, int] = {}
    for rule in environment.rules.values():
        bus = rule.event_bus or "default"
        buses[bus] = buses.get(bus, 0) + 1
    buses["default"] = buses.get("default", 0) + len(logged_events(environment))
    fullest = max(buses, key=lambda bus: buses[bus])
    if buses[fullest]:
        yield Use("rules_per_event_bus", buses[fullest], "rules" if fullest == "default" else f"event_buses.{fullest}")
    if environment.file_systems:
        yield Use("file_systems", len(environment.file_systems), "file_systems")
    if isinstance(network, PrivateNetwork):
        if network.nat_gateways:
            yield Use("elastic_ip_addresses", network.nat_gateways, "network.nat_gateways")
        if network.interface_endpoints:
            yield Use("interface_endpoints_per_vpc", len(network.interface_endpoints), "network.interface_endpoints")


def _interfaces(environment: EnvironmentSettings) -> Iterator[Use]:
    """Yield the network interfaces, each with an address, that workloads and what they reach can have."""
    for name, settings in environment.compute_environments.items():
        path = f"compute_environments.{name}"
        if isinstance(settings, ManagedCapacity):
            smallest = _smallest_vcpus(environment, name, settings)
            yield Use("network_interfaces", math.ceil(settings.max_vcpus / smallest), path)
        elif isinstance(settings, UnmanagedComputeEnvironment) and settings.instance_count:
            yield Use("network_interfaces", settings.instance_count, path)
    for path, group in _groups(environment):
        yield Use("network_interfaces", group.max_instances, path)
    for name, service in environment.services.items():
        if tasks := _most_tasks(service):
            yield Use("network_interfaces", tasks, f"services.{name}")
    network = environment.network
    zones = len(network.availability_zones) if isinstance(network, MadeNetwork) else 0
    if isinstance(network, PrivateNetwork) and network.interface_endpoints:
        yield Use("network_interfaces", zones * len(network.interface_endpoints), "network.interface_endpoints")
    if environment.file_systems and zones:
        yield Use("network_interfaces", zones * len(environment.file_systems), "file_systems")


def _smallest_vcpus(environment: EnvironmentSettings, name: str, settings: ManagedCapacity) -> float:
    """Return the vCPUs of the smallest thing with an interface of its own that can run there."""
    if isinstance(settings, InstanceCapacity):
        kinds: Sequence[InstanceType] = possible_types(settings.instance_types)
        return min((kind.vcpus for kind in kinds), default=1)
    queues = {
        queue
        for queue, item in environment.job_queues.items()
        if isinstance(item, JobQueueSettings) and name in item.compute_environments
    }
    jobs = [job for job in environment.job_definitions.values() if queues.intersection(job.job_queues)]
    on_fargate = FargateJobDefinition | FargateMultiContainerJobDefinition
    return min((job.vcpus for job in jobs if isinstance(job, on_fargate)), default=SMALLEST_TASK)
