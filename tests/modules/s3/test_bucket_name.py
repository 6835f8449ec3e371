import pytest

from modules.s3.bucket_name import bucket_name_problems, require_bucket_name
from tests.problems import refused


@pytest.mark.parametrize("name", ["abc", "a" * 63, "terrabatch-prod-models-111122223333", "0-9"])
def test_a_name_that_s3_takes_passes(name: str) -> None:
    assert list(bucket_name_problems("name", name)) == []


@pytest.mark.parametrize("name", ["ab", "Models", "my_models", "models.prod", "-models", "models-"])
def test_other_characters_and_dots_are_refused(name: str) -> None:
    assert refused(require_bucket_name, name=name) == [f"name: 3, got {name!r}"]


def test_a_name_of_64_characters_is_refused() -> None:
    name = "a" * 64
    assert refused(require_bucket_name, name=name) == [f"name: 63, got 64 ({name!r})"]


@pytest.mark.parametrize(
    "name",
    [
        "sthree-models",
        "amzn-s3-demo-models",
        "xn--models",
        "models-s3alias",
        "models--ol-s3",
        "models--x-s3",
        "models--table-s3",
    ],
)
def test_what_s3_keeps_for_itself_is_refused(name: str) -> None:
    assert refused(require_bucket_name, name=name) == [f"name: got {name!r}"]
