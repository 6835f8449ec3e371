"""Which alarms an environment has, and how their thresholds follow from its settings."""

from typing import Any

import pytest

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.submissions import JobRequest
from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.metrics import Expression
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks, ScheduledScaling
from modules.efs.settings import AccessPointSettings, BurstingThroughput, FileSystemSettings
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange
from modules.operations.settings import Operations
from modules.pipes.settings import PipeSettings
from modules.scheduler.settings import ScheduleSettings
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from modules.targets.settings import PipelineExecution, QueueMessage
from stacks.alarms import Alarm, alarm_name, environment_alarms
from stacks.environment import Environment
from tests.modules.ecs.samples import cluster_settings, worker_settings
from tests.problems import refused
from tests.stacks.environments import empty_environment, environment
from tests.stacks.pipelines import SCORE, pipeline, score
from tests.stacks.rules.service_samples import replicas

QUEUE = "arn:aws:sqs:us-east-1:111122223333:of-others"
ARN = "arn:aws:batch:us-east-1:111122223333:job-queue"
POINTS = {"all": AccessPointSettings(path="/all", uid=1_000, gid=1_000)}


def watched(alarms: Alarms | None = None, **changes: Any) -> Environment:
    return environment(operations=Operations(alarms=alarms or Alarms()), **changes)


def alarms(*kinds: str, **changes: Any) -> dict[str, Alarm]:
    """Return the alarms of some kinds by what their names say."""
    return {alarm.part: alarm for alarm in environment_alarms(watched(**changes)) if alarm.kind in kinds}


def facts(found: dict[str, Alarm]) -> dict[str, tuple[Any, ...]]:
    return {part: (*alarm.dimensions.values(), alarm.threshold, alarm.periods) for part, alarm in found.items()}


def worker(**changes: Any) -> Any:
    return worker_settings(**{"cluster": "main", "queue": "requests"} | changes)


def test_there_are_none_unless_they_are_asked_for() -> None:
    assert environment_alarms(environment()) == []
    assert environment_alarms(environment(operations=Operations())) == []


def test_a_queue_s_oldest_message_is_as_old_as_its_worker_promises_or_half_its_retention() -> None:
    queues = {
        "requests": MessageQueueSettings(visibility_timeout_seconds=7_200),
        "other": FifoMessageQueueSettings(visibility_timeout_seconds=30, message_retention_seconds=1_001),
        "of-others": ExistingQueue(queue_arn=QUEUE, visibility_timeout_seconds=7_200),
        "untouched": ExistingQueue(queue_arn=f"{QUEUE}2", visibility_timeout_seconds=30),
    }
    services = {
        "a": worker(acceptable_latency_seconds=1_800, queue_share_percent=60),
        "b": worker(acceptable_latency_seconds=900, queue_share_percent=40),
        "c": worker(queue="of-others", acceptable_latency_seconds=700),
    }
    found = alarms("message-age", queues=queues, clusters={"main": cluster_settings()}, services=services)
    assert facts(found) == {
        "message-age-requests": ("terrabatch-test-requests", 1_800, 5),
        "message-age-other": ("terrabatch-test-other.fifo", 500, 5),
        "message-age-of-others": ("of-others", 700, 5),
    }


def test_dead_letters_of_a_queue_and_of_what_starts_things_are_told_of() -> None:
    queues = {
        "lost": MessageQueueSettings(visibility_timeout_seconds=30, max_receive_count=None),
        "orders": FifoMessageQueueSettings(visibility_timeout_seconds=30),
    }
    rule = RuleSettings(
        event=JobStateChange(states=["FAILED"]), target=QueueMessage(queue="requests"), dead_letter_queue="lost"
    )
    found = alarms("dead-letters", "not-started", "message-age", queues=queues, rules={"failed": rule})
    assert facts(found) == {
        "dead-letters-requests": ("terrabatch-test-requests-dlq", 1, 1),
        "dead-letters-orders": ("terrabatch-test-orders-dlq.fifo", 1, 1),
        "message-age-requests": ("terrabatch-test-requests", 172_800, 5),
        "message-age-orders": ("terrabatch-test-orders.fifo", 172_800, 5),
        "not-started-lost": ("terrabatch-test-lost", 1, 1),
    }


FAILED = MessageQueueSettings(
    visibility_timeout_seconds=30, max_receive_count=None, message_retention_seconds=1_209_600
)


