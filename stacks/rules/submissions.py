"""Submissions: a queue the definition may use, a share where the queue has shares, dependencies that can be met."""

from collections.abc import Iterator

from modules.batch.fit import vcpus_of_a_node
from modules.batch.job_rules import hidden_message_problems
from modules.batch.settings.compute_environments import ManagedCapacity
from modules.batch.settings.job_definitions import JobDefinitionSettings, MultiNodeJobDefinition
from modules.batch.settings.job_queues import covers
from modules.batch.settings.submissions import JobSubmission
from modules.batch.submission import MAX_REQUEST_BYTES, submit_job_request
from modules.canonical_json import canonical_json
from modules.cycles import cycle_in
from modules.naming import MOST_TAGS_OF_AWS
from modules.problems import Problem, format_value, nearest
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings


def check_submissions(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check every submission on its own, then that no two wait for each other."""
    for name, submission in environment.submissions.items():
        job = environment.job_definitions.get(submission.job_definition)
        if job is not None:
            path = f"submissions.{name}"
            yield from skip_if_invalid(_queue_problems(path, submission, job))
            yield from skip_if_invalid(_share_problems(environment, path, submission, job))
            yield from skip_if_invalid(_job_kind_problems(path, submission, job))
            yield from skip_if_invalid(_parameter_problems(path, submission, job))
            yield from skip_if_invalid(_node_count_problems(environment, path, submission, job))
            yield from skip_if_invalid(_tag_count_problems(environment, path, submission, job))
            if submission.timeout_seconds is not None:
                job_path, other = f"job_definitions.{submission.job_definition}", (path, submission.timeout_seconds)
                yield from skip_if_invalid(hidden_message_problems(job_path, job, environment.queues, other))
            yield from skip_if_invalid(_request_size_problems(environment, name, submission))
        yield from skip_if_invalid(_child_problems(environment, f"submissions.{name}", submission))
    yield from _cycle_problems(environment)


def share_problems(environment: EnvironmentSettings, where: str, share: str, policy_name: str) -> Iterator[Problem]:
    """Check that a scheduling policy weighs ``share``, which may end in ``*`` where it stands for several."""
    policy = environment.scheduling_policies.get(policy_name)
    known = sorted(policy.shares) if policy else []
    if known and not any(share == item or covers(item, share) or covers(share, item) for item in known):
        rule = f"be one of scheduling_policies.{policy_name}.shares ({', '.join(known)})"
        yield Problem(where, rule, repr(share), "any other share has the weight 1.0")


def _queue_problems(path: str, submission: JobSubmission, job: JobDefinitionSettings) -> Iterator[Problem]:
    if submission.job_queue is not None and submission.job_queue not in job.job_queues:
        allowed = ", ".join(job.job_queues)
        rule = f"be one of job_definitions.{submission.job_definition}.job_queues ({allowed})"
        yield Problem(f"{path}.job_queue", rule, repr(submission.job_queue), "the job is known to fit those only")


def _share_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check the share identifier: Batch refuses a job without one on a fair-share queue, and with one elsewhere."""
    queue_name = submission.job_queue or job.job_queues[0]
    queue = environment.job_queues.get(queue_name)
    if queue is None:
        return
    where, share = f"{path}.share_identifier", submission.share_identifier
    if queue.scheduling_policy is None:
        for name, value in (("share_identifier", share), ("scheduling_priority", submission.scheduling_priority)):
            if value is not None:
                rule = f"be left out for job_queues.{queue_name}, which has no scheduling_policy"
                reason = (
                    "otherwise Batch refuses the job"
                    if name == "share_identifier"
                    else "without a scheduling policy, a job queue is first in, first out"
                )
                yield Problem(f"{path}.{name}", rule, format_value(value), reason)
    elif share is None:
        rule = f"be given for job_queues.{queue_name}, which has a scheduling_policy"
        yield Problem(where, rule, None, "otherwise Batch refuses the job")
    else:
        yield from share_problems(environment, where, share, queue.scheduling_policy)


def _parameter_problems(path: str, submission: JobSubmission, job: JobDefinitionSettings) -> Iterator[Problem]:
    for name in sorted(set(submission.parameters) - set(job.parameters)):
        near = nearest(name, job.parameters)
        known = ", ".join(sorted(job.parameters)) or "none"
        rule = f"name one of job_definitions.{submission.job_definition}.parameters"
        fix = f"{f'did you mean {near}? ' if near else ''}known: {known}"
        yield Problem(f"{path}.parameters.{name}", rule, repr(name), fix=fix)


def _node_count_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check another number of nodes: the groups need some, and the capacity has only so many."""
    count = submission.node_count
    if count is None or not isinstance(job, MultiNodeJobDefinition):
        return
    where = f"{path}.node_count"
    if count < job.least_node_count:
        rule = f"be at least {job.least_node_count} for job_definitions.{submission.job_definition}"
        yield Problem(where, rule, format_value(count), "the main node and a node of the last group must be among them")
    queue = environment.job_queues.get(submission.job_queue or job.job_queues[0])
    for name in queue.compute_environments if queue else ():
        capacity = environment.compute_environments.get(name)
        if isinstance(capacity, ManagedCapacity):
            most = int(capacity.max_vcpus // vcpus_of_a_node(job, capacity))
            if count > max(most, job.node_count):
                rule = f"be at most {most:,} on compute_environments.{name}"
                yield Problem(where, rule, format_value(count), f"its max_vcpus are {capacity.max_vcpus:,}")


def _tag_count_problems(
    environment: EnvironmentSettings, path: str, submission: JobSubmission, job: JobDefinitionSettings
) -> Iterator[Problem]:
    """Check how many tags a task gets: those of the job and of its definition."""
    count = len({*environment.all_tags, *job.tags, *submission.tags})
    if count > MOST_TAGS_OF_AWS:
        rule = f"come to at most {MOST_TAGS_OF_AWS} with those of the environment and of the job definition"
        yield Problem(f"{path}.tags", rule, format_value(count), "otherwise Batch fails the job")


def _job_kind_problems(path: str, submission: JobSubmission, job: JobDefinitionSettings) -> Iterator[Problem]:
    multi_node = isinstance(job, MultiNodeJobDefinition)
    if multi_node and submission.array_size is not None:
        yield Problem(
            f"{path}.array_size",
            "be left out for a multi-node job",
            format_value(submission.array_size),
            "Batch has no arrays of multi-node jobs",
        )
    if not multi_node and submission.node_count is not None:
        rule = "be left out unless it is a multi-node job"
        yield Problem(
            f"{path}.node_count",
            rule,
            format_value(submission.node_count),
            fix="use array_size for many jobs of a kind",
        )


def _child_problems(environment: EnvironmentSettings, path: str, submission: JobSubmission) -> Iterator[Problem]:
    for index, dependency in enumerate(submission.depends_on):
        other = environment.submissions.get(dependency.submission)
        if dependency.type == "N_TO_N" and other is not None and other.array_size != submission.array_size:
            yield Problem(
                f"{path}.array_size",
                f"equal submissions.{dependency.submission}.array_size ({format_value(other.array_size)})",
                format_value(submission.array_size),
                f"depends_on[{index}] pairs the children of both",
            )


def _cycle_problems(environment: EnvironmentSettings) -> Iterator[Problem]:
    edges = {
        name: [dependency.submission for dependency in submission.__dict__.get("depends_on", ())]
        for name, submission in environment.submissions.items()
    }
    circle = cycle_in(edges)
    if circle:
        yield Problem("submissions", "have no cycle in depends_on", circle, "none of them could be submitted first")


def _request_size_problems(environment: EnvironmentSettings, name: str, submission: JobSubmission) -> Iterator[Problem]:
    request = submit_job_request(name, submission, environment.submission_context(submission))
    size = len(canonical_json(request).encode())
    if size > MAX_REQUEST_BYTES:
        rule = f"take at most {MAX_REQUEST_BYTES:,} bytes as a request"
        yield Problem(
            f"submissions.{name}", rule, format_value(size), fix="move long values into a bucket and pass their keys"
        )
