"""What starts things, wherever what it starts is: in a stack before it, or in the same one."""

import json
from typing import Any

from cdktf import App

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.ecs.settings.capacity import CapacityShare
from modules.events.bus_settings import ExistingEventBus, NewEventBus
from modules.events.settings import RuleSettings
from modules.events.sources import ObjectCreated, OtherEvent, TaskStopped
from modules.kms.settings import NewKmsKey
from modules.pipes.settings import PipeSettings
from modules.s3.settings import ExistingBucket
from modules.scheduler.settings import ScheduleGroup, ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import Drain, PipelineExecution, QueueMessage, TaskRun
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.layout import OneStack
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.modules.ecs.samples import cluster_settings, ec2_task, existing_cluster
from tests.policies import statements
from tests.stacks.environments import environment
from tests.stacks.pipelines import SCORE, pipeline, score
from tests.stacks.rules.service_samples import run_task

DAILY = "rate(1 day)"
SCHEDULES = {
    "embed": ScheduleSettings(target=JobRequest(job_definition="embed"), expression=DAILY, group="nights"),
    "index": ScheduleSettings(target=TaskRun(task_definition="index"), expression=DAILY, dead_letter_queue="lost"),
}


def platform(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "queues": {"lost": MessageQueueSettings(visibility_timeout_seconds=30)},
        "clusters": {"main": cluster_settings()},
        "task_definitions": {"index": run_task(task=ec2_task(), capacity=[CapacityShare(provider="gpu")])},
        "schedule_groups": {"nights": ScheduleGroup(tags={"team": "search"})},
        "schedules": SCHEDULES,
    }
    return environment(**values | changes)


def stack_of(made: Environment, name: str) -> Synthesized:
    app = App(stack_traces=False)
    build_platform(app, made)
    stack = app.node.find_child(f"test-{name}")
    assert isinstance(stack, PlatformStack)
    return Synthesized(stack)


def schedule(stack: Synthesized, name: str) -> Any:
    return stack.named("aws_scheduler_schedule", f"terrabatch-test-{name}")


def test_what_is_in_other_stacks_is_read_from_them() -> None:
    stack = stack_of(platform(), "triggers")
    target = schedule(stack, "index")["target"]
    assert target["arn"] == "${local.clusters_main_arn}"
    assert target["ecs_parameters"]["task_definition_arn"] == "${local.run_tasks_index_arn}"
    assert target["ecs_parameters"]["capacity_provider_strategy"] == [
        {"capacity_provider": "${local.clusters_main_capacity_providers_gpu}", "weight": 1}
    ]
    assert target["dead_letter_config"] == {"arn": "${local.queues_lost_arn}"}
    passed = [
        item for item in stack.all("aws_iam_role_policy") if "${local.run_tasks_index_task_role_arn}" in item["policy"]
    ]
    assert len(passed) == 1
    assert set(stack.document["data"]["terraform_remote_state"]) == {"network", "queues", "services"}


def test_in_one_stack_nothing_is_started_before_it_is_there() -> None:
    stack = stack_of(platform(layout=OneStack()), "platform")
    association = stack.document["resource"]["aws_ecs_cluster_capacity_providers"]
    assert [f"aws_ecs_cluster_capacity_providers.{id_}" for id_ in association] == [
        item for item in schedule(stack, "index")["depends_on"] if "capacity_providers." in item
    ]
    waits_for = {item.partition(".")[0] for item in schedule(stack, "embed")["depends_on"]}
    assert waits_for == {"aws_batch_job_definition", "aws_batch_job_queue", "aws_iam_role_policy"}


def test_the_cluster_of_somebody_else_is_named_as_its_owner_does() -> None:
    task = run_task(capacity=[CapacityShare(provider="FARGATE")])
    stack = stack_of(platform(clusters={"main": existing_cluster()}, task_definitions={"index": task}), "triggers")
    strategy = schedule(stack, "index")["target"]["ecs_parameters"]["capacity_provider_strategy"]
    assert strategy == [{"capacity_provider": "FARGATE", "weight": 1}]


