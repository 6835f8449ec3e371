from typing import Any

from modules.backlogs.settings import BacklogSettings
from modules.batch.settings.submissions import JobRequest
from modules.pipes.settings import PipeSettings
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import Drain
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job


def backlogged(job: str = "embed", *, changes: Any = None, **request: Any) -> Environment:
    backlog = BacklogSettings(
        queue="requests",
        job=JobRequest(job_definition=job, **request),
        messages_per_child=10,
        max_children=4,
    )
    return environment(backlogs={"night": backlog}, **(changes or {}))


def test_the_job_of_a_backlog_is_checked_like_any_job() -> None:
    assert backlogged()
    assert refused(backlogged, job_queue="large") == ["backlogs.night.job.job_queue: got 'large'"]


def test_the_job_takes_the_messages_of_the_queue() -> None:
    assert refused(backlogged, job="index") == ["job_definitions.index.access.consume: got none"]


def test_a_job_of_several_nodes_is_no_array() -> None:
    assert "backlogs.night.job.job_definition: got 'train'" in refused(backlogged, job="train")


def test_the_queue_hides_a_message_longer_than_one_takes() -> None:
    def hiding(seconds: int) -> Environment:
        queues = {"requests": MessageQueueSettings(visibility_timeout_seconds=seconds)}
        job = fargate_job(longest_message_seconds=100)
        return backlogged(changes={"queues": queues, "job_definitions": {"embed": job}})

    assert hiding(101)
    assert refused(hiding, seconds=100) == ["queues.requests.visibility_timeout_seconds: 100, got 100"]


def test_a_pipe_starts_what_one_message_is_for() -> None:
    queues = {"more": MessageQueueSettings(visibility_timeout_seconds=30)}
    pipe = PipeSettings(queue="more", target=Drain(backlog="night"))
    assert refused(backlogged, changes={"queues": queues, "pipes": {"go": pipe}}) == ["pipes.go.target: got a Drain"]
