"""Job queues that somebody else owns: what is refused, on both sides of each limit."""

from typing import Any

import pytest

from modules.batch.settings.existing_job_queues import ExistingJobQueue
from modules.naming import AwsLocation
from tests.problems import refused

ARN = "arn:aws:batch:us-east-1:111122223333:job-queue/"


def theirs(**changes: Any) -> ExistingJobQueue:
    return ExistingJobQueue(**{"job_queue_arn": f"{ARN}shared"} | changes)


@pytest.mark.parametrize("name", ["a", "x" * 128, "Shared_1-a"])
def test_a_queue_is_named_by_its_arn(name: str) -> None:
    queue = theirs(job_queue_arn=f"{ARN}{name}")
    (given,) = queue.names("tb-test-main", AwsLocation("us-east-1", "111122223333"))
    assert (given.kind, given.text, given.is_made) == ("job queue", name, False)


@pytest.mark.parametrize("name", ["", "x" * 129, "a/b", "a.b"])
def test_nothing_else_names_a_queue(name: str) -> None:
    (found,) = refused(theirs, job_queue_arn=f"{ARN}{name}")
    assert found.startswith(f"job_queue_arn: got '{ARN}")


@pytest.mark.parametrize(("shares", "is_fair"), [(None, False), ((), True), (("ads", "search*"), True)])
def test_a_queue_with_shares_has_a_policy(shares: Any, is_fair: bool) -> None:
    queue = theirs(shares=shares)
    assert queue.is_fair_share is is_fair
    assert queue.weights({}) == ("shares", sorted(shares or ()))


@pytest.mark.parametrize("share", ["", "a-b", "*", "a**"])
def test_a_share_is_what_batch_takes_as_one(share: str) -> None:
    (found,) = refused(theirs, shares=[share])
    assert found.startswith("shares[0]: ")


@pytest.mark.parametrize(
    ("name", "found"), [("x" * 512, 0), ("x" * 513, 1), ("/aws/batch/a#b", 0), ("a:b", 1), ("", 1)]
)
def test_jobs_write_to_a_log_group(name: str, found: int) -> None:
    if found:
        assert refused(theirs, log_group_name=name)[0].startswith("log_group_name: ")
    else:
        assert theirs(log_group_name=name).log_group_name == name
