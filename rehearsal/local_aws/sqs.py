"""What moto forgets of SQS: SetQueueAttributes changes the attributes that it names."""

import json
from typing import Any

from moto.sqs.models import Queue, SQSBackend

from rehearsal.local_aws import adds


@adds(Queue, "_set_attributes")
def keep_policy(original: Any) -> Any:
    """Keep a queue's policy when other attributes change."""

    def _set_attributes(queue: Any, attributes: dict[str, Any], now: float | None = None) -> None:
        policy = attributes.get("Policy", getattr(queue, "policy", None))
        original(queue, attributes, now)
        queue.policy = policy

    return _set_attributes


@adds(Queue, "attributes")
def show_redrive_allow_policy(original: Any) -> Any:
    """Show RedriveAllowPolicy, and RedrivePolicy in the form in which SQS shows JSON."""

    def attributes(queue: Any) -> dict[str, Any]:
        shown = dict(original.fget(queue))
        if shown.get("RedrivePolicy"):
            shown["RedrivePolicy"] = json.dumps(json.loads(shown["RedrivePolicy"]), separators=(",", ":"))
        if getattr(queue, "redrive_allow_policy", None):
            shown["RedriveAllowPolicy"] = queue.redrive_allow_policy
        return shown

    return property(attributes)


@adds(SQSBackend, "get_queue_attributes")
def know_redrive_allow_policy(original: Any) -> Any:
    """Know RedriveAllowPolicy as the name of an attribute."""

    def get_queue_attributes(backend: Any, queue_name: str, attribute_names: list[str]) -> dict[str, Any]:
        shown = original(backend, queue_name, [name for name in attribute_names if name != "RedriveAllowPolicy"])
        attributes = backend.get_queue(queue_name).attributes
        if "RedriveAllowPolicy" in attribute_names and "RedriveAllowPolicy" in attributes:
            shown = {**shown, "RedriveAllowPolicy": attributes["RedriveAllowPolicy"]}
        return dict(shown)

    return get_queue_attributes
