"""The use of a KMS key by the roles that use what it encrypts. Plain data.

Source: "kms:ViaService" and "Services that support the kms:ViaService condition key" in the KMS developer guide.
"""

from collections.abc import Iterable, Sequence

from modules.arn_parts import arn_parts
from modules.iam.policy import Condition, Statement, allow
from modules.naming import AwsLocation

ENCRYPT = ("kms:Decrypt", "kms:GenerateDataKey")
DECRYPT = ("kms:Decrypt",)
ENCRYPT_EVENTS = (*ENCRYPT, "kms:ReEncryptFrom", "kms:ReEncryptTo")
# CloudWatch Logs encrypts anew what is older than the present key material.
ENCRYPT_LOGS = (*ENCRYPT, "kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo")


def key_statements(
    sid: str, actions: Sequence[str], key_arn: str | None, service: str, location: AwsLocation | None = None
) -> list[Statement]:
    """Return the permission to use a key through ``service`` (``sqs``); none where there is no key, or nothing to do.

    ``location`` is the key's, which its ARN does not tell as long as it is a token.
    """
    if not key_arn or not actions:
        return []
    region = location.region if location else arn_parts(key_arn).region
    return [allow(sid, actions, key_arn, condition=through_service(service, [region]))]


def through_service(service: str, regions: Iterable[str]) -> Condition:
    """Return the condition that it is ``service``, in one of these regions, which uses a key for the caller."""
    known = sorted(set(regions))
    if all(AwsLocation(region, "").domain == "amazonaws.com" for region in known):
        operator, hosts = "StringEquals", [f"{service}.{region}.amazonaws.com" for region in known]
    else:  # in the closed parts of AWS the domain differs from service to service
        operator, hosts = "StringLike", [f"{service}.{region}.*" for region in known]
    return {operator: {"kms:ViaService": hosts if len(hosts) > 1 else hosts[0]}}
