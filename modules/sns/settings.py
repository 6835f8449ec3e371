"""Settings of SNS topics, and of those that somebody else owns.

Source: Publish in the SNS API reference.
"""

from typing import Annotated

from pydantic import Field

from modules.arn_parts import arn_parts, arn_pattern
from modules.kms.settings import KmsKeyArn
from modules.markers import ArnOf
from modules.settings import Settings


class TopicSettings(Settings, abstract=True):
    """Base of the two kinds of topic."""


class ExistingTopic(TopicSettings):
    """A standard topic that somebody else owns: messages are published to it, and its subscribers get them.

    For what AWS itself publishes there, on behalf of a rule or bucket, its owner has to let EventBridge or S3: the
    output topic_policies has the statements.
    """

    topic_arn: Annotated[str, ArnOf("topic", "AWS services publish to topics of their own region")] = Field(
        pattern=arn_pattern("sns", r"[0-9A-Za-z_-]{1,256}")
    )
    """e.g. arn:aws:sns:us-east-1:111122223333:on-call [required]"""
    kms_key_arn: Annotated[KmsKeyArn | None, ArnOf("key")] = None
    """the key that encrypts it, if any: grants then include its use [default None]"""

    @property
    def topic_name(self) -> str:
        """Return what its owner called it."""
        return arn_parts(self.topic_arn).resource
