"""Topics of others get messages from programs, schedules, pipes, rules and buckets, each with its permission."""

import json
from typing import Any

import pytest

from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange
from modules.iam.access_settings import Access
from modules.pipes.settings import PipeSettings
from modules.s3.settings import BucketSettings, Notification, TopicNotification
from modules.scheduler.settings import ScheduleSettings
from modules.sns.new_topic import NewTopic
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import MessageQueueSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import TopicStage
from modules.targets.settings import TopicMessage
from stacks.environment import Environment
from stacks.layout import OneStack
from tests.policies import statements
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job
from tests.synthesized import synthesized

ARN = "arn:aws:sns:us-east-1:111122223333:on-call"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC = ExistingTopic(topic_arn=ARN)
ENCRYPTED = ExistingTopic(topic_arn=ARN, kms_key_arn=KEY)
PUBLISH = {"Effect": "Allow", "Action": "sns:Publish", "Resource": ARN}
WITH_KEY = {
    "Effect": "Allow",
    "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
    "Resource": KEY,
    "Condition": {"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}},
}
FAILED = JobStateChange(states=["FAILED"])


def told(**changes: Any) -> Environment:
    queue = MessageQueueSettings(visibility_timeout_seconds=601)
    return environment(**{"topics": {"on-call": TOPIC}, "queues": {"asked": queue}} | changes)


def resources(settings: Environment, type_: str) -> dict[str, dict[str, Any]]:
    """Return the resources of a type in all stacks, by id."""
    return {
        id_: block
        for stack in synthesized(settings).values()
        for id_, block in stack.get("resource", {}).get(type_, {}).items()
    }


def permissions(settings: Environment, kind: str) -> dict[str, Any]:
    """Return what the policies of a topic say, of roles below ``kind``."""
    return {
        sid: statement
        for id_, policy in resources(settings, "aws_iam_role_policy").items()
        if id_.startswith(kind) and "publish" in id_
        for sid, statement in statements(policy["policy"]).items()
    }


def test_a_program_may_publish_and_use_the_key() -> None:
    job = fargate_job(access=Access(publish=["on-call"]))
    assert permissions(told(job_definitions={"embed": job}), "job_definitions_embed") == {"Publish": PUBLISH}
    found = permissions(told(job_definitions={"embed": job}, topics={"on-call": ENCRYPTED}), "job_definitions_embed")
    assert found == {"Publish": PUBLISH, "PublishWithKey": WITH_KEY}


def test_a_schedule_publishes_with_a_role() -> None:
    schedule = ScheduleSettings(expression="rate(1 day)", target=TopicMessage(topic="on-call", body="look"))
    settings = told(schedules={"daily": schedule})
    (found,) = resources(settings, "aws_scheduler_schedule").values()
    assert (found["target"]["arn"], found["target"]["input"]) == (ARN, "look")
    assert permissions(settings, "schedules_daily") == {"Publish": PUBLISH}


def test_a_pipe_publishes_with_a_role() -> None:
    def of(body: str | None) -> Environment:
        return told(pipes={"asked": PipeSettings(queue="asked", target=TopicMessage(topic="on-call", body=body))})

    (found,) = resources(of(None), "aws_pipes_pipe").values()
    assert (found["target"], found["target_parameters"]) == (ARN, {"input_template": "<$.body>"})
    (found,) = resources(of("<$.body.id> is asked for"), "aws_pipes_pipe").values()
    assert found["target_parameters"] == {"input_template": "<$.body.id> is asked for"}
    assert permissions(of(None), "pipes_asked") == {"Publish": PUBLISH}


def test_a_pipe_publishes_one_message_at_a_time() -> None:
    target = TopicMessage(topic="on-call")
    assert PipeSettings(queue="asked", target=target, batch_size=1)
    assert refused(PipeSettings, queue="asked", target=target, batch_size=2) == ["batch_size: 1, got 2"]


def test_rules_and_buckets_publish_as_the_owner_lets_them() -> None:
    settings = told(
        rules={
            "failed": RuleSettings(event=FAILED, target=TopicMessage(topic="on-call", body='"<$.detail.jobName>"')),
            "again": RuleSettings(event=FAILED, target=TopicMessage(topic="on-call")),
        },
        buckets={
            "data": BucketSettings(
                notifications={
                    "in": TopicNotification(topic="on-call", prefix="incoming/"),
                    "asked": Notification(queue="asked", prefix="asked/"),
                }
            )
        },
    )
    targets = resources(settings, "aws_cloudwatch_event_target").values()
    assert {(target["arn"], "role_arn" in target) for target in targets} == {(ARN, False)}
    (notification,) = resources(settings, "aws_s3_bucket_notification").values()
    assert notification["topic"] == [
        {"id": "in", "topic_arn": ARN, "events": ["s3:ObjectCreated:*"], "filter_prefix": "incoming/"}
    ]
    assert [item["id"] for item in notification["queue"]] == ["asked"]

    outputs = [stack["output"] for stack in synthesized(settings).values() if "topic_policies" in stack["output"]]
    rules = "arn:aws:events:us-east-1:111122223333:rule/terrabatch-test-"
    assert statements(outputs[0]["topic_policies"]["value"]["on-call"]) == {
        "PublishFromEvents": PUBLISH
        | {
            "Principal": {"Service": "events.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": [f"{rules}again", f"{rules}failed"]}},
        },
        "PublishFromS3": PUBLISH
        | {
            "Principal": {"Service": "s3.amazonaws.com"},
            "Condition": {
                "ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::terrabatch-test-data-111122223333"]},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        },
    }
    assert len(outputs) == 1


