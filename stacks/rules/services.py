"""Services and tasks against the rest of the platform: cluster, queue, network, file systems."""

from collections.abc import Iterator, Mapping

from modules.ecs.capacity_fit import InCluster
from modules.ecs.service_rules import cluster_problems, queue_problems
from modules.ecs.settings.exposure import ExistingListener, ExistingTargetGroup, MadeLoadBalancer, OwnLoadBalancer
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.ecs.settings.tasks import Ec2Task, TaskSettings
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.vpc.network_settings import MadeNetwork
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from stacks.environment_settings import EnvironmentSettings

# An Application Load Balancer has an address in at least this many zones.
LOAD_BALANCER_ZONES = 2


def check_services(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every service and task definition; one that is itself bad does not keep the others from being checked."""
    if environment.clusters and environment.network is None:
        yield Problem("network", "be given where there are clusters", "None", "tasks need subnets")
    for path, settings in in_clusters(environment).items():
        yield from skip_if_invalid(_address_problems(environment, path, settings.task))
        if isinstance(settings, ServiceSettings):
            yield from skip_if_invalid(_cluster_problems(environment, path, settings))
            yield from skip_if_invalid(_caller_problems(environment, path, settings))
    yield from skip_if_invalid(_worker_problems(environment))
    yield from _listener_rule_problems(environment)


def in_clusters(environment: EnvironmentSettings) -> Mapping[str, InCluster]:
    """Return everything that runs in clusters, by its path in the environment."""
    services = {f"services.{name}": service for name, service in environment.services.items()}
    return {**services, **{f"task_definitions.{name}": task for name, task in environment.task_definitions.items()}}


def _address_problems(environment: EnvironmentSettings, path: str, task: TaskSettings) -> Iterator[Problem]:
    """Check that a task with an address of its own can reach AWS with it."""
    network = environment.network
    public = network is not None and network.is_public
    if public and isinstance(task, Ec2Task) and task.network_mode == "awsvpc":
        yield Problem(
            f"{path}.task.network_mode",
            "be host or bridge in a public network",
            "'awsvpc'",
            "ECS gives tasks on instances no public address, so they could reach nothing",
        )


def _cluster_problems(environment: EnvironmentSettings, path: str, service: ServiceSettings) -> Iterator[Problem]:
    """Check that the cluster has what the service asks for."""
    cluster = environment.clusters.get(service.cluster)
    if cluster is not None:
        yield from cluster_problems(path, service, f"clusters.{service.cluster}", cluster)


def _caller_problems(environment: EnvironmentSettings, path: str, service: ServiceSettings) -> Iterator[Problem]:
    """Check that the network has the subnets that the service's load balancer needs."""
    network = environment.network
    if not isinstance(service, ReplicaService) or not isinstance(service.load_balancing, MadeLoadBalancer):
        return
    zones = None
    if isinstance(network, MadeNetwork):
        zones = len(network.availability_zones)
    elif isinstance(network, ExistingNetwork):
        public = () if service.load_balancing.internal else network.load_balancer_subnet_ids
        zones = len(public or network.zonal_subnet_ids)
    needs_zones = isinstance(service.load_balancing, OwnLoadBalancer)
    if needs_zones and zones is not None and zones < LOAD_BALANCER_ZONES:
        yield Problem(
            "network",
            f"have subnets in {LOAD_BALANCER_ZONES} zones for {path}.load_balancing",
            format_value(zones),
            "otherwise Elastic Load Balancing refuses the load balancer",
        )
    if service.load_balancing.internal:
        return
    if isinstance(network, PrivateNetwork) and not network.load_balancer_subnets:
        yield Problem(
            "network.load_balancer_subnets",
            f"be True for {path}.load_balancing, which is not internal",
            "False",
            "nobody outside reaches a load balancer in the private subnets of workloads",
        )
    # Where tasks have no public address, they are in private subnets, from which they reach AWS.
    private = isinstance(network, ExistingNetwork) and not (
        network.assign_public_ip or network.load_balancer_subnet_ids
    )
    if private:
        yield Problem(
            "network.load_balancer_subnet_ids",
            f"be given for {path}.load_balancing, which is not internal",
            "()",
            "nobody outside reaches a load balancer in the private subnets of workloads",
            "name public subnets",
        )


def _listener_rule_problems(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no two services want the same place among the rules of a listener."""
    taken: dict[tuple[str, int], str] = {}
    groups: dict[str, str] = {}
    for name, service in environment.services.items():
        yield from skip_if_invalid(_priority_problems(name, service, taken))
        yield from skip_if_invalid(_group_problems(name, service, groups))


def _group_problems(name: str, service: ServiceSettings, taken: dict[str, str]) -> Iterator[Problem]:
    if isinstance(service, ReplicaService) and isinstance(service.load_balancing, ExistingTargetGroup):
        arn = service.load_balancing.target_group_arn
        first = taken.setdefault(arn, name)
        if first != name:
            path, reason = f"services.{name}.load_balancing.target_group_arn", "each would get requests for the other"
            yield Problem(path, f"be different from that of services.{first}", repr(arn), reason)


def _priority_problems(name: str, service: ServiceSettings, taken: dict[tuple[str, int], str]) -> Iterator[Problem]:
    if isinstance(service, ReplicaService) and isinstance(service.load_balancing, ExistingListener):
        priority = service.load_balancing.priority
        first = taken.setdefault((service.load_balancing.listener_arn, priority), name)
        if first != name:
            yield Problem(
                f"services.{name}.load_balancing.priority",
                f"be different from that of services.{first}",
                format_value(priority),
                "both are rules of one listener, which takes each priority once",
            )


def _worker_problems(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check each queue worker against its queue."""
    consumers: dict[str, dict[str, int]] = {}
    for name, service in environment.services.items():
        if not isinstance(service, QueueWorkerService):
            continue
        queue = environment.queues.get(service.queue)
        path, where = f"services.{name}", f"queues.{service.queue}"
        yield from queue_problems(path, service, where, queue, environment.location)
        others = consumers.setdefault(service.queue, {})
        others[path] = service.queue_share_percent
        if sum(others.values()) > 100:
            yield Problem(
                f"{path}.queue_share_percent",
                f"come to at most 100 for all workers of queues.{service.queue}",
                " + ".join(map(str, others.values())),
                "together they would start tasks for more than the backlog",
                fix=f"the others are {', '.join([*others][:-1])}",
            )
