"""Which KMS key encrypts something, where the service's own key is not enough.

Source: CreateKey in the KMS API reference.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.arn_parts import arn_pattern
from modules.markers import ArnOf, Late
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Settings

# Of a key, not of an alias: policies cannot name an alias.
KmsKeyArn = Annotated[
    str,
    StringConstraints(pattern=arn_pattern("kms", r"key/[0-9a-zA-Z-]+")),
    Field(description="a key's ARN, e.g. arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
]


class KmsKeySettings(Settings, abstract=True):
    """Base of the two kinds of key."""


class NewKmsKey(KmsKeySettings):
    """A customer managed key made for this one resource, rotated every year, about 1 USD a month.

    Where it is taken back, or another takes its place, what it has encrypted stays encrypted with it. Terraform then
    lets go of the key and says so in the plan; roles need ``kms:Decrypt`` of it in their ``statements`` to go on
    reading, and once nothing needs it, somebody deletes it. With what it was made for it is destroyed.
    """

    deletion_window_days: Annotated[int, Late()] = Field(default=30, ge=7, le=30)
    """so long after it was destroyed the key is gone, and with it everything it encrypted [from 7 to 30; default 30]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the alias of the key."""
        del location
        yield PhysicalName("key alias", f"alias/{name}", path="kms_key")


class ExistingKmsKey(KmsKeySettings):
    """A key that somebody else owns, in the same region.

    Its key policy must let this account's IAM policies grant its use, and name the services that are to use it.
    """

    key_arn: Annotated[
        KmsKeyArn,
        ArnOf("key", "AWS services use keys of their own region only; a multi-Region key has a replica there"),
    ]
    """the key's ARN, not an alias: policies cannot name an alias [required]"""
