import pytest

from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.cloudwatch.alarm_settings import Alarms
from modules.ecs.settings.deployments import RollingDeployment
from modules.operations.settings import Operations
from tests.problems import refused
from tests.stacks.environments import empty_environment
from tests.stacks.rules.service_samples import environment as services
from tests.stacks.rules.service_samples import replicas


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
