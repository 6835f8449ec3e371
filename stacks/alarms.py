"""The alarms of an environment: which there are, and how their thresholds follow from settings. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from modules import arns
from modules.batch.settings.job_queues import JobQueueSettings
from modules.cloudwatch.alarm_kinds import ALARM_KINDS, EVENTS, WatchedMetric
from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.metrics import Expression, Metric, Query
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import ScaledTasks
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.efs.settings import BurstingThroughput
from modules.scheduler.occurrences import longest_gap
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.targets.settings import PipelineExecution
from modules.vpc.settings import PrivateNetwork
from modules.vpc.zones import zone_ending
from stacks.environment_settings import EnvironmentSettings
from stacks.senders import other_senders

# An alarm looks back a day, or a week at periods of an hour.
DAY_OF_5_MINUTES, WEEK_OF_HOURS = 288, 168


@dataclass(frozen=True)
class Alarm:
    """One alarm of a ``kind`` on a ``thing``, which the setting at ``path`` makes.

    ``dimensions`` are values by name; where AWS makes the value, it is a path that stands for it
    (``file_systems.weights``, ``nat_gateways.us-east-1a``). ``each`` has those of single metrics, by their ids.
    """

    kind: str
    thing: str
    path: str
    dimensions: Mapping[str, str]
    threshold: float = 1
    periods: int = 1
    each: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: str = "notBreaching"

    @property
    def part(self) -> str:
        """What its name says besides project and environment."""
        return f"{self.kind}-{self.thing}"

    def queries(self, namespace: str, made: Mapping[str, str]) -> list[Query]:
        """Return what it looks at; ``made`` are the values that AWS makes, by those paths."""
        kind = ALARM_KINDS[self.kind]
        metrics = [self._metric(id_, metric, namespace, made) for id_, metric in kind.metrics.items()]
        return [*metrics, *(Expression(id_, text) for id_, text in kind.expressions)]

    def _metric(self, id_: str, metric: WatchedMetric, namespace: str, made: Mapping[str, str]) -> Metric:
        values = {name: made.get(value, value) for name, value in {**self.dimensions, **self.each.get(id_, {})}.items()}
        space = namespace if metric.namespace == EVENTS else metric.namespace
        return Metric(id_, space, metric.name, values, metric.stat, metric.period_seconds)


def alarm_name(environment: EnvironmentSettings, alarm: Alarm) -> str:
    """Return what an alarm is called."""
    return environment.physical_name(alarm.part)


def environment_alarms(environment: EnvironmentSettings) -> list[Alarm]:
    """Return all alarms that an environment asks for, by name."""
    settings = environment.operations.alarms if environment.operations else None
    if settings is None:
        return []
    return [alarm for alarm in possible_alarms(environment) if alarm.kind not in settings.left_out]


def possible_alarms(environment: EnvironmentSettings) -> list[Alarm]:
    """Return all alarms that an environment could have, by name, whether it asks for them or not."""
    settings = (environment.operations.alarms if environment.operations else None) or Alarms()
    made = chain(
        _of_queues(environment),
        _of_job_queues(environment, settings),
        *(_of_service(environment, name, service) for name, service in environment.services.items()),
        _of_pipelines(environment),
        _of_triggers(environment),
        _of_storage_and_network(environment),
    )
    return sorted(made, key=lambda alarm: alarm.part)


def _of_queues(environment: EnvironmentSettings) -> Iterator[Alarm]:
    workers: dict[str, int] = {}
    for service in environment.services.values():
        if isinstance(service, QueueWorkerService):
            workers[service.queue] = max(workers.get(service.queue, 0), service.acceptable_latency_seconds)
    shared = {
        item.shared_dead_letter_queue for item in environment.queues.values() if isinstance(item, MessageQueueSettings)
    }
    for name, queue in environment.queues.items():
        path = f"queues.{name}"
        promised = workers.get(name)
        if isinstance(queue, MessageQueueSettings):
            base, suffix = environment.physical_name(name, "queues"), queue.name_suffix
            queue_name = f"{base}{suffix}"
            oldest = promised or queue.message_retention_seconds // 2
            if queue.own_dead_letter_queue:
                yield Alarm("dead-letters", name, path, {"QueueName": f"{base}-dlq{suffix}"})
        elif isinstance(queue, ExistingQueue) and promised:
            queue_name, oldest = queue.queue_name, promised
        else:
            continue
        if name in shared:
            yield Alarm("shared-dead-letters", name, path, {"QueueName": queue_name})
        elif any(other.path.endswith(".dead_letter_queue") for other in other_senders(environment, name)):
            yield Alarm("not-started", name, path, {"QueueName": queue_name})
        else:
            yield Alarm("message-age", name, path, {"QueueName": queue_name}, threshold=oldest, periods=5)


def _of_job_queues(environment: EnvironmentSettings, settings: Alarms) -> Iterator[Alarm]:
    ended = {"failed": {"Status": "FAILED"}, "succeeded": {"Status": "SUCCEEDED"}}
    for name, queue in environment.job_queues.items():
        if isinstance(queue, JobQueueSettings):
            path, dimensions = f"job_queues.{name}", {"JobQueue": environment.job_queue_arn(name)}
            yield Alarm("jobs-failed", name, path, dimensions, threshold=settings.failed_jobs_percent, each=ended)
            yield Alarm("queue-blocked", name, path, dimensions)
            yield Alarm("jobs-waiting", name, path, dimensions, threshold=60 * settings.waiting_minutes)


def _of_service(environment: EnvironmentSettings, name: str, service: ServiceSettings) -> Iterator[Alarm]:
    path, service_name = f"services.{name}", environment.physical_name(name, "services")
    cluster_name = environment.event_context.names["clusters"][service.cluster]
    arn = f"{arns.services(environment.location, cluster_name)}{service_name}"
    yield Alarm("deployment-failed", name, path, {"Service": arn})
    if environment.clusters[service.cluster].container_insights == "disabled":
        return
    dimensions = {"ClusterName": cluster_name, "ServiceName": service_name}
    slow = math.ceil(service.startup_seconds / 60) + 10 if isinstance(service, QueueWorkerService) else 15
    if isinstance(service, QueueWorkerService | ReplicaService):
        yield Alarm("service-below-desired", name, path, dimensions, periods=slow)
    if limits := scaling_limits(service):
        most, seconds = limits
        periods = min(DAY_OF_5_MINUTES, math.ceil(seconds / 300))
        yield Alarm("worker-at-maximum", name, path, dimensions, threshold=most, periods=periods)


def scaling_limits(service: ServiceSettings) -> tuple[int, int] | None:
    """Return the most tasks that a service scales to, and for how many seconds it may have so many."""
    scaling = service.tasks if isinstance(service, ReplicaService) else service
    if not isinstance(scaling, QueueWorkerService | ScaledTasks):
        return None
    seconds = scaling.acceptable_latency_seconds if isinstance(scaling, QueueWorkerService) else 3_600
    scheduled = (item.max_tasks for item in scaling.schedules.values() if item.max_tasks is not None)
    return max([scaling.max_tasks, *scheduled]), seconds


def _of_pipelines(environment: EnvironmentSettings) -> Iterator[Alarm]:
    for name in environment.backlogs:
        yield Alarm("pipeline-failed", f"backlog-{name}", f"backlogs.{name}", _machine(environment, name, "backlogs"))
    for name, pipeline in environment.pipelines.items():
        path, dimensions = f"pipelines.{name}", _machine(environment, name, "pipelines")
        yield Alarm("pipeline-failed", name, path, dimensions)
        gap = _longest_wait(environment, name)
        late = math.ceil((gap.total_seconds() + pipeline.timeout_seconds) / 3_600) if gap else None
        if late is not None and late <= WEEK_OF_HOURS:
            yield Alarm("pipeline-late", name, path, dimensions, periods=late, missing="breaching")


def _machine(environment: EnvironmentSettings, name: str, kind: str) -> Mapping[str, str]:
    return {"StateMachineArn": arns.state_machine(environment.location, environment.physical_name(name, kind))}


def _longest_wait(environment: EnvironmentSettings, pipeline: str) -> timedelta | None:
    """Return how long it takes at most until one of its schedules executes a pipeline."""
    gaps = [
        longest_gap(schedule.expression)
        for schedule in environment.schedules.values()
        if isinstance(schedule.target, PipelineExecution)
        and schedule.target.pipeline == pipeline
        and schedule.state == "ENABLED"
    ]
    return min((gap for gap in gaps if gap), default=None)


def _of_triggers(environment: EnvironmentSettings) -> Iterator[Alarm]:
    for name in environment.rules:
        dimensions = {"RuleName": environment.physical_name(name, "rules")}
        yield Alarm("rule-failed", name, f"rules.{name}", dimensions)
    for name in environment.pipes:
        dimensions = {"PipeName": environment.physical_name(name, "pipes")}
        yield Alarm("pipe-failed", name, f"pipes.{name}", dimensions)


def _of_storage_and_network(environment: EnvironmentSettings) -> Iterator[Alarm]:
    for name, file_system in environment.file_systems.items():
        if isinstance(file_system.throughput, BurstingThroughput):
            yield Alarm("burst-credits", name, f"file_systems.{name}", {"FileSystemId": f"file_systems.{name}"})
    network = environment.network
    if isinstance(network, PrivateNetwork) and network.nat_gateways:
        for zone in network.nat_subnets.zones:
            yield Alarm("nat-ports", zone_ending(zone), "network", {"NatGatewayId": f"nat_gateways.{zone}"})
