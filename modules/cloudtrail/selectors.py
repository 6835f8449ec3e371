"""Which events a trail logs. Plain data.

Source: AdvancedEventSelector in the CloudTrail API reference; "Logging data events" in the CloudTrail user guide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Of all conditions of a trail; no quota that AWS would raise.
MAX_VALUES = 500


@dataclass(frozen=True)
class EventSelector:
    """The events of one kind: ``equals`` and ``starts_with`` have the values that fields of an event may have."""

    name: str
    equals: Mapping[str, Sequence[str]]
    starts_with: Mapping[str, Sequence[str]]

    @property
    def document(self) -> dict[str, Any]:
        """The selector in the keys of the API."""
        equal = [{"field": field, "equalTo": values} for field, values in self.equals.items()]
        start = [{"field": field, "startsWith": values} for field, values in self.starts_with.items()]
        return {"name": self.name, "fieldSelector": [*equal, *start]}

    @property
    def values(self) -> int:
        """How many values it has, of which a trail may have so many."""
        return sum(len(values) for fields in (self.equals, self.starts_with) for values in fields.values())


def event_selectors(
    *, management: bool, queues: Sequence[str], buckets: Sequence[str], access_points: Sequence[str]
) -> list[EventSelector]:
    """Return what to log: management events, and data events of these ARNs. Batch has no data events."""
    selectors = [EventSelector("Management events", {"eventCategory": ["Management"]}, {})] if management else []
    objects = [f"{arn}/" for arn in buckets]
    if queues:
        selectors.append(_data("Messages of queues", "AWS::SQS::Queue", {"resources.ARN": queues}, {}))
    if objects:
        selectors.append(_data("Objects of buckets", "AWS::S3::Object", {}, {"resources.ARN": objects}))
    if access_points:
        found = {"resources.ARN": access_points}
        selectors.append(_data("Objects through access points", "AWS::S3::AccessPoint", {}, found))
    return selectors


def _data(
    name: str, type_: str, equals: Mapping[str, Sequence[str]], starts_with: Mapping[str, Sequence[str]]
) -> EventSelector:
    return EventSelector(name, {"eventCategory": ["Data"], "resources.type": [type_], **equals}, starts_with)
