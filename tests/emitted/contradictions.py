"""Settings that nothing can make valid: each number at its edges, and then what the problems name changed as they say.

Where an edge is refused, whatever a problem names is tried at the numbers that it tells, at its default, at its own
edges, and left out. Where none of these changes, one after the other, leaves an environment that is accepted with the
edge still in it, rules exclude each other, or the edge is none.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from modules.problems import Problem
from modules.settings import Settings, collect_problems, nested_problems
from reference.classes import concrete_settings
from stacks.environment import Environment
from tests.emitted.edges import bounds_of, plain_types
from tests.emitted.generated import bases
from tests.generated import objects_in, replaced
from tests.problems import NUMBER

NAME = re.compile(r"[a-z][\w-]*(?:\.[\w-]+|\[\d+\])*")
STEP = re.compile(r"[\w-]+")
MOST_STEPS, KEPT, MOST_PLACES, MOST_ALIKE = 4, 4, 3, 8

Path = tuple[Any, ...]
Place = tuple[Environment, Path]

LARGER = "needs instance types that have as much, which no message names; none in the table has 16 GPUs yet"
YEAR = "needs a pipeline with nothing else in it, which takes a year at most"
BOUNDS = "needs the bound on the other side changed, which the message does not name"
PRODUCTION = "needs an environment that is not production, or a waiver; those here that have it are production"
SHARED = "needs a job queue with a scheduling policy, which no message can make"
# Settings with an edge that nothing in the environments here leads to, and what does.
UNREACHED: Mapping[str, str] = {
    "CapacityStep.timeout_seconds": YEAR,
    "DriverJobLogs.driver": "any on instances; those here are on Fargate",
    "Ec2Container.cpu_units": LARGER,
    "Ec2Container.essential": "needs a second container that is",
    "Ec2Container.gpus": LARGER,
    "Ec2JobContainer.architecture": "needs all containers and the instance types changed at once",
    "Ec2JobContainer.gpus": LARGER,
    "Ec2JobContainer.privileged": PRODUCTION,
    "Ec2JobContainer.read_only_root_filesystem": PRODUCTION,
    "Ec2JobContainer.user": PRODUCTION,
    "Ec2JobDefinition.architecture": "needs the instance types changed, too",
    "Ec2JobDefinition.gpus": LARGER,
    "Ec2MultiContainerJobDefinition.longest_message_seconds": "needs a queue to consume, and a longer timeout",
    "Ec2MultiContainerJobDefinition.scheduling_priority": SHARED,
    "Ec2Task.architecture": "needs the instance types changed, too",
    "Ec2Task.vcpus": LARGER,
    "EksContainer.gpus": LARGER,
    "EksInitContainer.gpus": LARGER,
    "EksJobDefinition.scheduling_priority": SHARED,
    "ExistingComputeEnvironment.kind": "needs other jobs in its queues",
    "ExistingEksJobDefinition.scheduling_priority": SHARED,
    "ExistingJobDefinition.scheduling_priority": SHARED,
    "ExistingMultiContainerJobDefinition.scheduling_priority": SHARED,
    "ExistingMultiNodeJobDefinition.scheduling_priority": SHARED,
    "ExistingQueue.dead_letter_queue_arn": "needs that nobody moves its dead letters back",
    "ExistingQueue.visibility_timeout_seconds": "needs a worker with shorter messages",
    "FanOutStage.timeout_seconds": YEAR,
    "FargateContainer.essential": "needs a second container that is",
    "FargateJobContainer.memory_mib": "needs another container that has the rest of a size of Fargate",
    "FargateJobContainer.vcpus": "needs another container that has the rest of a size of Fargate",
    "FargateJobDefinition.scheduling_priority": SHARED,
    "FargateMultiContainerJobDefinition.scheduling_priority": SHARED,
    "FunctionStage.timeout_seconds": YEAR,
    "HttpState.lock": PRODUCTION,
    "IsNumber.above": BOUNDS,
    "IsNumber.at_least": BOUNDS,
    "IsNumber.at_most": BOUNDS,
    "IsNumber.below": BOUNDS,
    "JobRequest.gpus": "needs a job on instances",
    "JobRequest.node_count": "needs a multi-node job; those here are started by hand",
    "JobRequest.scheduling_priority": SHARED,
    "JobRequest.sequential": "needs an array, which not every kind of target has",
    "JobRequest.share_identifier": "is for one kind of job queue, and None for the other",
    "JobStage.timeout_seconds": YEAR,
    "JobSubmission.gpus": "needs a job on instances",
    "JobSubmission.node_count": "needs a multi-node job",
    "MultiNodeJobDefinition.scheduling_priority": SHARED,
    "NodeGroup.architecture": "needs the instance types changed, too",
    "NodeGroup.gpus": LARGER,
    "OwnNetworkLoadBalancer.protocol": "needs a port of that protocol",
    "PipelineFanOutStage.timeout_seconds": YEAR,
    "PipelineSettings.timeout_seconds": "needs stages that take no longer than a minute",
    "PipelineStage.timeout_seconds": YEAR,
    "PlacementStrategy.field": "is for one kind, and None for another",
    "QueueMessage.body": "must be given for a schedule, and may not for what passes on a message",
    "QueueMessage.message_group_id": "is for FIFO queues, and None for others",
    "QueueStage.timeout_seconds": YEAR,
    "ReceiveStage.timeout_seconds": YEAR,
    "StageRetry.first_wait_seconds": YEAR,
    "TaskFanOutStage.timeout_seconds": YEAR,
    "TaskStage.timeout_seconds": YEAR,
    "TeamAccess.share_identifier": "is for one kind of job queue, and None for the other",
}


class Contradiction(NamedTuple):
    """A setting at an edge, and what is still refused after the best that was found."""

    setting: str
    value: Any
    problems: list[str]


def contradictions(kinds: Collection[type[Settings]] = ()) -> Iterator[Contradiction]:
    """Yield each edge of each setting that no environment was found to have; of some classes, if they are given."""
    for kind, places in sorted(_places().items(), key=lambda item: item[0].__name__):
        if kinds and kind not in kinds:
            continue
        for name in kind.model_fields:
            for value in edges_of(kind, name):
                left = _least_left(places, name, value)
                if left and f"{kind.__name__}.{name}" not in UNREACHED:
                    yield Contradiction(f"{kind.__name__}.{name}", value, [str(problem) for problem in left])


def _least_left(places: Sequence[Place], name: str, value: Any) -> list[Problem]:
    """Return what is left of the problems where fewest are; an environment that has none as it is comes first."""
    tried = sorted((_tried(base, (*path, name), value)[1] for base, path in places), key=len)
    best = tried[0]
    for base, path in places[:MOST_PLACES]:
        best = min(best, settled(base, (*path, name), value) if best else best, key=len)
    return best


@cache
def _places() -> Mapping[type[Settings], Sequence[Place]]:
    """Return where settings of each class are: small environments first, and no two whose settings are alike."""
    found: dict[type[Settings], dict[tuple[str, type], Place]] = defaultdict(dict)
    for base in sorted(bases(), key=lambda item: len(objects_in(item))):
        for path, holder in objects_in(base):
            found[type(holder)].setdefault((repr(holder), type(_at(base, path[:-1]))), (base, path))
    return {kind: list(places.values())[:MOST_ALIKE] for kind, places in found.items()}


def edges_of(kind: type[Settings], name: str) -> list[Any]:
    """Return the least and the largest number that a setting takes by itself, and each choice that it has."""
    annotation = get_type_hints(kind, include_extras=True)[name]
    return [*bounds_of(annotation, tuple(kind.model_fields[name].metadata)), *_choices(annotation)]


def settled(base: Environment, edge: Path, value: Any) -> list[Problem]:
    """Return what is left of the problems that an edge brings, after what they say has been done."""
    reached = [_tried(base, edge, value)]
    seen = {repr(reached[0][0])}
    best = reached[0][1]
    for _ in range(MOST_STEPS):
        if not best:
            break
        found = []
        for environment, problems in reached:
            for path, other in _advised(environment, problems[0]):
                if path == edge[: len(path)]:
                    continue
                changed = _tried(environment, path, other)
                if repr(changed[0]) not in seen:
                    seen.add(repr(changed[0]))
                    found.append(changed)
        if not found:
            break
        reached = sorted(found, key=_distance)[:KEPT]
        best = min(best, reached[0][1], key=len)
    return best


def _distance(reached: tuple[Environment, list[Problem]]) -> tuple[float, float]:
    """Return how many problems there are, and how far the first one's value is from what it must be."""
    problems = reached[1]
    bounds = _numbers(problems[0].rule) if problems else []
    got = _numbers(problems[0].got or "") if problems else []
    return len(problems), min((abs(bound - value) for bound in bounds for value in got), default=0)


