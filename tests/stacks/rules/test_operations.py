import pytest

from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.cloudtrail.settings import NewTrail
from modules.cloudwatch.alarm_settings import Alarms
from modules.ecs.settings.deployments import RollingDeployment
from modules.operations.settings import Operations
from modules.s3.settings import ExistingBucket
from tests.problems import refused
from tests.stacks.environments import empty_environment
from tests.stacks.rules.service_samples import replicas
from tests.stacks.rules.service_samples import with_cluster as services


def queues(count: int) -> dict[str, ExistingJobQueue]:
    name = "arn:aws:batch:us-east-1:111122223333:job-queue/" + "a" * 116
    return {f"q{at}": ExistingJobQueue(job_queue_arn=f"{name}{at:02}") for at in range(count)}


def test_as_many_job_queues_are_watched_as_one_pattern_names() -> None:
    assert empty_environment(operations=Operations(), job_queues=queues(23)).operations
    assert refused(lambda: empty_environment(operations=Operations(), job_queues=queues(24))) == [
        "operations.events: 4,096, got 4,147"
    ]


@pytest.mark.parametrize(
    ("alarm", "found"),
    [
        ("tb-test-service-below-desired-web", []),
        ("tb-test-web-errors", []),
        ("tb-test-service-below-desired-wed", ["services.web.deployment.rollback_alarms[0]: got {!r}"]),
    ],
)
def test_alarms_that_bring_the_old_revision_back_are_there(alarm: str, found: list[str]) -> None:
    deployment = RollingDeployment(rollback_alarms=[alarm])
    changes = {"services": {"web": replicas(deployment=deployment)}, "operations": Operations(alarms=Alarms())}
    if found:
        assert refused(lambda: services(**changes)) == [item.format(alarm) for item in found]
    else:
        assert services(**changes).services


def test_a_trail_of_data_events_has_some_to_log() -> None:
    operations = Operations(audit_trail=NewTrail(management_events=False))
    assert refused(lambda: empty_environment(operations=operations)) == [
        "operations.audit_trail.management_events: got False"
    ]
    assert empty_environment(operations=operations, buckets=buckets(1)).buckets


def test_a_trail_logs_as_many_buckets_as_cloudtrail_tells_apart() -> None:
    operations = Operations(audit_trail=NewTrail())
    assert empty_environment(operations=operations, buckets=buckets(497)).buckets
    assert refused(lambda: empty_environment(operations=operations, buckets=buckets(498))) == [
        "operations.audit_trail: 500, got 501"
    ]


def buckets(count: int) -> dict[str, ExistingBucket]:
    return {f"b{at}": ExistingBucket(bucket_arn=f"arn:aws:s3:::acme-b{at}") for at in range(count)}
