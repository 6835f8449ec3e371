import json
from collections.abc import Iterator
from pathlib import Path

import botocore
import pytest

from modules.naming import AwsLocation
from modules.regions import REGIONS, Region, arn_problems
from modules.settings import Settings
from tests.problems import in_short, refused

ROLE = "arn:{}:iam::111122223333:role/deploy"
KEY = "arn:{}:kms:{}:111122223333:key/1"


class Place(Settings):
    region: Region


def known_to_botocore() -> Iterator[tuple[str, str]]:
    """Yield partition and region of all regions in botocore's two tables, of which now one, now the other is newer."""
    data = Path(botocore.__file__).parent / "data"
    for file, id_ in (("endpoints.json", "partition"), ("partitions.json", "id")):
        for partition in json.loads((data / file).read_text())["partitions"]:
            for region in partition["regions"]:
                if not region.endswith("-global"):
                    yield partition[id_], region


def test_the_regions_are_those_that_botocore_knows() -> None:
    assert set(REGIONS) == {region for _, region in known_to_botocore()}
    assert list(REGIONS) == sorted(set(REGIONS))


def test_each_region_is_placed_in_its_partition() -> None:
    placed = {(AwsLocation(region, "").partition, region) for region in REGIONS}
    assert placed == set(known_to_botocore())
    assert len({partition for partition, _ in placed}) == 8


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_is_accepted(region: str) -> None:
    assert Place(region=region).region == region


@pytest.mark.parametrize(
    "region",
    [
        "us-east-9",
        "us-east-1a",
        "US-EAST-2",
        "eu_central_1",
        "us-gov-west-2",
        "mars",
        "",
    ],
)
def test_what_is_no_region_is_refused_with_the_nearest_and_how_to_add_one(region: str) -> None:
    assert refused(Place, region=region) == [f"region: got {region!r}"]


@pytest.mark.parametrize(
    ("arn", "region", "partition"),
    [
        (ROLE.format("aws"), "eu-west-1", None),
        (ROLE.format("aws-cn"), "cn-north-1", None),
        (KEY.format("aws-us-gov", "us-gov-east-1"), "us-gov-west-1", None),
        (ROLE.format("aws"), "cn-north-1", "aws-cn"),
        (ROLE.format("aws"), "us-gov-west-1", "aws-us-gov"),
        (ROLE.format("aws-us-gov"), "us-east-1", "aws"),
        (ROLE.format("aws-iso"), "us-isob-east-1", "aws-iso-b"),
    ],
)
def test_an_arn_is_of_the_region_s_partition(arn: str, region: str, partition: str | None) -> None:
    got = arn.split(":")[1]
    expected = f"deploy.role_arn: got {got!r}"
    assert in_short(arn_problems("deploy.role_arn", arn, region)) == [expected] * bool(partition)


def test_an_arn_is_of_the_region_where_there_is_a_reason() -> None:
    def found(region: str) -> list[str]:
        words = {"thing": "key", "of": "the bucket's region", "reason": "S3 asks for it"}
        return in_short(arn_problems("key_arn", KEY.format("aws", region), "us-east-1", **words))

    assert found("us-east-1") == []
    assert found("us-east-2") == ["key_arn: got 'us-east-2'"]
