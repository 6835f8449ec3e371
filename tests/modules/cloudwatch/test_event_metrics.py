"""What each metric becomes by the events that Batch and ECS tell."""

from collections import defaultdict
from typing import Any

import pytest

from modules.batch.settings.retries import RetryStrategy
from modules.cloudwatch.event_metrics import (
    EVENT_METRICS,
    MAX_ATTEMPTS,
    metric_namespace,
)
from modules.cloudwatch.watched_events import watched_events
from tests.modules.cloudwatch import operated_events as events
from tests.modules.cloudwatch.filter_patterns import found, matches
from tests.modules.cloudwatch.operated_events import blocked, ended, job
from tests.modules.events.samples import CONTEXT, HERE, TASK_STOPPED, has, with_detail

# What CloudWatch Logs takes.
MAX_PATTERN = 1_024
MAX_DIMENSIONS = 3
MAX_FILTERS = 100
# More different values of dimensions within an hour, and CloudWatch Logs may switch a filter off.
MAX_VALUES = 1_000

QUEUE = f"arn:aws:batch:{HERE}:job-queue/PexjEHappyPathCanary2JobQueue"
DEFINITION = f"arn:aws:batch:{HERE}:job-definition/first-run-job-definition:1"
CLUSTER = f"arn:aws:ecs:{HERE}:cluster/FargateCluster"
Values = dict[tuple[Any, ...], float]


def values(*told: dict[str, Any]) -> Values:
    """Return what the metrics are, by their names and dimensions, after events that a rule logs."""
    sums: Values = defaultdict(float)
    for event in told:
        rules = [rule for rule, wanted in watched_events(CONTEXT).items() if has(dict(wanted), event)]
        for name, metric in EVENT_METRICS.items():
            for pattern in metric.patterns if metric.rule in rules else ():
                if matches(pattern, event):
                    dimensions = [found(event, selector) for selector in metric.dimensions.values()]
                    value = found(event, metric.value) if metric.value.startswith("$") else float(metric.value)
                    sums[name, *dimensions] += value
    return dict(sums)


def of_queue(**counts: float) -> Values:
    return {(name, QUEUE): count for name, count in counts.items()}


RAN = of_queue(RunBegin=events.STARTED, RunEnd=events.STOPPED)
FAILED: Values = {("Jobs", QUEUE, "FAILED"): 1, ("JobsByDefinition", DEFINITION, "FAILED"): 1} | RAN
SUCCEEDED: Values = {("Jobs", QUEUE, "SUCCEEDED"): 1, ("JobsByDefinition", DEFINITION, "SUCCEEDED"): 1} | RAN
RUNNABLE: Values = {("Jobs", QUEUE, "RUNNABLE"): 1}
RETRIED = RUNNABLE | of_queue(JobRetries=1)