def test_what_publishes_with_a_role_asks_no_owner() -> None:
    schedule = ScheduleSettings(expression="rate(1 day)", target=TopicMessage(topic="on-call", body="look"))
    found = synthesized(told(schedules={"daily": schedule}))
    assert not any("topic_policies" in stack["output"] for stack in found.values())


def test_a_schedule_has_nothing_to_say_but_a_body() -> None:
    schedule = ScheduleSettings(expression="rate(1 day)", target=TopicMessage(topic="on-call"))
    assert refused(lambda: told(schedules={"daily": schedule})) == ["schedules.daily.target.body: got None"]


def test_a_rule_sends_json() -> None:
    assert refused(RuleSettings, event=FAILED, target=TopicMessage(topic="on-call", body="a job failed")) == [
        "target.body: got 'a job failed'"
    ]
    assert RuleSettings(event=FAILED, target=TopicMessage(topic="on-call", body='"a job failed"'))


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:sns:us-east-1:111122223333:ordered.fifo", "arn:aws:sqs:us-east-1:111122223333:on-call", "on-call"],
)
def test_a_topic_is_a_standard_one_by_its_arn(arn: str) -> None:
    assert refused(ExistingTopic, topic_arn=arn) == [f"topic_arn: got {arn!r}"]


def test_a_topic_is_of_the_region_and_may_be_of_another_account() -> None:
    other = "arn:aws:sns:us-east-1:444455556666:on-call"
    assert told(topics={"on-call": ExistingTopic(topic_arn=other)})
    away = "arn:aws:sns:eu-west-1:111122223333:on-call"
    (problem,) = refused(lambda: told(topics={"on-call": ExistingTopic(topic_arn=away)}))
    assert problem.startswith("topics.on-call.topic_arn: ")


@pytest.mark.parametrize("event_bridge", [True, False])
def test_a_bucket_tells_event_bridge_where_somebody_asks_for_it(event_bridge: bool) -> None:
    found = resources(told(buckets={"data": BucketSettings(event_bridge=event_bridge)}), "aws_s3_bucket_notification")
    assert [block["eventbridge"] for block in found.values()] == [True] * event_bridge


MADE = {"made": NewTopic(emails=["on-call@example.com"])}


def test_a_topic_that_is_made_lets_publish_who_has_no_role() -> None:
    rule = RuleSettings(event=FAILED, target=TopicMessage(topic="made"))
    bucket = BucketSettings(notifications={"all": TopicNotification(topic="made")})
    settings = told(topics=MADE, rules={"failed": rule}, buckets={"data": bucket})
    [policy] = resources(settings, "aws_sns_topic_policy").values()
    allowed = statements(policy["policy"])
    assert set(allowed) == {"DenyWithoutTls", "PublishFromEvents", "PublishFromS3"}
    assert allowed["PublishFromEvents"]["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        "arn:aws:events:us-east-1:111122223333:rule/terrabatch-test-failed"
    ]
    [subscription] = resources(settings, "aws_sns_topic_subscription").values()
    assert subscription["endpoint"] == "on-call@example.com"
    stacks = synthesized(settings)
    assert stacks["test-queues"]["output"]["topics"]["value"].keys() == {"made"}
    assert "topic_policies" not in json.dumps([stack.get("output", {}) for stack in stacks.values()])
    [target] = resources(settings, "aws_cloudwatch_event_target").values()
    assert target["arn"].endswith("topics_made_arn}")


def test_who_publishes_to_a_topic_that_is_made_may_use_its_key() -> None:
    pipeline = PipelineSettings(stages={"told": TopicStage(topic=TopicMessage(topic="made"))}, timeout_seconds=60)
    found = permissions(told(topics=MADE, pipelines={"nightly": pipeline}), "pipelines")
    assert found["Publish"]["Resource"].endswith("topics_made_arn}")
    assert found["PublishWithKey"]["Condition"] == WITH_KEY["Condition"]


def test_a_bucket_is_told_of_a_topic_in_its_stack_once_that_lets_it_publish() -> None:
    bucket = BucketSettings(notifications={"all": TopicNotification(topic="made")})
    settings = told(topics=MADE, buckets={"data": bucket}, layout=OneStack())
    [notification] = resources(settings, "aws_s3_bucket_notification").values()
    assert any(item.startswith("aws_sns_topic_policy.") for item in notification["depends_on"])
