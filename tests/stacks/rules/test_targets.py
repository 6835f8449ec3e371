from typing import Any

from modules.batch.settings.submissions import JobRequest
from modules.ecs.settings.capacity import CapacityShare
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from modules.targets.settings import QueueMessage, TargetSettings, TaskRun
from modules.targets.starters import PIPE, PIPELINE, RULE, SCHEDULE, Starter
from stacks.environment import Environment
from stacks.rules.targets import target_problems
from tests.modules.ecs.samples import cluster_settings, ec2_task, group_provider
from tests.problems import in_short
from tests.stacks.environments import environment, fargate_job
from tests.stacks.rules import service_samples

SIX = [CapacityShare(provider=f"gpu-{number}") for number in range(6)]
SEVEN = [*SIX, CapacityShare(provider="gpu-6")]
PROVIDERS = {share.provider: group_provider() for share in SEVEN}


def found(where: Environment, target: TargetSettings, starter: Starter) -> list[str]:
    return in_short(target_problems(where, "here", target, starter))


def score(**changes: Any) -> JobRequest:
    return JobRequest(job_definition="score", **changes)


def scoring() -> Environment:
    command = ["score", "Ref::model"]
    job = fargate_job(
        job_queues=["light", "shared"], scheduling_priority=1, command=command, parameters={"model": "base"}
    )
    return environment(job_definitions={"score": job})


def test_schedules_and_pipelines_say_whose_share_it_is() -> None:
    for starter in (SCHEDULE, PIPELINE):
        assert found(scoring(), score(job_queue="shared", share_identifier="search"), starter) == []
        assert found(scoring(), score(job_queue="shared"), starter) == ["here.share_identifier"]
        assert found(scoring(), score(share_identifier="search"), starter) == ["here.share_identifier: got 'search'"]


def test_rules_and_pipes_need_a_queue_without_shares() -> None:
    for starter in (RULE, PIPE):
        assert found(scoring(), score(), starter) == []
        assert found(scoring(), score(job_queue="shared"), starter) == ["here.job_queue: got 'shared'"]


def test_a_share_that_cannot_be_passed_on_is_refused() -> None:
    for starter in (RULE, PIPE):
        assert found(scoring(), score(job_queue="shared", share_identifier="search"), starter) == [
            "here.job_queue: got 'shared'",
            "here.share_identifier: got 'search'",
        ]


def test_what_a_rule_cannot_say_is_refused_and_what_a_pipe_can_is_not() -> None:
    request = score(environment={"MODEL": "large"}, array_size=2, sequential=True, attempts=2)
    assert found(scoring(), request, SCHEDULE) == found(scoring(), request, PIPE) == []
    assert found(scoring(), request, RULE) == [
        "here.environment: got {'MODEL': 'large'}",
        "here.sequential: got True",
    ]
    timed = score(timeout_seconds=60, tags={"team": "search"})
    assert found(scoring(), timed, SCHEDULE) == []
    assert found(scoring(), timed, PIPE) == ["here.tags: got {'team': 'search'}", "here.timeout_seconds: got 60"]


def test_a_pipe_overrides_one_container() -> None:
    request = JobRequest(job_definition="train", environment={"MODEL": "large"})
    assert found(environment(), request, SCHEDULE) == []
    assert found(environment(), request, PIPE) == ["here.environment: got MODEL"]


def test_parameters_are_declared_whatever_starts_the_job() -> None:
    assert found(scoring(), score(parameters={"model": "large"}), RULE) == []
    assert found(scoring(), score(parameters={"modle": "large"}), RULE) == ["here.parameters.modle: got 'modle'"]


def running(**changes: Any) -> Environment:
    return service_samples.with_cluster(
        clusters={"main": cluster_settings(capacity_providers=PROVIDERS)},
        task_definitions={"index": service_samples.run_task(**changes)},
    )


def test_commands_are_those_of_containers_that_there_are() -> None:
    assert found(running(), TaskRun(task_definition="index", commands={"worker": ["index"]}), SCHEDULE) == []
    assert found(running(), TaskRun(task_definition="index", commands={"wroker": ["index"]}), SCHEDULE) == [
        "here.commands.wroker: got 'wroker'"
    ]


def test_eventbridge_names_six_shares_of_capacity() -> None:
    run = TaskRun(task_definition="index")
    gpu = ec2_task()
    assert found(running(task=gpu, capacity=SIX), run, RULE) == []
    assert found(running(task=gpu, capacity=SEVEN), run, PIPELINE) == []
    assert found(running(task=gpu, capacity=SEVEN), run, RULE) == ["task_definitions.index.capacity: 6, got 7"]


def test_the_capacity_of_the_cluster_counts_where_there_is_no_other() -> None:
    cluster = cluster_settings(capacity_providers=PROVIDERS, default_capacity=SEVEN)
    where = service_samples.with_cluster(
        clusters={"main": cluster},
        task_definitions={"index": service_samples.run_task(task=ec2_task())},
    )
    assert found(where, TaskRun(task_definition="index"), PIPE) == ["task_definitions.index.capacity: 6, got ()"]


def sending(**queue: Any) -> Environment:
    queues = {
        "plain": MessageQueueSettings(visibility_timeout_seconds=601),
        "ordered": FifoMessageQueueSettings(visibility_timeout_seconds=601, **queue),
        "theirs": ExistingQueue(
            queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs.fifo", visibility_timeout_seconds=30
        ),
    }
    return environment(queues=queues)


def test_messages_of_a_fifo_queue_and_of_no_other_have_a_group() -> None:
    where = sending(content_based_deduplication=True)
    assert found(where, QueueMessage(queue="ordered", message_group_id="all"), RULE) == []
    assert found(where, QueueMessage(queue="ordered"), RULE) == ["here.message_group_id: got None"]
    assert found(where, QueueMessage(queue="plain"), RULE) == []
    assert found(where, QueueMessage(queue="plain", message_group_id="all"), RULE) == [
        "here.message_group_id: got 'all'"
    ]


def test_a_fifo_queue_tells_repeated_messages_by_their_content_where_the_starter_does_not() -> None:
    message = QueueMessage(queue="ordered", message_group_id="all", body="x")
    assert found(sending(), message, PIPELINE) == []
    assert found(sending(), message, SCHEDULE) == ["queues.ordered.content_based_deduplication: got False"]
    theirs = QueueMessage(queue="theirs", message_group_id="all", body="x")
    assert found(sending(), theirs, SCHEDULE) == []


def test_a_schedule_has_nothing_to_send_but_what_it_is_given() -> None:
    assert found(sending(), QueueMessage(queue="plain", body="go"), SCHEDULE) == []
    assert found(sending(), QueueMessage(queue="plain"), SCHEDULE) == ["here.body: got None"]
