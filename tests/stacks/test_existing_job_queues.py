"""What waits in somebody else's job queue is what waits in a made one: nothing more, nothing less, nothing else."""

from typing import Any

import pytest

from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.batch.settings.job_queues import AnyJobQueueSettings, FairSharePolicySettings, JobQueueSettings
from modules.batch.settings.submissions import JobSubmission
from modules.batch.settings.teams import TeamAccess
from modules.iam.access_settings import Access
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import environment, fargate_job
from tests.stacks.twins import beside, documents, made_of

ARN = "arn:aws:batch:us-east-1:111122223333:job-queue/terrabatch-test-shared"
MADE = JobQueueSettings(compute_environments=["light"], scheduling_policy="weights")
EXISTING = ExistingJobQueue(
    job_queue_arn=ARN, shares=["ads", "search*"], log_group_name="/aws/batch/terrabatch-test-shared"
)
SHARES = FairSharePolicySettings(shares={"ads": 1.0, "search*": 2.0})
# What a reference to the made queue and its log group stands for.
MEANT = {
    r"\$\{aws_batch_job_queue\.job_queues_shared_[^}]*\.arn\}": ARN,
    r"\$\{aws_cloudwatch_log_group\.job_queues_shared_[^}]*\.name\}": "/aws/batch/terrabatch-test-shared",
    r"\$\{aws_cloudwatch_log_group\.job_queues_shared_[^}]*\.arn\}": (
        "arn:aws:logs:us-east-1:111122223333:log-group:/aws/batch/terrabatch-test-shared"
    ),
}


def platform(queue: AnyJobQueueSettings, share: str | None = "ads", **job: Any) -> Environment:
    access = Access(consume=["requests"], submit=["embed"])
    return environment(
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=601)},
        scheduling_policies={"weights": SHARES, "teams": FairSharePolicySettings()},
        job_queues={"shared": queue},
        job_definitions={
            "embed": fargate_job(**{"job_queues": ["shared"], "scheduling_priority": 1, "access": access} | job)
        },
        submissions={"once": JobSubmission(job_definition="embed", share_identifier=share)},
        teams={"search": TeamAccess(tag_value="search", shared_job_queues=["shared"], share_identifier="search*")},
    )


def test_jobs_teams_and_requests_are_the_same_whoever_owns_the_queue() -> None:
    made, existing = documents(platform(MADE), MEANT), documents(platform(EXISTING), MEANT)
    assert "aws_batch_job_queue" in {address.partition(".")[0] for address in made_of(made, "job_queues_shared")}
    assert made_of(existing, "job_queues_shared") == []
    assert beside(existing, "job_queues_shared") == beside(made, "job_queues_shared")


@pytest.mark.parametrize("queue", [MADE, EXISTING])
def test_a_job_and_its_requests_are_checked_alike(queue: AnyJobQueueSettings) -> None:
    assert refused(lambda: platform(queue, scheduling_priority=None)) == ["job_definitions.embed.scheduling_priority"]
    assert refused(lambda: platform(queue, share=None)) == ["submissions.once.share_identifier"]
    assert platform(queue, share="search1").name == "test"
    assert refused(lambda: platform(queue, share="other")) == ["submissions.once.share_identifier: got 'other'"]


def test_a_queue_without_shares_takes_none() -> None:
    queue = EXISTING.model_copy(update={"shares": None})
    found = refused(lambda: platform(queue))
    assert found[:1] == ["job_definitions.embed.scheduling_priority: got 1"]
    assert "submissions.once.share_identifier: got 'ads'" in found
