"""What services need of their cluster and queue.

Pure functions of settings: an environment checks with them what it holds, a construct what it is given. ``path`` is the
service's, ``where`` that of the cluster or queue.
"""

from collections.abc import Iterator

from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.naming import AwsLocation
from modules.problems import Problem, format_value
from modules.settings import Settings, skip_if_invalid
from modules.sqs.settings import ExistingQueue, MessageQueueSettings


def cluster_problems(path: str, service: ServiceSettings, where: str, cluster: AnyClusterSettings) -> Iterator[Problem]:
    """Yield what the service asks for and the cluster does not have."""
    if service.execute_command and cluster.execute_command is None:
        reason = "sessions of ECS Exec are encrypted with the cluster's key"
        yield Problem(f"{where}.execute_command", f"be given for {path}.execute_command", "None", reason)
    if isinstance(service, ReplicaService) and service.discovery and cluster.namespace_name is None:
        reason = "services discover each other in the cluster's namespace"
        yield Problem(f"{where}.namespace", f"be given for {path}.discovery", "None", reason)
    if isinstance(service, QueueWorkerService) and cluster.container_insights == "disabled":
        reason = "the backlog per task is computed from the task count of Container Insights"
        yield Problem(f"{where}.container_insights", f"be enabled or enhanced for {path}", "'disabled'", reason)


def queue_problems(
    path: str, worker: QueueWorkerService, where: str, queue: Settings | None, location: AwsLocation
) -> Iterator[Problem]:
    """Yield what keeps the worker from processing each message of its queue once, or from seeing the backlog."""
    yield from skip_if_invalid(_hidden_message_problems(path, worker, where, queue))
    yield from skip_if_invalid(_kept_promise_problems(path, worker, where, queue))
    yield from skip_if_invalid(_unseen_backlog_problems(path, queue, location))


def _hidden_message_problems(
    path: str, worker: QueueWorkerService, where: str, queue: Settings | None
) -> Iterator[Problem]:
    if not isinstance(queue, MessageQueueSettings | ExistingQueue):
        return
    if queue.visibility_timeout_seconds <= worker.longest_seconds:
        rule = f"be at least {worker.longest_seconds + 1:,}, to exceed {path}.{worker.longest_said}"
        got = format_value(queue.visibility_timeout_seconds)
        reason = "otherwise SQS redelivers a message that is still being processed"
        yield Problem(f"{where}.visibility_timeout_seconds", rule, got, reason)


def _kept_promise_problems(
    path: str, worker: QueueWorkerService, where: str, queue: Settings | None
) -> Iterator[Problem]:
    """Check the latency against how long the queue hides and keeps a message; an existing queue does not tell."""
    if not isinstance(queue, MessageQueueSettings):
        return
    latency, place = worker.acceptable_latency_seconds, f"{path}.acceptable_latency_seconds"
    if latency > queue.message_retention_seconds:
        rule = f"be at most {where}.message_retention_seconds ({queue.message_retention_seconds:,})"
        yield Problem(place, rule, format_value(latency), "SQS deletes a message that waits that long")
    shortest = queue.delay_seconds + worker.shortest_latency_seconds
    if queue.delay_seconds and latency < shortest:
        rule = f"be at least {shortest:,}, of which {where}.delay_seconds is {queue.delay_seconds:,}"
        reason = "SQS hides each message for that time before a task can receive it"
        yield Problem(place, rule, format_value(latency), reason)


def _unseen_backlog_problems(path: str, queue: Settings | None, location: AwsLocation) -> Iterator[Problem]:
    """Check that the queue's metrics, which SQS keeps where the queue is, are those that the scaling looks at."""
    if isinstance(queue, ExistingQueue) and queue.location != location:
        rule = f"be a queue of account {location.account_id} in {location.region}"
        reason = "the metrics of other queues are in another account or Region, so no task would start"
        yield Problem(f"{path}.queue", rule, repr(queue.queue_arn), reason)
