"""What takes messages out of one queue together, and what does not."""

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import Any

import pytest

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.existing_job_definitions import ExistingJobDefinition
from modules.batch.settings.submissions import JobRequest
from modules.iam.access_settings import Access
from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from modules.pipes.settings import PipeSettings
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import ReceiveStage
from stacks.consumers import queue_consumers
from stacks.environment import Environment
from tests.modules.ecs.samples import cluster_settings, worker_settings
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:process"
JOB = JobRequest(job_definition="theirs")

# Of each kind the map, one of it that takes messages of the queue ``work``, and where it says so.
CONSUMERS: Mapping[str, tuple[str, Any, str]] = {
    "worker": ("services", worker_settings(queue="work", queue_share_percent=50), "queue"),
    "wait": (
        "pipelines",
        PipelineSettings(stages={"wait": ReceiveStage(queue="work", timeout_seconds=60)}, timeout_seconds=60),
        "stages.wait.queue",
    ),
    "backlog": ("backlogs", BacklogSettings(queue="work", job=JOB, messages_per_child=9, max_children=4), "queue"),
    "function": (
        "functions",
        ExistingFunction(function_arn=FUNCTION, timeout_seconds=9, consumes={"work": QueueConsumption()}),
        "consumes.work",
    ),
    "pipe": ("pipes", PipeSettings(queue="work", target=JOB), "queue"),
}
SHARE = [{"worker", "backlog"}, {"wait"}]


def consumed_by(*kinds: str) -> Environment:
    job = ExistingJobDefinition(
        job_definition_arn="arn:aws:batch:us-east-1:111122223333:job-definition/theirs",
        job_queues=["light"],
        timeout_seconds=60,
    )
    maps: dict[str, dict[str, Any]] = {
        "queues": {"work": MessageQueueSettings(visibility_timeout_seconds=900)},
        "clusters": {"main": cluster_settings(capacity_providers={})},
        "job_definitions": {"theirs": job},
    }
    for name, kind in zip(("a", "b"), kinds, strict=False):
        map_name, settings, _ = CONSUMERS[kind]
        maps.setdefault(map_name, {})[name] = settings
    return environment(**maps)


@pytest.mark.parametrize("kinds", [*combinations_with_replacement(CONSUMERS, 2)], ids="+".join)
def test_a_queue_is_shared_by_programs_or_by_waits_alone(kinds: tuple[str, str]) -> None:
    map_name, _, where = CONSUMERS[kinds[1]]
    if any(set(kinds) <= together for together in SHARE):
        assert consumed_by(*kinds)
    else:
        assert refused(lambda: consumed_by(*kinds)) == [f"{map_name}.b.{where}: got 'work'"]


@pytest.mark.parametrize("kind", CONSUMERS)
def test_every_consumer_is_told_with_where_it_says_so(kind: str) -> None:
    map_name, _, where = CONSUMERS[kind]
    found = [consumer.path for consumer in queue_consumers(consumed_by(kind)) if consumer.queue == "work"]
    assert found == [f"{map_name}.a.{where}"]


def test_what_a_program_may_do_alone_is_taken_for_no_consumer() -> None:
    job = fargate_job(access=Access(consume=["requests"]))
    assert list(queue_consumers(environment(job_definitions={"look": job}))) == []
