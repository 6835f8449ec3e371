import json
from typing import Any

from cdktf import TerraformStack

from modules.kms.encryption_key import EncryptionKey
from modules.kms.permissions import DECRYPT, ENCRYPT
from modules.kms.settings import ExistingKmsKey, KmsKeySettings, NewKmsKey
from modules.naming import AwsLocation
from tests.conftest import Synthesized
from tests.policies import findings, statements

OWNER = "arn:aws:iam::444455556666:role/owner"
ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def key(stack: TerraformStack, location: AwsLocation, settings: KmsKeySettings, **more: Any) -> EncryptionKey:
    return EncryptionKey(stack, "key", name="tb-test-data", settings=settings, location=location, **more)


def test_an_own_key_is_rotated_named_and_managed_by_iam(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    key(stack, location, NewKmsKey(deletion_window_days=7))
    synthesized = synthesize(stack)

    resource = synthesized.one("aws_kms_key")
    policy = statements(resource.pop("policy"))
    assert resource == {"description": "tb-test-data", "enable_key_rotation": True, "deletion_window_in_days": 7}
    assert policy == {
        "ManagedByIam": {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    }
    (id_,) = synthesized.document["resource"]["aws_kms_key"]
    assert synthesized.one("aws_kms_alias") == {
        "name": "alias/tb-test-data",
        "target_key_id": f"${{aws_kms_key.{id_}.key_id}}",
    }


def test_the_account_of_another_partition_is_named_so(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    key(stack, AwsLocation("cn-north-1", "111122223333"), NewKmsKey())

    policy = statements(synthesize(stack).one("aws_kms_key")["policy"])
    assert policy["ManagedByIam"]["Principal"] == {"AWS": "arn:aws-cn:iam::111122223333:root"}


def test_a_key_can_be_protected_from_destroy(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    key(stack, location, NewKmsKey(), prevent_destroy=True)

    assert synthesize(stack).one("aws_kms_key")["lifecycle"] == {"prevent_destroy": True}


def test_a_service_may_encrypt_for_one_account(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    own = key(stack, location, NewKmsKey())
    own.allow_service("s3.amazonaws.com", "111122223333")
    own.allow_service("s3.amazonaws.com", "111122223333")
    own.allow_service("sns.amazonaws.com", "444455556666")
    document = synthesize(stack).one("aws_kms_key")["policy"]

    policy = statements(document)
    assert set(policy) == {"ManagedByIam", "UseByS3111122223333", "UseBySns444455556666"}
    assert policy["UseByS3111122223333"] == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
    }
    # In a key's own policy "*" is the key.
    assert {finding.partition(":")[0] for finding in findings(document)} == {"RESOURCE_STAR"}


def test_eventbridge_is_not_asked_for_its_account_since_it_does_not_tell(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    own = key(stack, location, NewKmsKey())
    own.allow_service("events.amazonaws.com", "111122223333")
    own.allow_service("events.amazonaws.com", "444455556666")

    policy = statements(synthesize(stack).one("aws_kms_key")["policy"])
    assert set(policy) == {"ManagedByIam", "UseByEvents"}
    assert "Condition" not in policy["UseByEvents"]


def test_principals_of_other_accounts_may_use_the_key(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    key(stack, location, NewKmsKey()).allow_principals("Consume", [OWNER], DECRYPT, "sqs")

    assert statements(synthesize(stack).one("aws_kms_key")["policy"])["Consume"] == {
        "Effect": "Allow",
        "Principal": {"AWS": OWNER},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}},
    }


def test_a_key_of_somebody_elses_is_used_and_left_alone(
    stack: TerraformStack, location: AwsLocation, synthesize: type[Synthesized]
) -> None:
    existing = key(stack, location, ExistingKmsKey(key_arn=ARN))
    existing.allow_service("s3.amazonaws.com", "111122223333")
    existing.allow_principals("Consume", [OWNER], DECRYPT, "sqs")

    assert existing.key_arn == ARN
    assert synthesize(stack).types() == []


def test_the_use_of_a_key_can_go_into_the_policy_of_a_role(stack: TerraformStack, location: AwsLocation) -> None:
    statement = key(stack, location, ExistingKmsKey(key_arn=ARN)).usage("Encrypt", ENCRYPT)

    assert {part: value for part, value in json.loads(json.dumps(statement)).items() if value} == {
        "Sid": "Encrypt",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": ARN,
    }
