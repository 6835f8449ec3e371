"""The permissions to a bucket: what a reader, a writer and a cleaner of one prefix need, existing buckets included."""

from collections.abc import Sequence
from hashlib import sha256

from constructs import Construct

from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.permissions import DECRYPT, ENCRYPT, key_statements
from modules.naming import AwsLocation
from modules.problems import Problem, SettingsError

# A large object is written in parts, which must be listed to be completed and may have to be given up.
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


class GrantableBucket(Construct):
    """Base of buckets: grants to roles of this project. The use of a KMS key of the bucket is granted along.

    A grant with a prefix opens the keys that start with it, and nothing else of the bucket; the prefix ends in a slash
    unless ``models-secret`` is to be opened with ``models``. ``bucket_name``, ``bucket_arn`` and ``kms_key_arn`` may
    be tokens.
    """

    bucket_name: str
    bucket_arn: str
    kms_key_arn: str | None
    # Whether it is seen through an access point, whose ARN is in the place of the bucket's.
    is_access_point: bool = False
    # The ARN of an existing bucket names no region, but that of its key does.
    _key_location: AwsLocation | None = None

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._grant_name = id_

    def grant_read(self, grantee: WorkloadRole, prefix: str = "") -> None:
        """Let ``grantee`` list and read objects, but not their old versions."""
        listing = {"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else None
        statements = [
            allow("ListObjects", ["s3:ListBucket"], self.bucket_arn, condition=listing),
            allow("ReadObjects", ["s3:GetObject"], self._objects(prefix)),
        ]
        self._grant(grantee, "read", prefix, statements, DECRYPT)

    def grant_get(self, grantee: WorkloadRole, key: str) -> None:
        """Let ``grantee`` read one object, and find out where the bucket is."""
        statements = [
            allow("FindBucket", ["s3:GetBucketLocation"], self.bucket_arn),
            allow("ReadObject", ["s3:GetObject"], self._object(key)),
        ]
        self._grant(grantee, "get", key, statements, DECRYPT)

    def grant_write(self, grantee: WorkloadRole, prefix: str = "") -> None:
        """Let ``grantee`` write objects, but neither list, read nor delete any."""
        self._grant(grantee, "write", prefix, [allow("WriteObjects", WRITE, self._objects(prefix))], ENCRYPT)

    def grant_delete(self, grantee: WorkloadRole, prefix: str = "") -> None:
        """Let ``grantee`` delete objects; with versioning their old versions stay."""
        self._grant(grantee, "delete", prefix, [allow("DeleteObjects", ["s3:DeleteObject"], self._objects(prefix))], ())

    def _objects(self, prefix: str) -> str:
        if not {"*", "?", "$"}.isdisjoint(prefix):
            reason = "policies treat them as wildcards and variables; a prefix covers all keys that begin with it"
            raise SettingsError("buckets", [Problem("prefix", "have no *, ? or $", repr(prefix), reason)])
        return self._object(f"{prefix}*")

    def _object(self, key: str) -> str:
        between = "/object" if self.is_access_point else ""
        return f"{self.bucket_arn}{between}/{key}"

    def _grant(
        self,
        grantee: WorkloadRole,
        verb: str,
        prefix: str,
        statements: Sequence[Statement],
        key_actions: Sequence[str],
    ) -> None:
        key = key_statements(f"{verb.capitalize()}WithKey", key_actions, self.kms_key_arn, "s3", self._key_location)
        # Prefixes are longer than the name of a policy may be, and have characters that it may not have.
        part = f"-{sha256(prefix.encode()).hexdigest()[:8]}" if prefix else ""
        grantee.add_policy(f"{verb}-{self._grant_name}{part}", [*statements, *key])
