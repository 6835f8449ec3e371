"""What the dashboard of an environment shows: the metrics of its alarms, their thresholds, and what explains them."""

from collections.abc import Iterator, Mapping, Sequence

from modules import arns
from modules.batch.settings.any_compute_environments import ManagedCapacity
from modules.batch.settings.compute_environments import InstanceCapacity, UnmanagedComputeEnvironment
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.cloudwatch.dashboard import Graph, Line, States, Table, Widget
from modules.cloudwatch.event_queries import event_queries
from modules.cloudwatch.metrics import Expression, Metric
from modules.cloudwatch.watched_events import log_group_name
from modules.containers.settings import HostContainer
from modules.ecs.settings.tasks import InCluster
from stacks.alarms import Alarm, alarm_name, possible_alarms
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import environment_namespace, logged_events, operations_name, team_tag_keys

STATES = ("RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED")
REASONS = ("JobsExitedWithError", "JobsOutOfMemory", "JobsTimedOut", "JobsNotStarted", "JobsGivenUp", "SpotLosses")
# Quotas, and with them the metrics of use, count instances together by how their types begin. The first that fits.
CLASSES = {"dl": "DL", "f": "F", "g": "G", "hpc": "HPC", "inf": "Inf", "p": "P", "trn": "Trn", "vt": "G", "x": "X"}


