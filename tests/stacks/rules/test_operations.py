from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.operations.settings import Operations
from tests.problems import refused
from tests.stacks.environments import empty_environment


def queues(count: int) -> dict[str, ExistingJobQueue]:
    name = "arn:aws:batch:us-east-1:111122223333:job-queue/" + "a" * 116
    return {f"q{at}": ExistingJobQueue(job_queue_arn=f"{name}{at:02}") for at in range(count)}


def test_as_many_job_queues_are_watched_as_one_pattern_names() -> None:
    assert empty_environment(operations=Operations(), job_queues=queues(23)).operations
    assert refused(lambda: empty_environment(operations=Operations(), job_queues=queues(24))) == [
        "operations.events: 4,096, got 4,147"
    ]
