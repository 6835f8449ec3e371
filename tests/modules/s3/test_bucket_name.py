import pytest

from modules.problems import SettingsError
from modules.s3.bucket_name import bucket_name_problems, require_bucket_name


@pytest.mark.parametrize("name", ["abc", "a" * 63, "terrabatch-prod-models-111122223333", "0-9"])
def test_a_name_that_s3_takes_passes(name: str) -> None:
    assert list(bucket_name_problems("name", name)) == []


@pytest.mark.parametrize("name", ["ab", "Models", "my_models", "models.prod", "-models", "models-"])
def test_other_characters_and_dots_are_refused(name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        require_bucket_name(name)
    assert str(refused.value) == (
        "buckets: name must give a bucket name of at least 3 lower-case letters, digits and inner hyphens, "
        f"got {name!r}; S3 refuses other characters, and TLS the dots"
    )


def test_a_name_of_64_characters_is_refused() -> None:
    name = "a" * 64
    with pytest.raises(SettingsError) as refused:
        require_bucket_name(name)
    assert str(refused.value) == (
        f"buckets: name must give a physical name of at most 63 characters, got 64 ({name!r}); shorten the name"
    )


@pytest.mark.parametrize(
    ("name", "reserved"),
    [
        ("sthree-models", "sthree-"),
        ("amzn-s3-demo-models", "amzn-s3-demo-"),
        ("xn--models", "xn--"),
        ("models-s3alias", "-s3alias"),
        ("models--ol-s3", "--ol-s3"),
        ("models--x-s3", "--x-s3"),
        ("models--table-s3", "--table-s3"),
    ],
)
def test_what_s3_keeps_for_itself_is_refused(name: str, reserved: str) -> None:
    with pytest.raises(SettingsError) as refused:
        require_bucket_name(name)
    assert str(refused.value) == (
        f"buckets: name must give a bucket name without {reserved!r}, got {name!r}; S3 keeps such names for itself"
    )
