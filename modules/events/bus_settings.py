"""Settings of event buses besides the account's default one, which has the events of AWS's services.

Source: CreateEventBus in the EventBridge API reference; "Encrypting EventBridge event buses with AWS KMS keys" in its
user guide.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from modules.checks import only_with
from modules.kms.settings import KmsKeySettings
from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.settings import Settings


class EventBusSettings(Settings, abstract=True):
    """Base of the two kinds of event bus."""


class NewEventBus(NamedSettings, EventBusSettings):
    """An event bus made for the events of programs here, which access.put_events lets put some."""

    thing = "event bus"

    kms_key: KmsKeySettings | None = None
    """None: EventBridge's own key [default None]"""
    dead_letter_queue: Annotated[ShortName | None, RefersTo("queues")] = None
    """gets events that could not be encrypted or decrypted with kms_key; None: they are lost [one of the environment's
    queues; default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the event bus [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its key."""
        yield from super().names(name, location)
        if self.kms_key is not None:
            yield from self.kms_key.names(f"event-buses/{name}", location)

    check_dead_letter_queue: ClassVar = only_with(
        "dead_letter_queue", "kms_key", "only a customer managed key can cause this failure"
    )


class ExistingEventBus(EventBusSettings):
    """An event bus of this account and region that somebody else owns, or default, which every account has."""

    event_bus_name: str = Field(pattern=r"^[0-9A-Za-z._/-]{1,256}$")
    """its name, not its ARN: rules are made on buses of their own account only [required]"""
