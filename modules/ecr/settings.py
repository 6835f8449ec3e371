"""Settings of ECR repositories.

Source: CreateRepository and PutLifecyclePolicy in the ECR API reference.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.kms.settings import KmsKeySettings
from modules.markers import Replaces, production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AccountId, AwsLocation, Tags
from modules.settings import Distinct


class RepositorySettings(NamedSettings):
    """A private repository: encrypted, scanned, with tags that never move."""

    immutable_tags: Annotated[bool, production(True, "a tag could come to mean other code")] = True
    """False: a tag may mean other code tomorrow [default True; must be True in production]"""
    scan_on_push: Annotated[bool, production(True, "known vulnerabilities stay unknown")] = True
    """False: known vulnerabilities stay unknown [default True; must be True in production]"""
    keep_images: int | None = Field(default=100, ge=1)
    """the newest so many; an older one is deleted, in use or not; None: all are kept [at least 1; default 100]"""
    untagged_expire_after_days: int | None = Field(default=14, ge=1)
    """days since the push of an image that has no tag, in use by digest or not; None: kept [at least 1; default 14]"""
    kms_key: Annotated[KmsKeySettings | None, Replaces("repository", "all images")] = None
    """None: AES-256, without charge [default None; a change replaces the repository, losing all images]"""
    pull_accounts: Distinct[AccountId] = ()
    """other AWS accounts whose roles may pull [default empty]"""
    force_delete: Annotated[bool, production(False, "it deletes the images")] = False
    """True: destroying the repository destroys its images [default False; must be False in production]"""
    tags: Tags = Field(default_factory=dict)
    """on the repository [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    @property
    def expires_replaced_images(self) -> bool:
        """Return whether an image goes once its tag has moved on to another."""
        return not self.immutable_tags and (self.keep_images, self.untagged_expire_after_days) != (None, None)

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the repository and its key."""
        yield PhysicalName("repository", name)
        if self.kms_key is not None:
            yield from self.kms_key.names(f"ecr/{name}", location)
