"""Functions that are given messages: the event source mapping, and what their roles must be allowed."""

import json
from typing import Any

import pytest
from cdktf import App

from modules.kms.settings import ExistingKmsKey
from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.layout import OneStack
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.policies import statements
from tests.stacks.environments import empty_environment

ARN = "arn:aws:lambda:us-east-1:111122223333:function:process"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
THEIRS = ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:444455556666:theirs", visibility_timeout_seconds=60)
OURS = MessageQueueSettings(visibility_timeout_seconds=60)


def stacks(queue: Any, settings: QueueConsumption = QueueConsumption(), **changes: Any) -> dict[str, Synthesized]:  # noqa: B008  settings cannot change
    app = App(stack_traces=False)
    function = ExistingFunction(function_arn=ARN, timeout_seconds=3, consumes={"requests": settings})
    build_platform(app, empty_environment(queues={"requests": queue}, functions={"process": function}, **changes))
    return {child.node.id: Synthesized(child) for child in app.node.children if isinstance(child, PlatformStack)}


def policy(stack: Synthesized) -> dict[str, Any]:
    found: str = stack.document["output"]["function_policies"]["value"]["process"]["requests"]
    return statements(found)


def test_a_function_is_given_messages_as_its_settings_say() -> None:
    settings = QueueConsumption(
        batch_size=100,
        batching_window_seconds=20,
        maximum_concurrency=5,
        report_batch_item_failures=True,
        enabled=False,
        tags={"team": "search"},
    )
    mapping = stacks(OURS, settings)["test-triggers"].one("aws_lambda_event_source_mapping")
    assert mapping == {
        "batch_size": 100,
        "enabled": False,
        "event_source_arn": "${local.queues_requests_arn}",
        "function_name": ARN,
        "function_response_types": ["ReportBatchItemFailures"],
        "maximum_batching_window_in_seconds": 20,
        "scaling_config": {"maximum_concurrency": 5},
        "tags": {"team": "search"},
    }


@pytest.mark.parametrize(
    ("queue", "window"), [(OURS, 0), (FifoMessageQueueSettings(visibility_timeout_seconds=60), None)]
)
def test_what_is_left_out_is_lambdas_own_and_a_fifo_queue_has_no_window(queue: Any, window: int | None) -> None:
    mapping = stacks(queue)["test-triggers"].one("aws_lambda_event_source_mapping")
    assert mapping.get("maximum_batching_window_in_seconds") == window
    assert (mapping["batch_size"], mapping["enabled"]) == (10, True)
    assert {"scaling_config", "function_response_types"} & mapping.keys() == set()


def test_what_the_role_needs_stands_beside_the_queue_before_anything_needs_it() -> None:
    made = stacks(OURS)
    found = policy(made["test-queues"])
    assert found.keys() == {"ConsumeMessages"}
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} <= set(
        found["ConsumeMessages"]["Action"]
    )
    assert "sqs:SendMessage" not in found["ConsumeMessages"]["Action"]
    assert found["ConsumeMessages"]["Resource"].startswith("${aws_sqs_queue.")
    assert "function_policies" not in made["test-triggers"].document.get("output", {})


def test_the_key_of_a_queue_is_among_what_the_role_needs() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=60, kms_key=ExistingKmsKey(key_arn=KEY))
    found = policy(stacks(queue)["test-queues"])
    assert (found["ConsumeWithKey"]["Action"], found["ConsumeWithKey"]["Resource"]) == ("kms:Decrypt", KEY)


def test_a_queue_of_others_is_consumed_by_its_arn() -> None:
    made = stacks(THEIRS)
    assert list(made) == ["test-triggers"]
    assert made["test-triggers"].one("aws_lambda_event_source_mapping")["event_source_arn"] == THEIRS.queue_arn
    assert policy(made["test-triggers"])["ConsumeMessages"]["Resource"] == THEIRS.queue_arn


def test_one_stack_has_mapping_and_policy() -> None:
    made = stacks(OURS, layout=OneStack())
    assert list(made) == ["test-platform"]
    assert "ConsumeMessages" in policy(made["test-platform"])
    mapping = made["test-platform"].one("aws_lambda_event_source_mapping")
    assert mapping["event_source_arn"].startswith("${aws_sqs_queue.")
    assert json.dumps(made["test-platform"].document).count("aws_lambda_event_source_mapping") == 1