@pytest.mark.parametrize(
    ("event", "becomes"),
    [
        (job("PENDING"), {("Jobs", QUEUE, "PENDING"): 1}),
        (job("RUNNABLE"), RUNNABLE),
        (
            events.RUNNING,
            {("Jobs", QUEUE, "RUNNING"): 1} | of_queue(WaitBegin=events.CREATED, WaitEnd=events.STARTED),
        ),
        # Of a job that starts again nobody knows since when it has waited.
        (job("RUNNING", startedAt=events.STARTED, attempts=[events.LOST]), {("Jobs", QUEUE, "RUNNING"): 1}),
        (events.CHILD, SUCCEEDED),
        (events.ARRAY, {}),
        (ended(container={"exitCode": 1}), FAILED | of_queue(JobsExitedWithError=1)),
        (
            ended(container={"exitCode": 137, "reason": "OutOfMemoryError: Container killed due to memory usage"}),
            FAILED | of_queue(JobsExitedWithError=1, JobsOutOfMemory=1),
        ),
        (ended(container={"exitCode": 0}), FAILED),
        (ended(reason="Job attempt duration exceeded timeout"), FAILED | of_queue(JobsTimedOut=1)),
        (
            ended(reason="Task failed to start", container={"reason": "CannotPullContainerError: not found"}),
            FAILED | of_queue(JobsNotStarted=1),
        ),
        (
            ended(reason="ResourceInitializationError: unable to pull secrets"),
            FAILED | of_queue(JobsNotStarted=1),
        ),
        (
            job("FAILED", statusReason="Canceled by JobStateTimeLimit action due to reason: CAPACITY:…"),
            {key: value for key, value in FAILED.items() if key not in RAN} | of_queue(JobsGivenUp=1),
        ),
        (ended(reason=events.LOST_INSTANCE), FAILED | of_queue(SpotLosses=1)),
        (ended(reason=events.LOST_TASK), FAILED | of_queue(SpotLosses=1)),
        (job("RUNNABLE", attempts=[events.BROKEN]), RETRIED),
        (job("RUNNABLE", attempts=[events.LOST]), RETRIED | of_queue(SpotLosses=1)),
        # One that was counted when it was lost is not counted again.
        (job("RUNNABLE", attempts=[events.LOST, events.BROKEN]), RETRIED),
        (job("RUNNABLE", attempts=[events.BROKEN, events.INTERRUPTED]), RETRIED | of_queue(SpotLosses=1)),
        (job("RUNNABLE", attempts=[events.LOST] * (MAX_ATTEMPTS - 1)), RETRIED | of_queue(SpotLosses=1)),
        (blocked("something new"), of_queue(QueueBlocked=1)),
        (events.OUT_OF_CAPACITY, of_queue(QueueBlocked=1, QueueBlockedOnCapacity=1)),
        (events.TOO_LARGE, of_queue(QueueBlocked=1, QueueBlockedOnSettings=1)),
        (TASK_STOPPED, {("TasksStopped", CLUSTER, "family:sample-fargate", "EssentialContainerExited"): 1}),
        (events.SPOT_TASK, {("TasksStopped", CLUSTER, "service:servicetest", "SpotInterruption"): 1}),
        (with_detail(TASK_STOPPED, lastStatus="RUNNING"), {}),
        (events.FAILED_DEPLOYMENT, {("DeploymentsFailed", events.SERVICE): 1}),
        (events.ROLLING_BACK, {("DeploymentsRolledBack", events.SERVICE): 1}),
        (events.NEW_DEPLOYMENT, {}),
        (events.NO_PLACE, {("TasksNotPlaced", events.SERVICE): 1}),
        (events.STEADY, {}),
    ],
)
def test_an_event_counts_in_the_metrics_that_are_about_it(event: dict[str, Any], becomes: Values) -> None:
    assert values(event) == becomes


@pytest.mark.parametrize(
    "event",
    [
        with_detail(events.RUNNING, jobQueue=f"arn:aws:batch:{HERE}:job-queue/of-others"),
        with_detail(events.OUT_OF_CAPACITY, jobQueue=f"arn:aws:batch:{HERE}:job-queue/PexjEHappyPathCanary2JobQueue2"),
        with_detail(TASK_STOPPED, clusterArn=f"arn:aws:ecs:{HERE}:cluster/of-others"),
        events.FAILED_DEPLOYMENT | {"resources": [f"arn:aws:ecs:{HERE}:service/FargateCluster2/servicetest"]},
    ],
)
def test_what_happens_elsewhere_is_not_logged(event: dict[str, Any]) -> None:
    assert values(event) == {}


def test_nothing_is_watched_where_nothing_could_happen() -> None:
    context = type(CONTEXT)(CONTEXT.location, {**CONTEXT.names, "clusters": {}, "job_queues": {}})
    assert watched_events(context) == {}


def test_the_mean_time_is_the_mean_end_less_the_mean_begin() -> None:
    told = [ended(), job("FAILED", startedAt=events.STARTED, stoppedAt=events.STARTED + 1_000, statusReason="done")]
    sums = values(*told)
    mean = (sums["RunEnd", QUEUE] - sums["RunBegin", QUEUE]) / len(told)
    assert mean == (events.STOPPED - events.STARTED + 1_000) / 2


def test_begin_and_end_are_of_the_same_events() -> None:
    for begin, end in (("RunBegin", "RunEnd"), ("WaitBegin", "WaitEnd")):
        assert EVENT_METRICS[begin].patterns == EVENT_METRICS[end].patterns


def test_every_metric_keeps_to_what_cloudwatch_logs_takes() -> None:
    patterns = [pattern for metric in EVENT_METRICS.values() for pattern in metric.patterns]
    assert len(patterns) <= MAX_FILTERS
    assert max(map(len, patterns)) <= MAX_PATTERN
    assert max(len(metric.dimensions) for metric in EVENT_METRICS.values()) <= MAX_DIMENSIONS
    # Fifty job queues are what an account may have: however many there are, no filter is switched off.
    assert MAX_VALUES > 50 * 6


def test_a_job_has_no_more_attempts_than_are_looked_at() -> None:
    assert RetryStrategy(attempts=MAX_ATTEMPTS).attempts == MAX_ATTEMPTS
    limits = [limit.le for limit in RetryStrategy.model_fields["attempts"].metadata if hasattr(limit, "le")]
    assert limits == [MAX_ATTEMPTS]


def test_a_namespace_is_one_that_aws_does_not_keep_for_itself() -> None:
    assert metric_namespace("terrabatch", "prod") == "terrabatch/prod"
