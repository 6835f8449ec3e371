"""The events that are logged: patterns for EventBridge by the name of their rule, as plain data. No constructs.

Source: "AWS Batch events" in the Batch user guide; "Amazon ECS events" in the ECS developer guide.
"""

from collections.abc import Mapping
from typing import Any

from modules import arns
from modules.events.matching import StartsWith
from modules.events.sources import EventContext
from modules.iam.policy import Statement, allow
from modules.iam.services import EVENTS
from modules.naming import AwsLocation

Matches = Mapping[str, Any]
DELIVERY = "delivery.logs.amazonaws.com"


def log_group_name(name: str) -> str:
    """Return what the log group is called: the console offers rules no group that is called otherwise."""
    return f"/aws/events/{name}"


def watched_events(context: EventContext) -> Mapping[str, Matches]:
    """Return what the fields of logged events are, by rule; there is no rule where nothing could send such events."""
    queues, clusters = (list(context.names[kind]) for kind in ("job_queues", "clusters"))
    watched: dict[str, Matches] = {}
    if queues:
        watched["jobs"] = {
            "source": ["aws.batch"],
            "detail-type": ["Batch Job State Change", "Batch Job Queue Blocked"],
            "detail.jobQueue": context.arns_of("job_queues", sorted(queues), arns.job_queue),
        }
    if clusters:
        watched["tasks"] = {
            "source": ["aws.ecs"],
            "detail-type": ["ECS Task State Change"],
            # Where it has stopped it says all that was before, too.
            "detail.lastStatus": ["STOPPED"],
            "detail.clusterArn": context.arns_of("clusters", sorted(clusters), arns.cluster),
        }
        # Events of deployments name no cluster but in the service's ARN.
        services = context.arns_of("clusters", sorted(clusters), arns.services)
        watched["services"] = {
            "source": ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change", "ECS Service Action"],
            "resources": [StartsWith(text=str(arn)) for arn in services],
        }
    return watched


def log_policy(location: AwsLocation, group_name: str, rule_names: list[str]) -> list[Statement]:
    """Return what lets EventBridge write for these rules into this log group, and for nobody else."""
    principal = {"Service": [DELIVERY, EVENTS]}
    streams = f"{arns.log_group(location, group_name)}:*"
    sources = [arns.event_rule(location, name) for name in sorted(rule_names)]
    condition = {"ArnEquals": {"aws:SourceArn": sources}}
    return [
        # EventBridge does not say for which rule it makes a stream.
        allow("MakeStreams", ["logs:CreateLogStream"], streams, principal=principal),
        allow("WriteEvents", ["logs:PutLogEvents"], streams, principal=principal, condition=condition),
    ]
