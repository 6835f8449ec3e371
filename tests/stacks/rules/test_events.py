from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange, ObjectCreated, RuleEvent
from modules.iam.access_settings import Access, BucketAccess
from modules.s3.settings import BucketSettings
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from modules.states.settings.fan_outs import FanOutStage
from modules.states.settings.items import ObjectsBelow
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, PipelineStage, StageSettings
from modules.targets.settings import PipelineExecution, QueueMessage, TaskRun
from stacks.environment import Environment
from tests.modules.ecs.samples import cluster_settings, fargate_task
from tests.problems import refused
from tests.stacks.environments import empty_environment, environment, fargate_job
from tests.stacks.rules.service_samples import run_task

FAILED = JobStateChange(states=["FAILED"])
# The job ``embed`` writes to embeddings/ of this bucket.
INCOMING = ObjectCreated(bucket="data", prefixes=["incoming/"])


def ruled(event: RuleEvent = INCOMING, target: Any = None, **changes: Any) -> Environment:
    rule = {key: changes.pop(key) for key in ("dead_letter_queue",) if key in changes}
    settings = RuleSettings(event=event, target=target or JobRequest(job_definition="embed"), **rule)
    return environment(rules={"go": settings}, **changes)


def test_what_a_rule_starts_is_checked_like_any_job() -> None:
    assert ruled()
    assert refused(ruled, target=JobRequest(job_definition="embed", timeout_seconds=60)) == [
        "rules.go.target.timeout_seconds: got 60"
    ]


def test_a_pattern_has_a_longest_size() -> None:
    many = [f"{number:03}{'x' * 500}/" for number in range(8)]
    assert ruled(ObjectCreated(bucket="data", prefixes=many[:7]))
    (found,) = refused(ruled, event=ObjectCreated(bucket="data", prefixes=many))
    assert found.startswith("rules.go.event: 4,096, got ")


def test_without_job_queues_no_job_changes_its_state() -> None:
    empty: dict[str, Any] = {"job_queues": {}, "job_definitions": {}, "compute_environments": {}}
    settings = RuleSettings(event=FAILED, target=QueueMessage(queue="requests"))
    queues = {"requests": MessageQueueSettings(visibility_timeout_seconds=30)}
    assert refused(lambda: empty_environment(queues=queues, rules={"go": settings}, **empty)) == [
        "job_queues: got none"
    ]


def test_parameters_have_a_longest_size_together() -> None:
    def long(size: int) -> Environment:
        job = fargate_job(command=["embed", "Ref::text"], parameters={"text": ""})
        request = JobRequest(job_definition="embed", parameters={"text": "x" * size})
        return ruled(target=request, job_definitions={"embed": job})

    room = 8_192 - len('{"Parameters":{"text":""}}')
    assert long(room)
    assert refused(long, size=room + 1) == ["rules.go.target.parameters: 8,192, got 8,193"]


@pytest.mark.parametrize("fifo", [True, False])
def test_dead_letters_go_to_a_standard_queue(fifo: bool) -> None:
    kind = FifoMessageQueueSettings if fifo else MessageQueueSettings
    lost = {"lost": kind(visibility_timeout_seconds=30)}
    if fifo:
        assert refused(ruled, queues=lost, dead_letter_queue="lost") == ["rules.go.dead_letter_queue: got 'lost'"]
    else:
        assert ruled(queues=lost, dead_letter_queue="lost")


def test_messages_go_to_a_queue_that_can_let_the_rule_send() -> None:
    theirs = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=30)
    assert ruled(target=QueueMessage(queue="requests"))
    assert refused(ruled, target=QueueMessage(queue="theirs"), queues={"theirs": theirs}) == [
        "rules.go.target.queue: got 'theirs', an ExistingQueue"
    ]


def test_a_job_does_not_start_itself() -> None:
    again = JobRequest(job_definition="embed")
    assert refused(ruled, event=FAILED, target=again) == ["rules.go.target.job_definition: got 'embed'"]
    assert ruled(JobStateChange(states=["FAILED"], job_definitions=["index"]), again)
    assert ruled(JobStateChange(states=["FAILED"], job_queues=["large"]), again)
    for event in (
        JobStateChange(states=["FAILED"], job_definitions=["embed", "index"]),
        JobStateChange(states=["FAILED"], job_queues=["light"]),
    ):
        assert refused(ruled, event=event, target=again) == ["rules.go.target.job_definition: got 'embed'"]


@pytest.mark.parametrize(
    ("prefixes", "got"),
    [((), "none"), (("embed",), "['embed']"), (("in/", "embeddings/x/"), "['in/', 'embeddings/x/']")],
)
def test_what_a_job_writes_does_not_start_it(prefixes: tuple[str, ...], got: str) -> None:
    found = refused(ruled, event=ObjectCreated(bucket="data", prefixes=prefixes))
    assert found == [f"rules.go.event.prefixes: got {got}"]


def test_another_bucket_is_written_to_freely() -> None:
    assert ruled(ObjectCreated(bucket="inbox"), buckets={"inbox": BucketSettings()})


def test_what_a_task_writes_does_not_start_it() -> None:
    task = fargate_task(access=Access(write=[BucketAccess(bucket="data", prefix="out/")]))
    changes: dict[str, Any] = {
        "clusters": {"main": cluster_settings(capacity_providers={})},
        "task_definitions": {"index": run_task(task=task)},
        "target": TaskRun(task_definition="index"),
    }
    assert ruled(ObjectCreated(bucket="data", prefixes=["in/"]), **changes)
    assert refused(ruled, event=ObjectCreated(bucket="data", suffixes=[".png"]), **changes) == [
        "rules.go.event.prefixes: got none"
    ]


def started(**stages: StageSettings) -> dict[str, Any]:
    """Return a pipeline that another one executes, as the target of a rule."""
    inner = PipelineSettings(stages=stages, timeout_seconds=604_800)
    nested = PipelineStage(pipeline=PipelineExecution(pipeline="inner"))
    outer = PipelineSettings(stages={"nested": nested}, timeout_seconds=604_800)
    return {"pipelines": {"inner": inner, "outer": outer}, "target": PipelineExecution(pipeline="outer")}


EMBED = JobStage(job=JobRequest(job_definition="embed"))


def test_what_a_pipeline_writes_does_not_start_it_either() -> None:
    assert ruled(INCOMING, **started(embed=EMBED))
    everything = ObjectCreated(bucket="data")
    assert refused(ruled, event=everything, **started(embed=EMBED)) == ["rules.go.event.prefixes: got none"]
    each = FanOutStage(
        items=ObjectsBelow(bucket="data", prefix="in/"),
        job=JobRequest(job_definition="embed"),
        item_parameter="none",
        results_bucket="data",
        results_prefix="incoming/done/",
    )
    found = refused(ruled, event=INCOMING, **started(each=each))
    assert "rules.go.event.prefixes: got ['incoming/']" in found


def test_a_job_of_a_pipeline_does_not_start_it() -> None:
    assert refused(ruled, event=FAILED, **started(embed=EMBED)) == [
        "rules.go.target.pipeline: got 'outer', which submits embed"
    ]
    assert ruled(JobStateChange(states=["FAILED"], job_definitions=["index"]), **started(embed=EMBED))
