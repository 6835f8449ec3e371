import pytest

from modules.containers.plain_secrets import is_plain_secret, looks_secret

KEY_ID = "AKIA" + "IOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "DB_PASSWORD",
        "dbpassword",
        "HF_TOKEN",
        "splunk-token",
        "CLIENT_SECRET",
        "OPENAI_API_KEY",
        "APIKEY",
        "AWS_SECRET_ACCESS_KEY",
        "SIGNING_PRIVATE_KEY",
    ],
)
def test_a_name_that_ends_like_that_of_a_secret_is_one(name: str) -> None:
    assert is_plain_secret(name, "hunter2")
    assert is_plain_secret(name, "a-longer_value.of-any=kind")


@pytest.mark.parametrize(
    "name", ["MAX_TOKENS", "TOKENIZERS_PARALLELISM", "TOKEN_LIMIT", "DB_SECRET_ARN", "PASSWORD_FILE", "KEY", "MONKEY"]
)
def test_a_name_that_only_tells_of_a_secret_is_none(name: str) -> None:
    assert not is_plain_secret(name, "hunter2")


@pytest.mark.parametrize(
    "value",
    ["", "true", "No", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf", "/run/secrets/db"],
)
def test_switches_and_places_of_secrets_are_none(value: str) -> None:
    assert not is_plain_secret("DB_PASSWORD", value)


def test_tokens_of_a_model_and_numbers_of_them_are_none() -> None:
    for value in ("</s>", "[PAD]", "<|endoftext|>", "512"):
        assert not is_plain_secret("EOS_TOKEN", value)
    assert is_plain_secret("EOS_PASSWORD", "512")
    assert is_plain_secret("EOS_TOKEN", "<s> 1")


@pytest.mark.parametrize(
    ("value", "nearly"),
    [
        (KEY_ID, KEY_ID[:-1]),
        (f"key={KEY_ID};", f"key=X{KEY_ID};"),
        (SECRET_KEY, SECRET_KEY + "A"),
        ("5Hd2" * 10, "5dd2" * 10),  # a hash of Git
        ("-----BEGIN PRIVATE KEY-----\nMIIE", "-----BEGIN PUBLIC KEY-----\nMIIE"),
        ("postgresql://app:hunter2@db:5432/app", "postgresql://app@db:5432/app"),
        ("redis://:hunter2@cache", "redis://cache:6379/a@b"),
    ],
)
def test_some_secrets_are_known_by_themselves(value: str, nearly: str) -> None:
    assert looks_secret(value)
    assert is_plain_secret("ANY", value)
    assert not looks_secret(nearly)
