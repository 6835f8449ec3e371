"""The AWS CLI line that replays archived events. No constructs.

Source: StartReplay in the EventBridge API reference.
"""

import json
import shlex

from modules import arns
from modules.naming import AwsLocation


def replay_command(
    location: AwsLocation, name: str, archive_arn: str, rule_arn: str, event_bus_arn: str | None = None
) -> str:
    """Return the line that gives a rule its archived events of a time once more; ``$FROM`` and ``$TO`` say which."""
    bus = event_bus_arn or arns.event_bus(location, "default")
    destination = shlex.quote(json.dumps({"Arn": bus, "FilterArns": [rule_arn]}))
    return (
        f'aws events start-replay --region {location.region} --replay-name "{name[:40]}-$(date +%s)"'
        f" --event-source-arn {archive_arn}"
        f' --event-start-time "$FROM" --event-end-time "$TO" --destination {destination}'
    )
