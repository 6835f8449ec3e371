"""Events that AWS's services send to EventBridge, as settings: what has to happen.

Source: "Amazon S3 events", "AWS Batch events", "Amazon ECS events" and "AWS Health events" in the EventBridge events
reference; "Batch job state change events" in the Batch user guide; "Amazon ECS task state change events" in that of
ECS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from modules import arns
from modules.events.matching import EndsWith, IsThere, Match, StartsWith, Wildcard
from modules.events.patterns import EITHER, Matches, escaped, match_problems, size_problems
from modules.markers import RefersTo
from modules.naming import AwsLocation, ShortName
from modules.problems import Problem, unknown_name
from modules.settings import Distinct, Sequence, Settings

# What every event has.
EVENT_FIELDS = ("account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version")

KeyPart = Annotated[str, StringConstraints(min_length=1, max_length=512)]
Found = dict[str, list[str | Match]]


@dataclass(frozen=True)
class EventContext:
    """What the names in an environment stand for in events: names of AWS's, and where they are."""

    location: AwsLocation
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def arns_of(self, kind: str, short_names: Any, arn: Any) -> list[str | Match]:
        """Return the ARNs of things of one map."""
        return [arn(self.location, self.names[kind][name]) for name in short_names]


class RuleEvent(Settings, abstract=True):
    """Base of what may have to happen."""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        raise NotImplementedError


class ObjectCreated(RuleEvent):
    """An object is written to a bucket of the environment. S3 then tells EventBridge of all that happens in it."""

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """one that exists must tell EventBridge already, which its owner decides [one of the environment's buckets;
    required]"""
    prefixes: Distinct[KeyPart] = ()
    """keys that start with one of these; empty: any [each 1 to 512 characters; default empty]"""
    suffixes: Distinct[KeyPart] = ()
    """and end with one of these; empty: any [each 1 to 512 characters; default empty]"""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        # Values of one field are alternatives, so what holds of both ends is one value.
        both = [f"{escaped(start)}*{escaped(end)}" for start in self.prefixes for end in self.suffixes]
        keys: list[str | Match] = [Wildcard(pattern=pattern) for pattern in both]
        keys = keys or [StartsWith(text=text) for text in self.prefixes]
        keys = keys or [EndsWith(text=text) for text in self.suffixes]
        found: Found = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail.bucket.name": [context.names["buckets"][self.bucket]],
        }
        return found | ({"detail.object.key": keys} if keys else {})


class JobStateChange(RuleEvent):
    """A job of the environment gets into a state, for the first time or again."""

    states: Distinct[Literal["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"]] = Field(
        min_length=1
    )
    """FAILED: after its last attempt [at least 1 item; each one of 'SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING',
    'RUNNING', 'SUCCEEDED', 'FAILED'; required]"""
    job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = ()
    """of these; empty: all of the environment [each one of the environment's job_queues; default empty]"""
    job_definitions: Distinct[Annotated[ShortName, RefersTo("job_definitions")]] = ()
    """of these, in any revision; empty: all of the queues [each one of the environment's job_definitions; default
    empty]"""
    array_children: bool = False
    """True: each child of an array too, not the array alone [default False]"""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        found: Found = {
            "source": ["aws.batch"],
            "detail-type": ["Batch Job State Change"],
            "detail.status": list(self.states),
            "detail.jobQueue": context.arns_of(
                "job_queues", self.job_queues or sorted(context.names["job_queues"]), arns.job_queue
            ),
        }
        if self.job_definitions:
            definitions = context.arns_of("job_definitions", self.job_definitions, arns.job_definition)
            # Those of others may name one revision.
            found["detail.jobDefinition"] = [
                arn if ":" in arn.rpartition("/")[2] else StartsWith(text=f"{arn}:") for arn in map(str, definitions)
            ]
        return found if self.array_children else found | {"detail.arrayProperties.index": [IsThere(value=False)]}


