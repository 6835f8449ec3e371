"""Requested jobs: a queue the definition may use, a share where the queue has shares, parameters it declares, sizes."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from modules.batch.fit import vcpus_of_a_node
from modules.batch.job_rules import capacity_problems, hidden_message_problems
from modules.batch.settings.any_compute_environments import ManagedCapacity
from modules.batch.settings.any_job_definitions import AnyJobDefinitionSettings, JobDefinitionSettings
from modules.batch.settings.job_definitions import Ec2JobDefinition, FargateJobDefinition, MultiNodeJobDefinition
from modules.batch.settings.job_queues import covers
from modules.batch.settings.submissions import SIZES, RequestedJob
from modules.batch.submission import EKS, MAX_REQUEST_BYTES, MULTI_CONTAINER, MULTI_NODE, submit_job_request
from modules.canonical_json import canonical_json
from modules.containers.fargate_sizes import BATCH_FARGATE_MEMORY_MIB, fargate_size_problems
from modules.naming import MOST_TAGS_OF_AWS
from modules.problems import Problem, format_value, nearest
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.job_deadlines import deadline_problems


def job_request_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, *, left_out: Collection[str] = ()
) -> Iterator[Problem]:
    """Yield what keeps Batch from taking the job that the settings at ``path`` ask for, or the job from its end.

    ``left_out``: settings that cannot be passed on by what starts the job.
    """
    job = environment.job_definitions.get(request.job_definition)
    if job is None:
        return
    yield from skip_if_invalid(_queue_problems(path, request, job))
    share_problems = _no_share_problems if "share_identifier" in left_out else _share_problems
    yield from skip_if_invalid(share_problems(environment, path, request, job))
    yield from skip_if_invalid(_job_kind_problems(path, request, job))
    yield from skip_if_invalid(_parameter_problems(path, request, job))
    overrides = list(skip_if_invalid(_override_problems(environment, path, request, job)))
    yield from overrides
    yield from skip_if_invalid(_node_count_problems(environment, path, request, job))
    if not overrides:
        sized = _sized(job, _sizes(request, job)) or job
        yield from skip_if_invalid(deadline_problems(environment, path, request, sized))
    yield from skip_if_invalid(_tag_count_problems(environment, path, request, job))
    if request.timeout_seconds is not None:
        job_path, other = f"job_definitions.{request.job_definition}", (path, request.timeout_seconds)
        yield from skip_if_invalid(hidden_message_problems(job_path, job, environment.queues, other))
    yield from skip_if_invalid(_request_size_problems(environment, path, request))


def share_problems(environment: EnvironmentSettings, where: str, share: str, queue_name: str) -> Iterator[Problem]:
    """Check that the policy of a queue weighs ``share``, which may end in ``*`` where it stands for several."""
    named_by, known = environment.job_queues[queue_name].weights(environment.scheduling_policies)
    if "." not in named_by:
        named_by = f"job_queues.{queue_name}.{named_by}"
    if known and not any(share == item or covers(item, share) or covers(share, item) for item in known):
        rule = f"be one of {named_by} ({', '.join(known)})"
        yield Problem(where, rule, repr(share), "any other share identifier has a weight of 1.0")


def _queue_problems(path: str, request: RequestedJob, job: AnyJobDefinitionSettings) -> Iterator[Problem]:
    if request.job_queue is not None and request.job_queue not in job.job_queues:
        allowed = ", ".join(job.job_queues)
        rule = f"be one of job_definitions.{request.job_definition}.job_queues ({allowed})"
        yield Problem(f"{path}.job_queue", rule, repr(request.job_queue), "the job is checked against these only")


def _share_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check the share identifier: Batch refuses a job without one on a fair-share queue, and with one elsewhere."""
    queue_name = _queue_of(request, job)
    queue = environment.job_queues.get(queue_name)
    if queue is None:
        return
    where = f"{path}.share_identifier"
    share = request.share_identifier or environment.submission_context(request).share_identifier
    if not queue.is_fair_share:
        rule = f"be left out for job_queues.{queue_name}, which has no scheduling_policy"
        if share is not None:
            yield Problem(where, rule, format_value(share), "otherwise Batch refuses the job")
        if (priority := request.scheduling_priority) is not None:
            reason = "without a scheduling policy, a job queue is first in, first out"
            yield Problem(f"{path}.scheduling_priority", rule, format_value(priority), reason)
    elif share is None:
        rule = f"be given for job_queues.{queue_name}, which has a scheduling_policy"
        yield Problem(where, rule, None, "otherwise Batch refuses the job")
    else:
        yield from share_problems(environment, where, share, queue_name)


