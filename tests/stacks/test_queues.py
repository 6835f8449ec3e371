import json
from typing import Any

from cdktf import App

from modules.s3.settings import BucketSettings, Notification
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.queues import QueuesStack, define_queues
from stacks.state import LocalState
from tests.conftest import Synthesized

REQUESTS = MessageQueueSettings(visibility_timeout_seconds=900)
THEIRS = ExistingQueue(
    queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=30, kms_key_arn=None
)


def environment(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "name": "test",
        "account_id": "111122223333",
        "region": "us-east-1",
        "production": False,
        "state": LocalState(),
    }
    return Environment(**values | changes)


def stacks(app: App) -> list[PlatformStack]:
    return [child for child in app.node.children if isinstance(child, PlatformStack)]


def synthesized(**changes: Any) -> Synthesized:
    return Synthesized(QueuesStack(App(stack_traces=False), environment(**changes)))


def test_every_queue_is_made_under_the_environment_s_name() -> None:
    made = synthesized(queues={"requests": REQUESTS, "results": FifoMessageQueueSettings(visibility_timeout_seconds=1)})

    assert {queue["name"] for queue in made.all("aws_sqs_queue")} == {
        "terrabatch-test-requests",
        "terrabatch-test-requests-dlq",
        "terrabatch-test-results.fifo",
        "terrabatch-test-results-dlq.fifo",
    }


def test_the_outputs_tell_where_to_send_receive_and_look_for_dead_letters() -> None:
    made = synthesized(queues={"requests": REQUESTS, "plain": REQUESTS.model_copy(update={"max_receive_count": None})})
    addresses = {
        name: made.address("aws_sqs_queue", f"terrabatch-test-{name}") for name in ("requests", "requests-dlq", "plain")
    }

    assert made.document["output"]["queues"]["value"] == {
        "plain": {"arn": f"${{{addresses['plain']}.arn}}", "url": f"${{{addresses['plain']}.url}}"},
        "requests": {
            "arn": f"${{{addresses['requests']}.arn}}",
            "url": f"${{{addresses['requests']}.url}}",
            "dead_letter_arn": f"${{{addresses['requests-dlq']}.arn}}",
            "dead_letter_url": f"${{{addresses['requests-dlq']}.url}}",
        },
    }


def test_the_order_of_the_queues_does_not_matter() -> None:
    queues = {"requests": REQUESTS, "a": REQUESTS}

    assert synthesized(queues=queues).document == synthesized(queues=dict(reversed(queues.items()))).document


def test_without_queues_of_its_own_an_environment_has_no_such_stack() -> None:
    app = App(stack_traces=False)

    assert define_queues(app, environment()) == {}
    assert stacks(app) == []


def test_queues_of_somebody_else_s_are_there_to_refer_to_and_made_by_nobody() -> None:
    app = App(stack_traces=False)
    queues = define_queues(app, environment(queues={"theirs": THEIRS}))

    assert queues["theirs"].queue_arn == THEIRS.queue_arn
    assert stacks(app) == []


def test_both_kinds_of_queue_can_be_referred_to() -> None:
    app = App(stack_traces=False)
    queues = define_queues(app, environment(queues={"theirs": THEIRS, "requests": REQUESTS}))

    assert set(queues) == {"theirs", "requests"}
    assert isinstance(queues["requests"], MessageQueue)
    (stack,) = stacks(app)
    assert {queue["name"] for queue in Synthesized(stack).all("aws_sqs_queue")} == {
        "terrabatch-test-requests",
        "terrabatch-test-requests-dlq",
    }


def test_a_bucket_may_tell_a_queue_what_happens_to_its_objects() -> None:
    made = synthesized(
        queues={"requests": REQUESTS},
        buckets={
            "data": BucketSettings(
                notifications={
                    "new": Notification(queue="requests", prefix="a/"),
                    "other": Notification(queue="requests", prefix="b/"),
                }
            )
        },
    )

    policies = [json.loads(policy["policy"])["Statement"] for policy in made.all("aws_sqs_queue_policy")]
    (statement,) = [item for policy in policies for item in policy if item["Sid"] == "SendFromS3"]
    assert statement["Condition"] == {
        "ArnEquals": {"aws:SourceArn": ["arn:aws:s3:::terrabatch-test-data-111122223333"]},
        "StringEquals": {"aws:SourceAccount": "111122223333"},
    }


def test_an_environment_may_be_called_like_what_another_uses_of_somebody_elses() -> None:
    app = App(stack_traces=False)
    define_queues(app, environment(name="dev", queues={"theirs": THEIRS}))
    define_queues(app, environment(name="dev-existing", queues={"requests": REQUESTS}))
    assert [stack.node.id for stack in stacks(app)] == ["dev-existing-queues"]
