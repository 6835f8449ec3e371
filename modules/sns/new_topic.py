"""Settings of a topic that is made.

Source: CreateTopic and Subscribe in the SNS API reference; "Encryption at rest" in the SNS developer guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.kms.settings import KmsKeySettings, NewKmsKey
from modules.names import NameKind, PhysicalName
from modules.naming import AwsLocation
from modules.settings import Distinct
from modules.sns.settings import TopicSettings

TOPIC_NAME = NameKind(256, "region")
EmailAddress = Annotated[
    str,
    # Cost Explorer takes none of fewer than six characters.
    StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", min_length=6, max_length=254),
    Field(description="an address, e.g. on-call@example.com"),
]


class NewTopic(TopicSettings):
    """A topic made for this, encrypted by a key that who publishes may use: nobody else may use SNS's own."""

    emails: Distinct[EmailAddress] = ()
    """who is notified by mail, after confirming the subscription [each 6 to 254 characters; default empty]"""
    kms_key: KmsKeySettings = Field(default_factory=NewKmsKey)
    """the policy of an existing one has to let the services use it that publish: cloudwatch.amazonaws.com for alarms,
    budgets.amazonaws.com and costalerts.amazonaws.com for costs, events.amazonaws.com for rules, s3.amazonaws.com for
    buckets [default NewKmsKey()]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the topic and its key."""
        yield PhysicalName("topic", name, own_facts=TOPIC_NAME)
        yield from self.kms_key.names(name, location)