def _no_share_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check that the queue has no shares, where nobody can say whose share the job counts against."""
    queue_name = _queue_of(request, job)
    queue = environment.job_queues.get(queue_name)
    if queue is not None and queue.is_fair_share:
        yield Problem(
            f"{path}.job_queue",
            "be a job queue without a scheduling_policy",
            repr(queue_name),
            "a rule or pipe cannot pass a share identifier on, and Batch refuses the job without one",
            fix="have a schedule or a pipeline start the job, or add a first-in, first-out queue of the same capacity",
        )


def _parameter_problems(path: str, request: RequestedJob, job: AnyJobDefinitionSettings) -> Iterator[Problem]:
    for name in sorted(set(request.parameters) - set(job.parameters)):
        near = nearest(name, job.parameters)
        known = ", ".join(sorted(job.parameters)) or "none"
        rule = f"name one of job_definitions.{request.job_definition}.parameters"
        fix = f"{f'did you mean {near}? ' if near else ''}known: {known}"
        yield Problem(f"{path}.parameters.{name}", rule, repr(name), fix=fix)


def _override_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check that there is one container whose command or size is replaced, and that there is room for it."""
    changes = request.container_changes
    if isinstance(job, (*EKS, *MULTI_CONTAINER)):
        for name, value in changes.items():
            rule = "be left out for a job with several containers or pods"
            yield Problem(f"{path}.{name}", rule, format_value(value), "it cannot name one of them")
        return
    sizes = _sizes(request, job)
    match job:
        case FargateJobDefinition() if "gpus" in sizes:
            yield Problem(f"{path}.gpus", "be left out on Fargate", format_value(sizes["gpus"]), "it has none")
            return
        case FargateJobDefinition() if sizes:
            size = {"vcpus": job.vcpus, "memory_mib": job.memory_mib, **sizes}
            found = list(fargate_size_problems(size["vcpus"], size["memory_mib"], sizes=BATCH_FARGATE_MEMORY_MIB))
            if found:
                yield from (problem.under(path) for problem in found)
                return
        case Ec2JobDefinition() | MultiNodeJobDefinition() if request.vcpus is not None and request.vcpus % 1:
            yield Problem(f"{path}.vcpus", "be whole on EC2", format_value(request.vcpus), "otherwise Batch refuses it")
            return
    if sizes and (sized := _sized(job, sizes)):
        queues = {name: queue for name, queue in environment.job_queues.items() if name == _queue_of(request, job)}
        yield from capacity_problems(path, sized, queues, environment.compute_environments)


def _sizes(request: RequestedJob, job: AnyJobDefinitionSettings) -> dict[str, Any]:
    """Return the sizes that a request replaces, as settings of the job take them."""
    sizes = {name: value for name, value in request.container_changes.items() if name in SIZES}
    is_whole = "vcpus" in sizes and not sizes["vcpus"] % 1 and not isinstance(job, FargateJobDefinition)
    return sizes | ({"vcpus": int(sizes["vcpus"])} if is_whole else {})


def _sized(job: AnyJobDefinitionSettings, sizes: Mapping[str, Any]) -> AnyJobDefinitionSettings | None:
    """Return the job as it is with other sizes; None if these are not known."""
    match job:
        case FargateJobDefinition() | Ec2JobDefinition():
            return job.model_copy(update=dict(sizes))
        case MultiNodeJobDefinition():
            groups = tuple(group.model_copy(update=dict(sizes)) for group in job.node_groups)
            return job.model_copy(update={"node_groups": groups})
    return None


def _queue_of(request: RequestedJob, job: AnyJobDefinitionSettings) -> str:
    return request.job_queue or job.job_queues[0]


def _node_count_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check another number of nodes: the groups need some, and the capacity has only so many."""
    count = request.node_count
    if count is None or not isinstance(job, MULTI_NODE):
        return
    where = f"{path}.node_count"
    if count < job.least_node_count:
        rule = f"be at least {job.least_node_count} for job_definitions.{request.job_definition}"
        yield Problem(where, rule, format_value(count), "the main node and a node of the last group are required")
    queue = environment.job_queues.get(_queue_of(request, job))
    for name in queue.capacity_names if queue else ():
        capacity = environment.compute_environments.get(name)
        if isinstance(capacity, ManagedCapacity) and isinstance(job, MultiNodeJobDefinition):
            most = int(capacity.max_vcpus // vcpus_of_a_node(job, capacity))
            if count > max(most, job.node_count):
                rule = f"be at most {most:,} on compute_environments.{name}"
                yield Problem(where, rule, format_value(count), f"its max_vcpus are {capacity.max_vcpus:,}")


def _tag_count_problems(
    environment: EnvironmentSettings, path: str, request: RequestedJob, job: AnyJobDefinitionSettings
) -> Iterator[Problem]:
    """Check how many tags a task gets: those of the job and of its definition."""
    count = len({*environment.all_tags, *(job.tags if isinstance(job, JobDefinitionSettings) else ()), *request.tags})
    if count > MOST_TAGS_OF_AWS:
        rule = f"come to at most {MOST_TAGS_OF_AWS} with those of the environment and of the job definition"
        yield Problem(f"{path}.tags", rule, format_value(count), "otherwise Batch fails the job")


def _job_kind_problems(path: str, request: RequestedJob, job: AnyJobDefinitionSettings) -> Iterator[Problem]:
    multi_node = isinstance(job, MULTI_NODE)
    if multi_node and request.array_size is not None:
        got, reason = format_value(request.array_size), "array jobs cannot be multi-node"
        yield Problem(f"{path}.array_size", "be left out for a multi-node job", got, reason)
    if not multi_node and request.node_count is not None:
        rule = "be left out unless it is a multi-node job"
        fix = "use array_size for many jobs of a kind"
        yield Problem(f"{path}.node_count", rule, format_value(request.node_count), fix=fix)


def _request_size_problems(environment: EnvironmentSettings, path: str, request: RequestedJob) -> Iterator[Problem]:
    name = path.rpartition(".")[2]
    document = submit_job_request(name, request, environment.submission_context(request))
    size = len(canonical_json(document).encode())
    if size > MAX_REQUEST_BYTES:
        rule = f"take at most {MAX_REQUEST_BYTES:,} bytes as a request"
        yield Problem(path, rule, format_value(size), fix="move long values into a bucket and pass their keys")