def test_a_schedule_is_in_the_group_that_it_names() -> None:
    stack = stack_of(platform(), "triggers")
    group = stack.one("aws_scheduler_schedule_group")
    assert (group["name"], group["tags"]) == ("terrabatch-test-nights", {"team": "search"})
    address = stack.address("aws_scheduler_schedule_group", "terrabatch-test-nights")
    assert schedule(stack, "embed")["group_name"] == f"${{{address}.name}}"
    assert "group_name" not in schedule(stack, "index")


def test_a_stack_of_schedules_comes_after_that_of_the_jobs_they_submit() -> None:
    app = App(stack_traces=False)
    build_platform(app, platform(schedules={"embed": SCHEDULES["embed"]}))
    triggers, batch = (app.node.find_child(f"test-{name}") for name in ("triggers", "batch"))
    assert isinstance(triggers, PlatformStack)
    assert batch in triggers.dependencies


def test_a_pipeline_is_executed_by_the_clock_once_it_is_there() -> None:
    execution = PipelineExecution(pipeline="nightly", parameters={"model": "large"})
    nightly = pipeline({"score": score()}, parameters={"model": "base"})
    made: dict[str, Any] = {
        "job_definitions": {"score": SCORE},
        "pipelines": {"nightly": nightly},
        "schedules": {"score": ScheduleSettings(target=execution, expression="rate(1 day)")},
    }
    app = App(stack_traces=False)
    build_platform(app, environment(**made))
    triggers, pipelines = (app.node.find_child(f"test-{name}") for name in ("triggers", "pipeline"))
    assert isinstance(triggers, PlatformStack)
    assert pipelines in triggers.dependencies
    target = schedule(Synthesized(triggers), "score")["target"]
    assert target["arn"] == "arn:aws:states:us-east-1:111122223333:stateMachine:terrabatch-test-nightly:live"
    assert json.loads(target["input"]) == {"model": "large"}
    alone = stack_of(environment(**made, layout=OneStack()), "platform")
    assert any(item.startswith("aws_sfn_alias.") for item in schedule(alone, "score")["depends_on"])


def test_the_output_names_every_schedule() -> None:
    stack = stack_of(platform(), "triggers")
    arns = stack.document["output"]["schedules"]["value"]
    assert arns["index"] == f"${{{stack.address('aws_scheduler_schedule', 'terrabatch-test-index')}.arn}}"


def test_an_environment_without_starters_has_no_stack_of_them() -> None:
    app = App(stack_traces=False)
    build_platform(app, platform(**{"schedules": {}, "schedule_groups": {}}))
    assert app.node.try_find_child("test-triggers") is None


def test_what_messages_start_is_read_from_other_stacks() -> None:
    pipe = PipeSettings(queue="lost", target=TaskRun(task_definition="index"))
    stack = stack_of(platform(pipes={"index": pipe}), "triggers")
    made = stack.one("aws_pipes_pipe")
    assert (made["source"], made["target"]) == ("${local.queues_lost_arn}", "${local.clusters_main_arn}")
    assert stack.document["output"]["pipes"]["value"]["index"]["arn"].endswith(".arn}")


UPLOADED = ObjectCreated(bucket="data", prefixes=["incoming/"])


def test_a_bucket_tells_eventbridge_once_a_rule_is_about_it() -> None:
    rule = RuleSettings(event=UPLOADED, target=JobRequest(job_definition="embed"), archive_days=7)
    stack = stack_of(platform(rules={"embed": rule}), "storage")
    assert stack.one("aws_s3_bucket_notification")["eventbridge"] is True
    assert "aws_s3_bucket_notification" not in stack_of(platform(), "storage").types()
    triggers = stack_of(platform(rules={"embed": rule}), "triggers")
    pattern = triggers.one("aws_cloudwatch_event_rule")["event_pattern"]
    assert '"name":["terrabatch-test-data-111122223333"]' in pattern
    output = triggers.document["output"]["rules"]["value"]["embed"]
    assert output["replay_command"].startswith("aws events start-replay --region us-east-1 --replay-name")


