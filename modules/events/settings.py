"""Settings of rules: what happens starts something.

Source: PutRule, PutTargets and CreateArchive in the EventBridge API reference.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from modules.checks import only_with
from modules.events.sources import EVENT_FIELDS, OtherEvent, RuleEvent
from modules.events.target_input import PLACEHOLDER, is_json
from modules.kms.settings import KmsKeySettings
from modules.markers import Late, RefersTo
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.targets.origins import Origin
from modules.targets.settings import FunctionCall, QueueMessage, StarterSettings, TargetSettings, Told, TopicMessage

EVENT = Origin(
    "an event",
    "a rule",
    EVENT_FIELDS,
    re.compile(r"(?=.{1,256}$)\$(\.[\w-]+(\[\d+\])*)+"),
    PLACEHOLDER,
    "names and [0] to a part of the event, within 256 characters",
    "$.detail.object.key",
)


class RuleSettings(StarterSettings):
    """What is started each time that something happens; now and then twice, as EventBridge delivers at least once."""

    role_ending = "rule"

    event: RuleEvent
    """what has to happen: an ObjectCreated, a JobStateChange, a TaskStopped, a HealthEvent, an OtherEvent [required]"""
    target: TargetSettings
    """what is started: a JobRequest, a TaskRun, a QueueMessage, …; a text of it that is $.detail.key, as a whole,
    stands for what the event says there; inside the body of a QueueMessage and the payload of a FunctionCall it is
    <$.detail.key> [required]"""
    retry_attempts: Annotated[int, Late()] = Field(default=185, ge=0, le=185)
    """where it cannot be started; not where it fails [from 0 to 185; default 185]"""
    max_event_age_seconds: Annotated[int, Late()] = Field(default=86_400, ge=60, le=86_400)
    """later than this it is not tried any more [from 60 to 86,400; default 86,400]"""
    archive_days: int | None = Field(default=None, ge=1, le=36_500)
    """how long such events are kept, for the command of the output rules that replays them; None: they are not [from 1
    to 36,500; default None]"""
    archive_kms_key: KmsKeySettings | None = None
    """None: EventBridge's own key [default None]"""
    event_bus: Annotated[ShortName, RefersTo("event_buses")] | None = None
    """of an OtherEvent: where it comes; None: the account's default event bus [one of the environment's event_buses;
    default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the rule [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the rule, its role and its archive."""
        yield PhysicalName("rule", name)
        if self.has_role:
            yield from super().names(name, location)
        if self.archive_days is not None:
            yield PhysicalName("archive", name, path="archive_days")
        if self.archive_kms_key is not None:
            for alias in self.archive_kms_key.names(f"archives/{name}", location):
                yield replace(alias, path="archive_kms_key")

    @property
    def has_role(self) -> bool:
        """Return whether EventBridge needs a role: queues, topics and functions say themselves whom they let."""
        return not isinstance(self.target, Told)

    check_archive: ClassVar = only_with("archive_kms_key", "archive_days", "there is no archive")

    def check_role(self) -> Iterator[Problem]:
        """Check that a role is used where one is named."""
        if self.role_arn is not None and not self.has_role:
            rule = f"be left out where the target is {format_value(self.target)}"
            yield self.problem("role_arn", rule, "queues, topics and functions allow it in their own policies")

    def check_event_bus(self) -> Iterator[Problem]:
        """Check that such events come there."""
        if self.event_bus is not None and not isinstance(self.event, OtherEvent):
            rule = f"be left out for {format_value(self.event)}"
            yield self.problem("event_bus", rule, "AWS services send events to the default event bus only")

    def check_paths(self) -> Iterator[Problem]:
        """Check that what stands for a part of the event leads into it, and is a whole text where it must be."""
        yield from EVENT.path_problems(self.target)

    def check_json(self) -> Iterator[Problem]:
        """Check that what is sent is JSON: EventBridge sends nothing else."""
        name = {QueueMessage: "body", TopicMessage: "body", FunctionCall: "payload"}.get(type(self.target))
        text = getattr(self.target, name) if name else None
        if text is not None and not text.startswith("$.") and not is_json(text):
            fix = "put it into quotes, e.g. '\"done\"'"
            yield self.problem(f"target.{name}", "be JSON", "a rule sends JSON only", fix)
