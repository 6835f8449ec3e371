"""Event buses: what belongs to one, what may put events on it, and the events that are kept of it."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus, CloudwatchEventBusDeadLetterConfig
from constructs import Construct

from modules import arns
from modules.events.bus_settings import NewEventBus
from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.encryption_key import define_key
from modules.names import require_name
from modules.naming import AwsLocation
from modules.sqs.queue import Queue


@dataclass(frozen=True)
class NamedEventBus:
    """An event bus by its name alone, from which its ARN follows: who puts events may be in a stack before it."""

    short_name: str
    name: str
    location: AwsLocation

    @property
    def arn(self) -> str:
        """Return the ARN."""
        return arns.event_bus(self.location, self.name)

    def grant_put(self, grantee: WorkloadRole) -> None:
        """Let ``grantee`` put events on it."""
        grantee.add_policy(f"put-{self.short_name}", [allow("PutEvents", ["events:PutEvents"], self.arn)])


class EventBus(Construct):
    """Define an event bus for events of programs. ``event_bus_name`` and ``event_bus_arn`` are tokens."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: NewEventBus,
        location: AwsLocation,
        dead_letter_queue: Queue | None = None,
    ) -> None:
        super().__init__(scope, id_)
        require_name("event bus", name)
        key = define_key(self, settings.kms_key, name=f"event-buses/{name}", location=location)
        if key:
            key.allow_event_bus(arns.event_bus(location, name))
        bus = CloudwatchEventBus(
            self,
            "Resource",
            name=name,
            kms_key_identifier=key.key_arn if key else None,
            dead_letter_config=CloudwatchEventBusDeadLetterConfig(arn=dead_letter_queue.queue_arn)
            if dead_letter_queue
            else None,
            tags=settings.tags or None,
        )
        self.event_bus_name: str = bus.name
        self.event_bus_arn: str = bus.arn