def test_a_queue_lets_a_rule_send_to_it() -> None:
    rule = RuleSettings(event=UPLOADED, target=QueueMessage(queue="lost"), dead_letter_queue="lost")
    stack = stack_of(platform(rules={"tell": rule}), "queues")
    policies = [item["policy"] for item in stack.all("aws_sqs_queue_policy")]
    (document,) = [text for text in policies if "events.amazonaws.com" in text]
    allowed = statements(document)["SendFromEvents"]
    assert allowed["Condition"] == {
        "ArnEquals": {"aws:SourceArn": ["arn:aws:events:us-east-1:111122223333:rule/terrabatch-test-tell"]}
    }


def test_rules_name_what_exists_as_its_owner_does() -> None:
    stopped = TaskStopped(clusters=["main"])
    bucket = ObjectCreated(bucket="theirs")
    task = run_task(capacity=[CapacityShare(provider="FARGATE")])
    made = platform(
        clusters={"main": existing_cluster()},
        task_definitions={"index": task},
        buckets={"theirs": ExistingBucket(bucket_arn="arn:aws:s3:::theirs")},
        rules={
            name: RuleSettings(event=event, target=QueueMessage(queue="lost"))
            for name, event in {"stopped": stopped, "bucket": bucket}.items()
        },
    )
    rules = stack_of(made, "triggers").all("aws_cloudwatch_event_rule")
    patterns = {item["name"]: item["event_pattern"] for item in rules}
    assert existing_cluster().cluster_arn in patterns["terrabatch-test-stopped"]
    assert '"name":["theirs"]' in patterns["terrabatch-test-bucket"]


def test_a_backlog_is_worked_off_by_what_names_it() -> None:
    backlog = BacklogSettings(
        queue="requests", job=JobRequest(job_definition="embed"), messages_per_child=10, max_children=4
    )
    nightly = ScheduleSettings(target=Drain(backlog="night"), expression=DAILY)
    stack = stack_of(platform(backlogs={"night": backlog}, schedules={"night": nightly}), "triggers")
    address = stack.address("aws_sfn_state_machine", "terrabatch-test-night-backlog")
    assert schedule(stack, "night")["target"]["arn"] == f"${{{address}.arn}}"
    assert stack.document["output"]["backlogs"]["value"] == {"night": {"arn": f"${{{address}.arn}}"}}


def test_a_rule_of_an_event_bus_is_on_it_and_so_are_its_archive_and_its_right_to_send() -> None:
    event = OtherEvent(field_matches={"source": ["acme"]})
    rules = {
        name: RuleSettings(event=event, event_bus=name, target=QueueMessage(queue="lost"), archive_days=1)
        for name in ("own", "theirs")
    }
    buses = {
        "own": NewEventBus(kms_key=NewKmsKey(), dead_letter_queue="lost"),
        "theirs": ExistingEventBus(event_bus_name="acme"),
    }
    app = App(stack_traces=False)
    build_platform(app, platform(rules=rules, event_buses=buses))
    synthesized = Synthesized(app.node.find_child("test-triggers"))  # type: ignore[arg-type]
    bus = synthesized.one("aws_cloudwatch_event_bus")
    assert bus["name"] == "terrabatch-test-own"
    on = "${aws_cloudwatch_event_bus.event_buses_own"
    made = {rule["name"]: rule["event_bus_name"] for rule in synthesized.all("aws_cloudwatch_event_rule")}
    assert made["terrabatch-test-own"].startswith(on)
    assert made["terrabatch-test-theirs"] == "acme"
    archives = {item["name"]: item["event_source_arn"] for item in synthesized.all("aws_cloudwatch_event_archive")}
    assert archives["terrabatch-test-own"].startswith(on)
    assert archives["terrabatch-test-theirs"] == "arn:aws:events:us-east-1:111122223333:event-bus/acme"
    queues = Synthesized(app.node.find_child("test-queues"))  # type: ignore[arg-type]
    [policy] = [item["policy"] for item in queues.all("aws_sqs_queue_policy") if "rule/" in item["policy"]]
    sources = statements(policy)["SendFromEvents"]["Condition"]["ArnEquals"]["aws:SourceArn"]
    here = "arn:aws:events:us-east-1:111122223333"
    assert set(sources) == {
        f"{here}:event-bus/terrabatch-test-own",
        f"{here}:rule/acme/terrabatch-test-theirs",
        f"{here}:rule/terrabatch-test-own/terrabatch-test-own",
    }
