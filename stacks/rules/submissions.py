"""Submissions: a queue the definition may use, a share where the queue has shares, dependencies that can be met."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from modules.batch.settings.job_definitions import JobDefinitionSettings, MultiNodeJobDefinition
from modules.batch.settings.submissions import JobSubmission
from modules.batch.submission import MAX_REQUEST_BYTES, submit_job_request
from modules.canonical_json import canonical_json
from modules.problems import Problem, shown
from modules.settings import readable

if TYPE_CHECKING:
    from stacks.environment import Environment


def submissions_are_well(environment: Environment) -> Iterator[Problem]:
    """Check every submission on its own, then that no two wait for each other."""
    for name, submission in environment.submissions.items():
        job = environment.job_definitions.get(submission.job_definition)
        if job is not None:
            path = f"submissions.{name}"
            yield from readable(_queue_is_one_of_the_jobs(path, submission, job))
            yield from readable(_share_where_there_are_shares(environment, path, submission, job))
            yield from readable(_kind_of_job_allows(path, submission, job))
            yield from readable(_request_is_small(environment, name, submission))
        yield from readable(_children_pair_up(environment, f"submissions.{name}", submission))
    yield from _no_circle(environment)


def _queue_is_one_of_the_jobs(path: str, submission: JobSubmission, job: JobDefinitionSettings) -> Iterator[Problem]:
    if submission.job_queue is not None and submission.job_queue not in job.job_queues:
        allowed = ", ".join(job.job_queues)
        rule = f"be one of job_definitions.{submission.job_definition}.job_queues ({allowed})"
        yield Problem(
            f"{path}.job_queue", rule, repr(submission.job_queue), "whether it fits is checked for those only"
        )


def _share_where_there_are_shares(
    environment: Environment, path: str, submission: JobSubmission, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check the share identifier: Batch refuses a job without one on a fair-share queue, and with one elsewhere."""
    queue_name = submission.job_queue or job.job_queues[0]
    queue = environment.job_queues.get(queue_name)
    if queue is None:
        return
    where, share = f"{path}.share_identifier", submission.share_identifier
    if queue.scheduling_policy is None:
        if share is not None:
            rule = f"be left out for job_queues.{queue_name}, which has no scheduling_policy"
            yield Problem(where, rule, repr(share), "Batch refuses the job")
    elif share is None:
        rule = f"be given for job_queues.{queue_name}, which has a scheduling_policy"
        yield Problem(where, rule, None, "Batch refuses the job")
    elif queue.scheduling_policy in environment.scheduling_policies:
        policy = environment.scheduling_policies[queue.scheduling_policy]
        known = sorted(policy.shares)
        if known and not any(share == item or _covers(item, share) for item in known):
            rule = f"be one of scheduling_policies.{queue.scheduling_policy}.shares ({', '.join(known)})"
            yield Problem(where, rule, repr(share), "any other would get the weight 1.0")


def _covers(identifier: str, share: str) -> bool:
    return identifier.endswith("*") and share.startswith(identifier[:-1])


def _kind_of_job_allows(path: str, submission: JobSubmission, job: JobDefinitionSettings) -> Iterator[Problem]:
    multi_node = isinstance(job, MultiNodeJobDefinition)
    if multi_node and submission.array_size is not None:
        yield Problem(
            f"{path}.array_size",
            "be left out for a multi-node job",
            shown(submission.array_size),
            "Batch has no arrays of these",
        )
    if not multi_node and submission.node_count is not None:
        rule = "be left out for what is no multi-node job"
        yield Problem(f"{path}.node_count", rule, shown(submission.node_count), "use array_size for many of a kind")


def _children_pair_up(environment: Environment, path: str, submission: JobSubmission) -> Iterator[Problem]:
    for index, dependency in enumerate(submission.depends_on):
        other = environment.submissions.get(dependency.submission)
        if dependency.type == "N_TO_N" and other is not None and other.array_size != submission.array_size:
            yield Problem(
                f"{path}.array_size",
                f"equal submissions.{dependency.submission}.array_size ({shown(other.array_size)})",
                shown(submission.array_size),
                f"depends_on[{index}] pairs the children of both",
            )


def _no_circle(environment: Environment) -> Iterator[Problem]:
    edges = {
        name: [dependency.submission for dependency in submission.__dict__.get("depends_on", ())]
        for name, submission in environment.submissions.items()
    }
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        yield Problem("submissions", "have no circle of depends_on", circle, "none of them could be submitted first")


def _request_is_small(environment: Environment, name: str, submission: JobSubmission) -> Iterator[Problem]:
    request = submit_job_request(name, submission, environment.submission_context(submission))
    size = len(canonical_json(request).encode())
    if size > MAX_REQUEST_BYTES:
        rule = f"take at most {MAX_REQUEST_BYTES:,} bytes as a request"
        yield Problem(f"submissions.{name}", rule, shown(size), "put what is long into a bucket and pass its key")