class TaskStopped(RuleEvent):
    """A task of one of the environment's clusters has stopped, for any reason."""

    clusters: Distinct[Annotated[ShortName, RefersTo("clusters")]] = Field(min_length=1)
    """of these [at least 1 item; each one of the environment's clusters; required]"""
    task_definitions: Distinct[Annotated[ShortName, RefersTo("task_definitions")]] = ()
    """tasks to run of these, in any revision; empty: all, those of services too [each one of the environment's
    task_definitions; default empty]"""
    stop_codes: Distinct[
        Literal[
            "EssentialContainerExited",
            "ServiceSchedulerInitiated",
            "SpotInterruption",
            "TaskFailedToStart",
            "TerminationNotice",
            "UserInitiated",
        ]
    ] = ()
    """why; empty: whyever [each one of 'EssentialContainerExited', 'ServiceSchedulerInitiated', 'SpotInterruption',
    'TaskFailedToStart', 'TerminationNotice', 'UserInitiated'; default empty]"""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        found: Found = {
            "source": ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            "detail.lastStatus": ["STOPPED"],
            "detail.clusterArn": context.arns_of("clusters", self.clusters, arns.cluster),
        }
        if self.task_definitions:
            definitions = context.arns_of("task_definitions", self.task_definitions, arns.task_definition)
            found["detail.taskDefinitionArn"] = [StartsWith(text=f"{arn}:") for arn in definitions]
        return found | ({"detail.stopCode": list(self.stop_codes)} if self.stop_codes else {})


class HealthEvent(RuleEvent):
    """AWS Health tells of something that concerns the account: an outage, maintenance, a notice."""

    services: Distinct[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]{2,30}$")]] = ()
    """of these, e.g. BATCH, EC2, ECS; empty: of all [default empty]"""
    categories: Distinct[Literal["accountNotification", "investigation", "issue", "scheduledChange"]] = ()
    """of these kinds; empty: of all [each one of 'accountNotification', 'investigation', 'issue', 'scheduledChange';
    default empty]"""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        del context
        found: Found = {"source": ["aws.health"], "detail-type": ["AWS Health Event"]}
        found |= {"detail.service": list(self.services)} if self.services else {}
        return found | ({"detail.eventTypeCategory": list(self.categories)} if self.categories else {})


class OtherEvent(RuleEvent):
    """Whatever else comes to an event bus: from AWS's services to the default one, from programs to any."""

    field_matches: Matches = Field(min_length=1)
    """by field: what it may be, e.g. {"source": ["acme.labels"], "detail.kind": [StartsWith(text="image")]} [at least 1
    entry; each name at most 512 characters; each value at least 1 item; each value each 1 to 1,024 characters;
    required]"""
    any_of: Sequence[Matches] = ()
    """several such matches, of which one has to fit besides, e.g. [{"detail.size": [IsNumber(above=9)]},
    {"detail.kind": ["video"]}] [each each name at most 512 characters; each each value at least 1 item; each each value
    each 1 to 1,024 characters; default empty]"""

    def matches(self, context: EventContext) -> Mapping[str, Any]:
        """Return what the fields of such an event are."""
        del context
        return {**self.field_matches, **({EITHER: self.any_of} if self.any_of else {})}

    def check_field_matches(self) -> Iterator[Problem]:
        """Check the fields."""
        yield from self._field_problems("field_matches", self.field_matches)

    def check_any_of(self) -> Iterator[Problem]:
        """Check the alternatives, and the size of the whole pattern."""
        if len(self.any_of) == 1:
            yield Problem("any_of", "have at least 2 items", "1", fix="put its entries into field_matches")
        problems: list[Problem] = []
        for index, matches in enumerate(self.any_of):
            path = f"any_of[{index}]"
            problems += self._field_problems(path, matches)
            if not matches:
                problems.append(Problem(path, "have an entry", "{}", "otherwise every event matches"))
            for name in sorted(set(matches) & set(self.field_matches)):
                problems.append(Problem(f"{path}.{name}", "not be matched by field_matches, too", repr(name)))
        yield from problems
        if self.any_of and not problems and not list(match_problems("", self.field_matches)):
            yield from size_problems("any_of", {**self.field_matches, EITHER: self.any_of})

    def _field_problems(self, path: str, matches: Matches) -> Iterator[Problem]:
        yield from match_problems(path, matches)
        for name in matches:
            first = name.partition(".")[0]
            if first not in EVENT_FIELDS:
                yield unknown_name(f"{path}.{name}", first, EVENT_FIELDS, "fields of an event")
