from typing import Any

import pytest

from modules.batch.settings.job_queues import JobQueueSettings
from modules.batch.settings.submissions import JobRequest
from modules.lambda_functions.settings import ExistingFunction
from modules.pipes.settings import PipeSettings
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings, QueueSettings
from modules.targets.settings import FunctionCall, QueueMessage
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import environment

JOB = JobRequest(job_definition="embed")
CALL = FunctionCall(function="notify")
NOTIFY = ExistingFunction(function_arn="arn:aws:lambda:us-east-1:111122223333:function:notify")


def piped(queue: QueueSettings | None = None, *, changes: Any = None, **pipe: Any) -> Environment:
    values: dict[str, Any] = {"queue": "intake", "target": JOB} | pipe
    return environment(
        queues={"intake": queue or MessageQueueSettings(visibility_timeout_seconds=60)},
        functions={"notify": NOTIFY},
        pipes={"embed": PipeSettings(**values)},
        **(changes or {}),
    )


def test_what_a_pipe_starts_is_checked_like_any_job() -> None:
    assert piped()
    request = JobRequest(job_definition="embed", job_queue="large", timeout_seconds=60)
    assert refused(piped, target=request) == [
        "pipes.embed.target.job_queue: got 'large'",
        "pipes.embed.target.timeout_seconds: got 60",
    ]


def test_a_pipe_submits_to_queues_without_shares() -> None:
    shared = {"job_queues": {"light": JobQueueSettings(compute_environments=["light"], scheduling_policy="teams")}}
    assert "pipes.embed.target.job_queue: got 'light'" in refused(piped, changes=shared)


def test_messages_of_a_pipe_end_in_a_dead_letter_queue() -> None:
    queue = MessageQueueSettings(visibility_timeout_seconds=60, max_receive_count=None)
    assert refused(piped, queue=queue) == ["queues.intake.max_receive_count: got None"]


def test_a_message_is_kept_until_all_its_tries_are_over() -> None:
    def kept(seconds: int) -> Environment:
        return piped(
            MessageQueueSettings(
                visibility_timeout_seconds=100, delay_seconds=10, max_receive_count=5, message_retention_seconds=seconds
            )
        )

    assert kept(511)
    assert refused(kept, seconds=510) == ["queues.intake.message_retention_seconds: 510, got 510"]


def test_a_message_stays_hidden_while_others_are_collected() -> None:
    assert piped(target=CALL, batch_size=20, batch_window_seconds=59)
    assert refused(piped, target=CALL, batch_size=20, batch_window_seconds=60) == [
        "queues.intake.visibility_timeout_seconds: 60, got 60"
    ]


@pytest.mark.parametrize(
    "queue",
    [
        FifoMessageQueueSettings(visibility_timeout_seconds=60),
        ExistingQueue(queue_arn="arn:aws:sqs:us-east-1:111122223333:x.fifo", visibility_timeout_seconds=60),
    ],
)
def test_a_fifo_queue_hands_over_ten_messages_at_once(queue: QueueSettings) -> None:
    assert piped(queue, target=CALL, batch_size=10)
    assert refused(piped, queue=queue, target=CALL, batch_size=11, batch_window_seconds=1) == [
        "pipes.embed.batch_size: 10, got 11",
        "pipes.embed.batch_window_seconds: 0, got 1",
    ]


@pytest.mark.parametrize("arn", ["arn:aws:sqs:us-east-1:444455556666:x", "arn:aws:sqs:us-east-2:111122223333:x"])
def test_a_pipe_reads_queues_of_its_own_account_and_region(arn: str) -> None:
    queue = ExistingQueue(queue_arn=arn, visibility_timeout_seconds=60)
    (found,) = refused(piped, queue=queue)
    assert found.startswith("queues.intake.queue_arn: ")
    assert found.endswith(f"got '{arn}'")


def test_a_pipe_does_not_feed_itself() -> None:
    message = QueueMessage(queue="intake")
    assert refused(piped, target=message) == ["pipes.embed.target.queue: got 'intake'"]
