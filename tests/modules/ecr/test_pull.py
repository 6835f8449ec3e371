from collections.abc import Sequence

import pytest

from modules.ecr.image import Image, RepositoryImage
from modules.ecr.pull import IMPORT, PULL, image_statements

OURS = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
THEIRS = "444455556666.dkr.ecr-fips.us-gov-west-1.amazonaws.com"
OWN = RepositoryImage(repository="embed", tag="1")
OWN_ARN = "arn:aws:ecr:us-east-1:111122223333:repository/tb-test-embed"
CACHED = f"{OURS}/docker-hub/library/python:3.13"
CACHED_ARN = "arn:aws:ecr:us-east-1:111122223333:repository/docker-hub/library/python"


def allowed(images: Sequence[Image], prefixes: Sequence[str] = ()) -> dict[str, object]:
    """Return the resources of each statement, by its actions."""
    statements = image_statements(images, {"embed": f"{OURS}/tb-test-embed"}, prefixes)
    return {item["Sid"]: item["Resource"] for item in statements}


@pytest.mark.parametrize(
    ("image", "arn"),
    [
        (OWN, OWN_ARN),
        (f"{OURS}/a/b:1", "arn:aws:ecr:us-east-1:111122223333:repository/a/b"),
        (f"{OURS}/a@sha256:{'0' * 64}", "arn:aws:ecr:us-east-1:111122223333:repository/a"),
        (f"{OURS}/a:1@sha256:{'0' * 64}", "arn:aws:ecr:us-east-1:111122223333:repository/a"),
        (f"{OURS}/a", "arn:aws:ecr:us-east-1:111122223333:repository/a"),
        (f"{THEIRS}/a", "arn:aws-us-gov:ecr:us-gov-west-1:444455556666:repository/a"),
        (
            "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a",
            "arn:aws-cn:ecr:cn-north-1:111122223333:repository/a",
        ),
        (
            "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu/a",
            "arn:aws-eusc:ecr:eusc-de-east-1:111122223333:repository/a",
        ),
        ("111122223333.dkr-ecr.us-east-1.on.aws/a", "arn:aws:ecr:us-east-1:111122223333:repository/a"),
    ],
)
def test_an_image_of_ecr_is_pulled_from_its_repository_and_no_other(image: Image, arn: str) -> None:
    assert allowed([image]) == {"LogInToRegistry": "*", "PullImages": arn}


@pytest.mark.parametrize("image", ["python:3.13", "public.ecr.aws/a/b:1", "localhost:5000/a", "quay.io/a/b"])
def test_an_image_of_another_registry_needs_no_right(image: str) -> None:
    assert allowed([image], ["ROOT"]) == {}


def test_what_a_cache_fills_may_be_imported_by_the_first_to_pull_it() -> None:
    assert allowed([CACHED, f"{OURS}/docker-hubs/a", OWN], ["docker-hub"]) == {
        "LogInToRegistry": "*",
        "PullImages": [CACHED_ARN, "arn:aws:ecr:us-east-1:111122223333:repository/docker-hubs/a", OWN_ARN],
        "ImportUpstreamImages": CACHED_ARN,
    }


def test_a_cache_of_any_name_fills_no_repository_of_the_environment() -> None:
    assert allowed([CACHED, OWN], ["ROOT"])["ImportUpstreamImages"] == CACHED_ARN


def test_pulling_and_importing_are_these_actions() -> None:
    statements = image_statements([CACHED], {}, ["docker-hub"])
    assert {item["Sid"]: item["Action"] for item in statements} == {
        "LogInToRegistry": "ecr:GetAuthorizationToken",
        "PullImages": sorted(PULL),
        "ImportUpstreamImages": sorted(IMPORT),
    }
    assert IMPORT == ("ecr:BatchImportUpstreamImage", "ecr:CreateRepository")
