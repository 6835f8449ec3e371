import json
from typing import Any

import pytest
from cdktf import App

from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings, Notification
from modules.sqs.message_queue import MessageQueue
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from tests.conftest import Synthesized
from tests.stacks.environments import empty_environment
from tests.stacks.placed import queues_stack

REQUESTS = MessageQueueSettings(visibility_timeout_seconds=900)
THEIRS = ExistingQueue(
    queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=30, kms_key_arn=None
)


def stacks(app: App) -> list[PlatformStack]:
    return [child for child in app.node.children if isinstance(child, PlatformStack)]


def synthesized(**changes: Any) -> Synthesized:
    return queues_stack(empty_environment(**changes))


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
        "plain": {
            "arn": f"${{{addresses['plain']}.arn}}",
            "name": "terrabatch-test-plain",
            "url": f"${{{addresses['plain']}.url}}",
        },
        "requests": {
            "name": "terrabatch-test-requests",
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
    EnvironmentQueues(Placement(app, empty_environment(queues={"theirs": THEIRS})))

    assert stacks(app) == []


def test_every_stack_sees_all_queues_and_reads_the_state_of_those_it_uses() -> None:
    app = App(stack_traces=False)
    encrypted = REQUESTS.model_copy(update={"kms_key": NewKmsKey()})
    settings = empty_environment(queues={"theirs": THEIRS, "requests": REQUESTS, "encrypted": encrypted})
    queues, reader = EnvironmentQueues(Placement(app, settings)), PlatformStack(app, settings, "reader")
    seen = queues.seen_from(reader)

    assert list(seen) == ["encrypted", "requests", "theirs"]
    assert (seen["theirs"].queue_arn, seen["theirs"].kms_key_arn) == (THEIRS.queue_arn, None)
    assert "data" not in Synthesized(reader).document
    assert (seen["requests"].queue_name, seen["requests"].kms_key_arn) == ("terrabatch-test-requests", None)
    assert seen["encrypted"].kms_key_arn
    assert queues.seen_from(reader)["requests"] is seen["requests"]
    assert sorted(Synthesized(reader).document["locals"]) == [
        *("queues_encrypted_arn", "queues_encrypted_kms_key_arn", "queues_requests_arn"),
    ]
    with pytest.raises(KeyError):
        seen["others"]


def test_a_shared_dead_letter_queue_is_read_by_its_own_name_and_told_by_every_source() -> None:
    app = App(stack_traces=False)
    sharing = REQUESTS.model_copy(update={"dead_letter_queue": "wrong"})
    wrong = MessageQueueSettings(visibility_timeout_seconds=30, message_retention_seconds=1_209_600)
    settings = empty_environment(queues={"requests": sharing, "wrong": wrong})
    queues, reader = EnvironmentQueues(Placement(app, settings)), PlatformStack(app, settings, "reader")
    dead = queues.seen_from(reader)["requests"].find_dead_letters()

    assert dead is queues.seen_from(reader)["wrong"]
    assert sorted(Synthesized(reader).document["locals"]) == ["queues_requests_arn", "queues_wrong_arn"]
    assert queues.stack
    (output,) = (item for name, item in Synthesized(queues.stack).document["output"].items() if name == "queues")
    told = output["value"]
    assert told["requests"]["dead_letter_arn"] == told["wrong"]["arn"] != told["wrong"]["dead_letter_arn"]


def test_the_stack_of_the_queues_sees_them_themselves() -> None:
    placement = Placement(App(stack_traces=False), empty_environment(queues={"requests": REQUESTS}))
    seen = EnvironmentQueues(placement).seen_from(placement.stack("queues"))

    assert isinstance(seen["requests"], MessageQueue)
    assert seen["requests"].node.path == "test-queues/queues/requests"


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