class Shown:
    """Rows of widgets of one environment; ``made`` are the values of dimensions that AWS makes."""

    def __init__(self, environment: EnvironmentSettings, made: Mapping[str, str]) -> None:
        self._environment, self._made = environment, made
        self._namespace = environment_namespace(environment)
        # Of all kinds, also those that nobody is told of.
        self._alarms = possible_alarms(environment)

    def rows(self, told: Sequence[Alarm]) -> list[list[Widget]]:
        """Return the rows, with the states of the alarms that there are; CloudWatch shows 100 of them."""
        environment = self._environment
        names = [alarm_name(environment, alarm) for alarm in told]
        alarm_arns = [arns.alarm(environment.location, name) for name in names[:100]]
        states: list[Widget] = [States("Alarms", alarm_arns, height=2 + len(alarm_arns) // 10)] if alarm_arns else []
        return [
            states,
            [
                *self._graph("Age of the oldest message", "seconds", "message-age"),
                *self._backlog(),
                *self._graph(
                    "Dead letters and what was not started", "", "dead-letters", "shared-dead-letters", "not-started"
                ),
            ],
            [*self._jobs(), *self._failures()],
            [
                *self._graph("Mean time in the queue", "seconds", "jobs-waiting"),
                *self._graph("Failed of the jobs that ended", "percent", "jobs-failed"),
                *self._graph("Blocked queues", "", "queue-blocked"),
            ],
            [*self._tasks(), *self._graph("Tasks wanted", "tasks", "worker-at-maximum"), *self._vcpus(), *self._gpus()],
            [
                *self._graph("Tasks that are missing", "", "service-below-desired"),
                *self._graph("Deployments that failed", "", "deployment-failed"),
                *self._graph("File systems and NAT gateways", "", "burst-credits", "nat-ports"),
            ],
            [
                *self._executions(),
                *self._graph("Executions that failed", "", "pipeline-failed"),
                *self._graph("Rules and pipes that failed", "", "rule-failed", "pipe-failed"),
            ],
            [*self._tables()],
        ]

    def _graph(self, title: str, unit: str, *kinds: str) -> Iterator[Widget]:
        """Yield one graph of what alarms of these kinds watch; in percent of their thresholds where these differ."""
        alarms = [alarm for alarm in self._alarms if alarm.kind in kinds]
        if not alarms:
            return
        limit = alarms[0].threshold
        differ = any(alarm.threshold != limit for alarm in alarms)
        lines = []
        for alarm in alarms:
            queries = alarm.queries(self._namespace, self._made)
            share = Expression("share", f"100 * {queries[-1].id} / {alarm.threshold:g}")
            label = alarm.thing if len(kinds) == 1 else alarm.part
            lines.append(Line(label, [*queries, share] if differ else queries))
        unit = "percent of their alarms" if differ else unit
        yield Graph(f"{title}, {unit}" if unit else title, lines, {"alarm": 100 if differ else limit})

    def _backlog(self) -> Iterator[Widget]:
        lines = [
            Line(alarm.thing, [Metric("visible", "AWS/SQS", "ApproximateNumberOfMessagesVisible", alarm.dimensions)])
            for alarm in self._alarms
            if alarm.kind == "message-age"
        ]
        if lines:
            yield Graph("Backlog, messages", lines)

    def _jobs(self) -> Iterator[Widget]:
        if queues := self._job_queues():
            lines = [Line(status, self._over(queues, "Jobs", {"Status": status})) for status in STATES]
            yield Graph("Jobs that got into a state, every 5 minutes", lines)

    def _failures(self) -> Iterator[Widget]:
        if queues := self._job_queues():
            lines = [Line(reason, self._over(queues, reason, {})) for reason in REASONS]
            yield Graph("Why jobs failed, every 5 minutes", lines, stacked=True)

    def _job_queues(self) -> list[str]:
        made = (name for name, queue in self._environment.job_queues.items() if isinstance(queue, JobQueueSettings))
        return [self._environment.job_queue_arn(name) for name in sorted(made)]

    def _over(self, queues: Sequence[str], name: str, dimensions: Mapping[str, str]) -> list[Metric | Expression]:
        """Return the sum of a metric over all job queues."""
        metrics = [
            Metric(f"q{number}", self._namespace, name, {"JobQueue": queue, **dimensions}, "Sum", 300)
            for number, queue in enumerate(queues)
        ]
        total = " + ".join(f"FILL({metric.id}, 0)" for metric in metrics)
        return [*metrics, Expression("total", total)]

    def _tasks(self) -> Iterator[Widget]:
        missing = [alarm for alarm in self._alarms if alarm.kind == "service-below-desired"]
        lines = [
            Line(alarm.thing, [query for query in alarm.queries(self._namespace, self._made) if query.id == "running"])
            for alarm in missing
        ]
        clusters = {alarm.dimensions["ClusterName"] for alarm in missing}
        for name in sorted(clusters):
            counted = Metric("instances", "ECS/ContainerInsights", "ContainerInstanceCount", {"ClusterName": name})
            lines.append(Line(f"instances of {name}", [counted]))
        if lines:
            yield Graph("Running tasks and instances", lines)

    def _vcpus(self) -> Iterator[Widget]:
        capacities = self._environment.compute_environments.values()
        uses = sorted({use for capacity in capacities for use in _uses(capacity)})
        lines = [
            Line(
                f"{service} {class_}",
                [Metric("used", "AWS/Usage", "ResourceCount", _usage(service, class_), "Maximum", 300)],
            )
            for service, class_ in uses
        ]
        bounded = ManagedCapacity | ExistingComputeEnvironment
        most = sum(capacity.max_vcpus or 0 for capacity in capacities if isinstance(capacity, bounded))
        if lines:
            yield Graph("vCPUs used in the account", lines, {"max_vcpus of all": most} if most else {}, stacked=True)

    def _gpus(self) -> Iterator[Widget]:
        names = self._environment.event_context.names["clusters"]
        lines = [
            Line(name, [Metric("reserved", "AWS/ECS", "GPUReservation", {"ClusterName": names[name]}, "Average", 300)])
            for name in sorted(_with_gpus(self._environment))
        ]
        if lines:
            yield Graph("GPUs reserved by tasks, percent", lines)

    def _executions(self) -> Iterator[Widget]:
        def line(alarm: Alarm, name: str) -> Line:
            counted = Metric(name, "AWS/States", f"Executions{name.capitalize()}", alarm.dimensions, "Sum", 3_600)
            return Line(f"{alarm.thing} {name}", [counted])

        pipelines = [alarm for alarm in self._alarms if alarm.kind == "pipeline-failed"]
        if pipelines:
            names = ("started", "succeeded")
            yield Graph("Executions, every hour", [line(alarm, name) for alarm in pipelines for name in names])

    def _tables(self) -> Iterator[Widget]:
        if "jobs" in logged_events(self._environment):
            queries = event_queries(team_tag_keys(self._environment))
            group = log_group_name(operations_name(self._environment))
            yield Table("Whose jobs cost most, in vCPU hours", group, queries["cost-driver"].text)
            yield Table("Why jobs failed", group, queries["failures"].text)


def _uses(capacity: object) -> Iterator[tuple[str, str]]:
    """Yield service and class of the vCPUs that a compute environment uses."""
    kind = "Spot" if "Spot" in type(capacity).__name__ else "OnDemand"
    if "Fargate" in type(capacity).__name__:
        yield "Fargate", f"Standard/{kind}"
    elif isinstance(capacity, InstanceCapacity | UnmanagedComputeEnvironment):
        for type_ in capacity.instance_types:
            class_ = next((name for start, name in CLASSES.items() if type_.startswith(start)), "Standard")
            yield "EC2", f"{class_}/{kind}"


def _usage(service: str, class_: str) -> Mapping[str, str]:
    return {"Service": service, "Type": "Resource", "Resource": "vCPU", "Class": class_}


def _with_gpus(environment: EnvironmentSettings) -> set[str]:
    """Return the clusters with tasks that use GPUs."""
    runs: list[InCluster] = [*environment.services.values(), *environment.task_definitions.values()]
    return {
        item.cluster
        for item in runs
        if any(isinstance(one, HostContainer) and one.gpus for one in item.task.containers.values())
    }
