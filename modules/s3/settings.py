"""Settings of S3 buckets.

Source: PutBucketLifecycleConfiguration and its neighbours in the S3 API reference.
"""

from pydantic import Field

from modules.kms.settings import KmsKeySettings
from modules.settings import Settings


class BucketSettings(Settings):
    """A private bucket: encrypted, TLS only, versioned, no public access, owned by its account alone."""

    versioning: bool = Field(True, description="False: what is overwritten or deleted is gone")
    kms_key: KmsKeySettings | None = Field(None, description="None: keys of S3 itself (AES-256), without charge")
    force_destroy: bool = Field(
        False, description="True: destroying the bucket destroys its objects; production refuses"
    )
    tags: dict[str, str] = Field(default_factory=dict, description="on the bucket")
