"""Which KMS key encrypts something, where the service's own key is not enough.

Source: CreateKey in the KMS API reference.
"""

from pydantic import Field

from modules.settings import Settings


class KmsKeySettings(Settings):
    """Base of the two kinds of key."""


class OwnKmsKey(KmsKeySettings):
    """A customer managed key made for this one resource, rotated every year, about 1 USD a month."""

    deletion_window_days: int = Field(
        30, ge=7, le=30, description="after this the key is gone, and with it everything it encrypted"
    )


class ExistingKmsKey(KmsKeySettings):
    """A key that somebody else owns; its key policy must let this account's IAM policies grant its use."""

    key_arn: str = Field(
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+$",
        description="the key's ARN, not an alias: policies cannot name an alias",
    )