def test_a_queue_that_others_share_for_their_dead_letters_is_told_of_once() -> None:
    queues = {
        "failed": FAILED,
        "requests": MessageQueueSettings(visibility_timeout_seconds=900, dead_letter_queue="failed"),
    }
    found = alarms("dead-letters", "shared-dead-letters", "not-started", "message-age", queues=queues)
    assert facts(found) == {
        "message-age-requests": ("terrabatch-test-requests", 172_800, 5),
        "shared-dead-letters-failed": ("terrabatch-test-failed", 1, 1),
    }


def test_job_queues_of_the_environment_are_watched_by_what_is_said_of_them() -> None:
    settings = Alarms(failed_jobs_percent=5, waiting_minutes=30)
    found = alarms(
        "jobs-failed",
        "jobs-waiting",
        "queue-blocked",
        alarms=settings,
        job_queues={"of-others": ExistingJobQueue(job_queue_arn=f"{ARN}/of-others")},
    )
    assert {part: item for part, item in facts(found).items() if part.endswith("light")} == {
        "jobs-failed-light": (f"{ARN}/terrabatch-test-light", 5, 1),
        "jobs-waiting-light": (f"{ARN}/terrabatch-test-light", 1_800, 1),
        "queue-blocked-light": (f"{ARN}/terrabatch-test-light", 1, 1),
    }
    assert not [part for part in found if part.endswith("of-others")]


def test_the_failed_are_counted_against_those_that_succeeded() -> None:
    queries = alarms("jobs-failed")["jobs-failed-light"].queries("terrabatch/test", {})
    statuses = [query.dimensions["Status"] for query in queries if not isinstance(query, Expression)]
    assert statuses == ["FAILED", "SUCCEEDED"]
    assert {query.namespace for query in queries if not isinstance(query, Expression)} == {"terrabatch/test"}


def test_a_service_is_watched_for_as_long_as_its_tasks_may_take() -> None:
    services = {
        "worker": worker(acceptable_latency_seconds=1_801, startup_seconds=121, max_tasks=8),
        "slow": worker(
            queue="documents",
            acceptable_latency_seconds=200_000,
            max_tasks=8,
            schedules={"day": ScheduledScaling(schedule="cron(0 8 * * ? *)", max_tasks=20)},
        ),
        "scaled": replicas(cluster="main", tasks=ScaledTasks(min_tasks=1, max_tasks=3, cpu_percent=50)),
        "fixed": replicas(cluster="main", tasks=FixedTasks(count=2)),
    }
    found = alarms(
        "worker-at-maximum",
        "service-below-desired",
        queues={"documents": MessageQueueSettings(visibility_timeout_seconds=601)},
        clusters={"main": cluster_settings()},
        services=services,
    )
    names = ("terrabatch-test-main", "terrabatch-test")
    assert facts(found) == {
        "service-below-desired-fixed": (names[0], f"{names[1]}-fixed", 1, 15),
        "service-below-desired-scaled": (names[0], f"{names[1]}-scaled", 1, 15),
        "service-below-desired-slow": (names[0], f"{names[1]}-slow", 1, 12),
        "service-below-desired-worker": (names[0], f"{names[1]}-worker", 1, 13),
        "worker-at-maximum-scaled": (names[0], f"{names[1]}-scaled", 3, 12),
        "worker-at-maximum-slow": (names[0], f"{names[1]}-slow", 20, 288),
        "worker-at-maximum-worker": (names[0], f"{names[1]}-worker", 8, 7),
    }


def test_without_container_insights_only_deployments_are_known() -> None:
    services = {"fixed": replicas(cluster="main", tasks=FixedTasks(count=2))}
    clusters = {"main": cluster_settings(container_insights="disabled")}
    found = alarms(
        "worker-at-maximum", "service-below-desired", "deployment-failed", clusters=clusters, services=services
    )
    arn = "arn:aws:ecs:us-east-1:111122223333:service/terrabatch-test-main/terrabatch-test-fixed"
    assert facts(found) == {"deployment-failed-fixed": (arn, 1, 1)}