def _numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def _tried(base: Environment, path: Path, value: Any) -> tuple[Environment, list[Problem]]:
    with collect_problems():
        changed: Environment = replaced(base, path, value)
    return changed, list(nested_problems(changed))


def _advised(environment: Environment, problem: Problem) -> Iterator[tuple[Path, Any]]:
    """Yield each setting that a problem names, with each value that it may be meant to have."""
    text = " ".join((problem.rule, problem.got or "", problem.reason, problem.fix))
    numbers = _numbers(text)
    own = _way(environment, problem.path) or ()
    named = [own] if own else []
    for word in NAME.findall(text):
        ways = [_way(environment, word, own[:depth]) for depth in range(len(own) + 1)]
        named += [way for way in ways if way and way not in named]
    for way in named:
        for value in _values(environment, way, numbers):
            yield way, value


def _at(environment: Environment, way: Path) -> Any:
    value: Any = environment
    for step in way:
        value = _inside(value, step)
    return value


def _way(environment: Environment, text: str, begin: Path = ()) -> Path | None:
    """Return the way to a setting that is written out, as far as there is one."""
    way, value = list(begin), _at(environment, begin)
    for step in STEP.findall(text):
        inside = _inside(value, int(step) if isinstance(value, tuple) and step.isdigit() else step)
        if inside is None and not (isinstance(value, Settings) and step in type(value).model_fields):
            return None
        way.append(int(step) if isinstance(value, tuple) else step)
        value = inside
    return tuple(way)


