"""Metrics that CloudWatch Logs makes of logged events, each by a filter: one table, as plain data. No constructs.

A filter counts, or publishes a number that stands in the event; it computes nothing. So that there are times all the
same, begin and end are each a metric of the same events: the mean of one less that of the other is the mean time.

Source: "Filter pattern syntax" and PutMetricFilter in the CloudWatch Logs documentation; "Job state change events" in
the Batch user guide; "Amazon ECS events" in the ECS developer guide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.batch.settings.retries import RECLAIMED_INSTANCE, RECLAIMED_TASK

# Of a job, as Batch takes them.
MAX_ATTEMPTS = 10


@dataclass(frozen=True)
class EventMetric:
    """A metric: which events it is of, what it counts or publishes, and by what it is told apart.

    ``rule`` is that of the events; ``dimensions`` are names with where their values stand in an event; ``most`` says
    how many metrics that can be, for each of what. Each of ``patterns`` is a filter.
    """

    rule: str
    patterns: tuple[str, ...]
    dimensions: Mapping[str, str]
    most: tuple[int, str]
    meaning: str
    value: str = "1"
    unit: str = "Count"


def _all(*conditions: str) -> str:
    return f"{{ {' && '.join(f'({condition})' for condition in conditions)} }}"


_STATE = '$.detail-type = "Batch Job State Change"'
_BLOCKED = '$.detail-type = "Batch Job Queue Blocked"'
_TASK = '$.detail-type = "ECS Task State Change"'
# An array runs nothing itself: its children do, and are told of one by one.
_RUNS = "$.detail.arrayProperties.size NOT EXISTS"
_FAILED = '$.detail.status = "FAILED"'
_ENDED = f'$.detail.status = "SUCCEEDED" || {_FAILED}'
_FIRST = "$.detail.attempts[0].stoppedAt NOT EXISTS"


def _of_jobs(meaning: str, *patterns: str, value: str = "1", unit: str = "Count") -> EventMetric:
    """Return a metric of what happens to the jobs of each queue."""
    return EventMetric("jobs", patterns, {"JobQueue": "$.detail.jobQueue"}, (1, "job queue"), meaning, value, unit)


def _when(meaning: str, pattern: str, moment: str) -> EventMetric:
    """Return a metric of the mean of a moment that stands in the events, which ``pattern`` has to look for."""
    return _of_jobs(meaning, pattern, value=moment, unit="Milliseconds")


def _of_services(meaning: str, *conditions: str) -> EventMetric:
    """Return a metric of what happens to each service."""
    return EventMetric("services", (_all(*conditions),), {"Service": "$.resources[0]"}, (1, "service"), meaning)


def _failed(condition: str) -> str:
    return _all(_STATE, _RUNS, _FAILED, condition)


def _reclaimed(selector: str) -> str:
    return f'{selector} = "{RECLAIMED_INSTANCE}*" || {selector} = "{RECLAIMED_TASK}*"'


def _lost_attempts() -> Iterator[str]:
    """Yield the filters of lost attempts: after each but the last a job is RUNNABLE again, after that it fails."""
    reason = "$.detail.attempts[{}].statusReason"
    for index in range(MAX_ATTEMPTS - 1):
        next_one = f"{reason.format(index + 1)} NOT EXISTS"
        yield _all(_STATE, '$.detail.status = "RUNNABLE"', _reclaimed(reason.format(index)), next_one)
    yield _failed(_reclaimed("$.detail.statusReason"))


_RAN = _all(_STATE, _RUNS, _ENDED, "$.detail.startedAt > 0", "$.detail.stoppedAt > 0")
_BEGAN = _all(_STATE, _RUNS, _FIRST, '$.detail.status = "RUNNING"', "$.detail.createdAt > 0", "$.detail.startedAt > 0")

EVENT_METRICS: Mapping[str, EventMetric] = {
    "Jobs": EventMetric(
        "jobs",
        (_all(_STATE, _RUNS),),
        {"JobQueue": "$.detail.jobQueue", "Status": "$.detail.status"},
        (6, "job queue"),
        "jobs that got into a state: PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED, FAILED; an attempt is a RUNNING. "
        "Batch tells nothing of a job that is just SUBMITTED",
    ),
    "JobsByDefinition": EventMetric(
        "jobs",
        (_all(_STATE, _RUNS, _ENDED),),
        {"JobDefinition": "$.detail.jobDefinition", "Status": "$.detail.status"},
        (2, "revision of a job definition in use"),
        "jobs that ended, by the ARN of their definition with its revision: SUCCEEDED or FAILED",
    ),
    "JobRetries": _of_jobs(
        "attempts after the first",
        _all(_STATE, _RUNS, '$.detail.status = "RUNNABLE"', "$.detail.attempts[0].statusReason = *"),
    ),
    "SpotLosses": _of_jobs(
        "attempts that ended because their instance or Fargate Spot task was taken away, retried or not",
        *_lost_attempts(),
    ),
    "JobsExitedWithError": _of_jobs(
        "jobs that failed by what their program said", _failed("$.detail.container.exitCode > 0")
    ),
    "JobsOutOfMemory": _of_jobs(
        "jobs that failed for want of memory", _failed('$.detail.container.reason = "OutOfMemory*"')
    ),
    "JobsTimedOut": _of_jobs(
        "jobs that Batch ended at their timeout_seconds",
        _failed('$.detail.statusReason = "Job attempt duration exceeded timeout*"'),
    ),
    "JobsNotStarted": _of_jobs(
        "jobs whose container could not start: no image, no secret, no file system, no way to them",
        _failed(
            '$.detail.container.reason = "Cannot*" || $.detail.container.reason = "ResourceInitializationError*" || '
            '$.detail.statusReason = "ResourceInitializationError*" || $.detail.statusReason = "Task failed to start*"'
        ),
    ),
    "JobsGivenUp": _of_jobs(
        "jobs that waited longer than job_state_time_limits let them",
        _failed('$.detail.statusReason = "Canceled by JobStateTimeLimit*"'),
    ),
    "RunBegin": _when(
        "when the last attempt of a job that ended had started, in ms since 1970", _RAN, "$.detail.startedAt"
    ),
    "RunEnd": _when(
        "when it stopped: Average of RunEnd less that of RunBegin is the mean run time", _RAN, "$.detail.stoppedAt"
    ),
    "WaitBegin": _when(
        "when a job that now starts for the first time was submitted, in ms since 1970", _BEGAN, "$.detail.createdAt"
    ),
    "WaitEnd": _when(
        "when it started: Average of WaitEnd less that of WaitBegin is the mean queue time, what it waited for other "
        "jobs included",
        _BEGAN,
        "$.detail.startedAt",
    ),
    "QueueBlocked": _of_jobs("times that Batch found a job that blocks all behind it", _all(_BLOCKED)),
    "QueueBlockedOnCapacity": _of_jobs(
        "of these, because AWS has no such instance", _all(_BLOCKED, '$.detail.statusReason = "CAPACITY:*"')
    ),
    "QueueBlockedOnSettings": _of_jobs(
        "of these, because no compute environment can ever run it",
        _all(_BLOCKED, '$.detail.statusReason = "MISCONFIGURATION:*"'),
    ),
    "TasksStopped": EventMetric(
        "tasks",
        (_all(_TASK, "$.detail.stopCode = *"),),
        {"ClusterArn": "$.detail.clusterArn", "Group": "$.detail.group", "StopCode": "$.detail.stopCode"},
        (6, "service or task definition"),
        "tasks that stopped, by what stopped them; Group is service:<name> or family:<name>",
    ),
    "DeploymentsFailed": _of_services(
        "deployments that a circuit breaker or an alarm ended", '$.detail.eventName = "SERVICE_DEPLOYMENT_FAILED"'
    ),
    "DeploymentsRolledBack": _of_services(
        "deployments back to what ran before",
        '$.detail.eventName = "SERVICE_DEPLOYMENT_IN_PROGRESS"',
        '$.detail.reason = "*rolling back*"',
    ),
    "TasksNotPlaced": _of_services(
        "times that ECS found no place for a task of a service",
        '$.detail.eventName = "SERVICE_TASK_PLACEMENT_FAILURE"',
    ),
}


def metric_namespace(project: str, environment: str) -> str:
    """Return the namespace of an environment's metrics."""
    return f"{project}/{environment}"