@pytest.mark.parametrize(
    ("expressions", "timeout_hours", "late"),
    [
        (["cron(0 1 * * ? *)"], 36, 60),
        (["cron(0 1 * * ? *)", "rate(1 hour)"], 1, 2),
        (["cron(0 3 ? * SUN *)"], 1, None),
        (["rate(7 days)"], 1, None),
        (["rate(6 days)"], 24, 168),
        (["at(2027-01-01T00:00:00)"], 1, None),
        ([], 1, None),
    ],
)
def test_a_pipeline_is_late_after_its_schedule_and_its_timeout(
    expressions: list[str], timeout_hours: float, late: int | None
) -> None:
    execution = PipelineExecution(pipeline="nightly")
    found = alarms(
        "pipeline-failed",
        "pipeline-late",
        job_definitions={"score": SCORE},
        pipelines={"nightly": pipeline({"score": score()}, timeout_seconds=int(3_600 * timeout_hours))},
        schedules={
            f"s{at}": ScheduleSettings(target=execution, expression=expression)
            for at, expression in enumerate(expressions)
        },
    )
    arn = "arn:aws:states:us-east-1:111122223333:stateMachine:terrabatch-test-nightly"
    expected = {"pipeline-failed-nightly": (arn, 1, 1)}
    assert facts(found) == expected | ({"pipeline-late-nightly": (arn, 1, late)} if late else {})
    if late:
        assert found["pipeline-late-nightly"].missing == "breaching"


def test_what_starts_things_is_told_of_where_it_could_not() -> None:
    request = JobRequest(job_definition="embed")
    found = alarms(
        "rule-failed",
        "pipe-failed",
        "pipeline-failed",
        queues={"orders": MessageQueueSettings(visibility_timeout_seconds=601)},
        rules={"failed": RuleSettings(event=JobStateChange(states=["FAILED"]), target=QueueMessage(queue="orders"))},
        pipes={"embed": PipeSettings(queue="orders", target=request)},
        backlogs={"night": BacklogSettings(queue="requests", job=request, messages_per_child=10, max_children=2)},
    )
    arn = "arn:aws:states:us-east-1:111122223333:stateMachine:terrabatch-test-night"
    assert facts(found) == {
        "rule-failed-failed": ("terrabatch-test-failed", 1, 1),
        "pipe-failed-embed": ("terrabatch-test-embed", 1, 1),
        "pipeline-failed-backlog-night": (arn, 1, 1),
    }


def test_file_systems_that_burst_and_nat_gateways_are_watched_under_the_ids_that_aws_gives_them() -> None:
    file_systems = {
        "slow": FileSystemSettings(
            access_points=POINTS, throughput=BurstingThroughput(), infrequent_access_after_days=None
        ),
        "fast": FileSystemSettings(access_points=POINTS),
    }
    found = alarms("burst-credits", "nat-ports", file_systems=file_systems)
    assert set(found) == {"burst-credits-slow", "nat-ports-a"}
    metric = found["burst-credits-slow"].queries("a/b", {"file_systems.slow": "fs-1"})[0]
    assert not isinstance(metric, Expression)
    assert metric.dimensions == {"FileSystemId": "fs-1"}


def test_kinds_that_nobody_wants_are_left_out() -> None:
    made = environment_alarms(watched(Alarms(left_out=["jobs-waiting", "nat-ports"])))
    assert made
    assert not {"jobs-waiting", "nat-ports"} & {alarm.kind for alarm in made}
    assert refused(Alarms, left_out=["jobs-wait"]) == ["left_out[0]: got 'jobs-wait'"]


def test_an_alarm_is_called_after_its_kind_and_what_it_is_about() -> None:
    settings = watched()
    (alarm,) = [item for item in environment_alarms(settings) if item.part == "queue-blocked-light"]
    assert alarm_name(settings, alarm) == "terrabatch-test-queue-blocked-light"


def test_no_name_of_a_kind_begins_another() -> None:
    assert not [one for one in ALARM_KINDS for other in ALARM_KINDS if one != other and one.startswith(f"{other}-")]


@pytest.mark.parametrize(("operations", "path"), [(None, "operations"), (Operations(), "operations.alarms")])
def test_production_asks_for_alarms_unless_somebody_says_why_not(operations: Operations | None, path: str) -> None:
    def production(**waivers: str) -> Environment:
        return empty_environment(production=True, operations=operations, production_waivers=waivers)

    assert refused(production) == [f"{path}: got None"]
    assert production(**{path: "watched by others, ticket ML-12"}).production
