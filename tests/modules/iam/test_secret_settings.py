import pytest

from modules.iam.secret_settings import SecretSettings, SecretsManagerSecret, SsmParameterSecret, secret_statements
from modules.naming import AwsLocation
from modules.source import description
from tests.problems import in_short, problems_of, refused

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:api/key-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter/api/url"
KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
HERE = AwsLocation("us-east-1", "111122223333")
VERSION = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("secret", "value_from"),
    [
        (SecretsManagerSecret(secret_arn=SECRET), SECRET),
        (SecretsManagerSecret(secret_arn=SECRET, json_key="token"), f"{SECRET}:token::"),
        (SecretsManagerSecret(secret_arn=SECRET, version_stage="AWSPREVIOUS"), f"{SECRET}::AWSPREVIOUS:"),
        (SecretsManagerSecret(secret_arn=SECRET, json_key="token", version_id=VERSION), f"{SECRET}:token::{VERSION}"),
        (SsmParameterSecret(parameter_arn=PARAMETER), PARAMETER),
    ],
)
def test_the_reference_is_what_ecs_and_batch_take(secret: SecretSettings, value_from: str) -> None:
    assert secret.value_from() == value_from


def test_a_version_is_named_one_way() -> None:
    assert refused(SecretsManagerSecret, secret_arn=SECRET, version_stage="AWSCURRENT", version_id=VERSION) == [
        f"version_id: got {VERSION!r}"
    ]


def test_an_arn_without_its_six_characters_is_refused() -> None:
    short = SECRET.removesuffix("-AbCdEf")
    (problem,) = problems_of(SecretsManagerSecret, secret_arn=short)
    assert in_short([problem]) == [f"secret_arn: got {short!r}"]
    assert description(SecretsManagerSecret, "secret_arn") in str(problem)


def test_the_right_covers_exactly_the_secrets() -> None:
    other = SECRET.replace("api/key", "db/key")
    statements = secret_statements(
        [
            SecretsManagerSecret(secret_arn=other, json_key="password", kms_key_arn=KEY),
            SecretsManagerSecret(secret_arn=SECRET),
            SecretsManagerSecret(secret_arn=SECRET, json_key="token"),
            SsmParameterSecret(parameter_arn=PARAMETER, kms_key_arn=KEY),
        ],
        HERE,
    )
    assert [(item["Sid"], item["Action"], item["Resource"]) for item in statements] == [
        ("ReadSecrets", "secretsmanager:GetSecretValue", [SECRET, other]),
        ("DecryptSecrets", "kms:Decrypt", KEY),
        ("ReadParameters", "ssm:GetParameters", PARAMETER),
        ("DecryptParameters", "kms:Decrypt", KEY),
    ]
    assert [item["Condition"] for item in statements] == [
        None,
        {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}},
        None,
        {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}},
    ]


def test_no_secrets_need_no_right() -> None:
    assert secret_statements([], HERE) == []


def test_the_base_is_not_a_secret() -> None:
    with pytest.raises(TypeError):
        SecretSettings()  # type: ignore[abstract]