def _inside(value: Any, step: Any) -> Any:
    if isinstance(value, Settings):
        return value.__dict__.get(step)
    if isinstance(value, Mapping):
        return value.get(step)
    return value[step] if isinstance(value, tuple) and isinstance(step, int) and step < len(value) else None


def _values(environment: Environment, way: Path, numbers: list[float]) -> Iterator[Any]:
    """Yield what a setting that a problem names may be meant to be."""
    holder = _at(environment, way[:-1])
    if not isinstance(holder, Settings):
        return
    kind, name = type(holder), way[-1]
    field, annotation = kind.model_fields[name], get_type_hints(kind, include_extras=True)[name]
    if not field.is_required():
        yield field.get_default(call_default_factory=True)
    for number in plain_types(annotation) & {int, float}:
        yield from (number(found) for told in numbers for found in (told, told + 1, told * 4))
    yield from edges_of(kind, name)
    yield from _donated().get((kind, name), ())
    parts = [part for part in get_args(annotation) if isinstance(part, type) and issubclass(part, Settings)]
    for kind in (kind for part in parts for kind in concrete_settings(part)):
        yield from (_at(base, path) for base, path in _places().get(kind, ())[:1])


@cache
def _donated() -> Mapping[tuple[type[Settings], str], Sequence[Any]]:
    """Return what good environments have in each setting, where it is neither a number nor a choice."""
    found: dict[tuple[type[Settings], str], dict[str, Any]] = defaultdict(dict)
    for base in bases():
        for _, holder in objects_in(base):
            for name in type(holder).model_fields:
                value = getattr(holder, name)
                if not isinstance(value, int | float):
                    found[type(holder), name].setdefault(repr(value), value)
    return {key: list(values.values())[:MOST_ALIKE] for key, values in found.items()}


def _choices(annotation: Any) -> Iterator[Any]:
    """Yield each of the values that a type lists."""
    if annotation is bool:
        yield from (False, True)
    elif annotation is type(None):
        yield None
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) not in (dict, tuple):
        for part in get_args(annotation):
            yield from _choices(part)
