"""Services and tasks against the rest of the platform: cluster, queue, network, file systems."""

from collections.abc import Iterator, Mapping

from modules.ecs.service_rules import cluster_problems, queue_problems
from modules.ecs.settings.exposure import ExistingListener, ExistingTargetGroup, MadeLoadBalancer, OwnLoadBalancer
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.ecs.settings.tasks import Ec2Task, InCluster, TaskSettings
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
            if cluster := environment.clusters.get(settings.cluster):
                yield from skip_if_invalid(cluster_problems(path, settings, f"clusters.{settings.cluster}", cluster))
            yield from skip_if_invalid(_caller_problems(environment, path, settings))
    yield from skip_if_invalid(_worker_problems(environment))
    yield from _listener_problems(environment)


def in_clusters(environment: EnvironmentSettings) -> Mapping[str, InCluster]:
    """Return everything that runs in clusters, by its path in the environment."""
    services = {f"services.{name}": service for name, service in environment.services.items()}
    return {**services, **{f"task_definitions.{name}": task for name, task in environment.task_definitions.items()}}


def _address_problems(environment: EnvironmentSettings, path: str, task: TaskSettings) -> Iterator[Problem]:
    """Check that a task with an address of its own can reach AWS with it."""
    network = environment.network
    public = network is not None and network.is_public
    if public and isinstance(task, Ec2Task) and task.network_mode == "awsvpc":
        reason = "ECS gives tasks on instances no public address, so they could not reach anything"
        yield Problem(f"{path}.task.network_mode", "be host or bridge in a public network", "'awsvpc'", reason)


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
        rule, got = f"have subnets in {LOAD_BALANCER_ZONES} zones for {path}.load_balancing", format_value(zones)
        yield Problem("network", rule, got, "otherwise Elastic Load Balancing refuses the load balancer")
    if service.load_balancing.internal:
        return
    if isinstance(network, PrivateNetwork) and not network.load_balancer_subnets:
        rule = f"be True for {path}.load_balancing, which is not internal"
        reason = "nobody outside reaches a load balancer in the private subnets of workloads"
        yield Problem("network.load_balancer_subnets", rule, "False", reason)
    # Where tasks have no public address, they are in private subnets, from which they reach AWS.
    private = isinstance(network, ExistingNetwork) and not (
        network.assign_public_ip or network.load_balancer_subnet_ids
    )
    if private:
        rule = f"be given for {path}.load_balancing, which is not internal"
        reason = "nobody outside reaches a load balancer in the private subnets of workloads"
        yield Problem("network.load_balancer_subnet_ids", rule, "()", reason, "name public subnets")


def _listener_problems(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no two services want one target group, or one place among the rules of a listener."""
    taken: dict[str, str] = {}
    for name, service in environment.services.items():
        yield from skip_if_invalid(_taken_problems(name, service, taken))


def _taken_problems(name: str, service: ServiceSettings, taken: dict[str, str]) -> Iterator[Problem]:
    match service.load_balancing if isinstance(service, ReplicaService) else None:
        case ExistingTargetGroup(target_group_arn=arn):
            setting, place, got, reason = "target_group_arn", arn, repr(arn), "each would get requests for the other"
        case ExistingListener(listener_arn=arn, priority=priority):
            setting, place, got = "priority", f"{arn} {priority}", format_value(priority)
            reason = "both are rules of one listener, which takes each priority once"
        case _:
            return
    first = taken.setdefault(place, name)
    if first != name:
        path, rule = f"services.{name}.load_balancing.{setting}", f"be different from that of services.{first}"
        yield Problem(path, rule, got, reason)


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
            path, rule = f"{path}.queue_share_percent", f"come to at most 100 for all workers of queues.{service.queue}"
            got, fix = " + ".join(map(str, others.values())), f"the others are {', '.join([*others][:-1])}"
            yield Problem(path, rule, got, "together they would start tasks for more than the backlog", fix)
