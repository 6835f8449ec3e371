import botocore.session
import pytest
from pydantic import Field, TypeAdapter, ValidationError

from modules.naming import CLOSED_PARTITIONS, DOMAINS, AwsLocation, ShortName, Tags
from modules.settings import Settings
from tests.problems import refused

RESOLVER = botocore.session.get_session().get_component("endpoint_resolver")
PARTITIONS = RESOLVER.get_available_partitions()
REGIONS = [
    (partition, region) for partition in PARTITIONS for region in RESOLVER.get_available_endpoints("sqs", partition)
]


@pytest.mark.parametrize("name", ["a", "requests", "image-embedding", "a1-2b", "b2"])
def test_a_short_name_is_lower_case_words_joined_by_hyphens(name: str) -> None:
    assert TypeAdapter(ShortName).validate_python(name) == name


@pytest.mark.parametrize("name", ["", "A", "1a", "-a", "a-", "a--b", "a_b", "a.b", "a b", "ä", "a\n"])
def test_nothing_else_is_a_short_name(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(ShortName).validate_python(name)


@pytest.mark.parametrize(("partition", "region"), REGIONS)
def test_every_region_that_botocore_knows_is_placed_in_its_partition(partition: str, region: str) -> None:
    assert AwsLocation(region, "111122223333").partition == partition


def test_the_partitions_and_domains_are_those_that_botocore_knows() -> None:
    assert {"aws", *CLOSED_PARTITIONS.values()} == set(PARTITIONS)
    assert {name: DOMAINS.get(name, "amazonaws.com") for name in PARTITIONS} == {
        name: RESOLVER.get_partition_dns_suffix(name) for name in PARTITIONS
    }


class Tagged(Settings):
    tags: Tags = Field(default_factory=dict)
    """for the bill"""


@pytest.mark.parametrize(
    "tags",
    [
        {"cost-center": "42"},
        {"k" * 128: "v" * 256},
        {"Team: Ω": ""},
        {"a_.:/=+-@": "a_.:/=+-@"},
        {str(number): "" for number in range(46)},
    ],
)
def test_tags_may_have_what_aws_accepts(tags: dict[str, str]) -> None:
    assert Tagged(tags=tags).tags == tags


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"": "a"}, "tags.: 1, got ''"),
        ({"k" * 129: ""}, f"tags.{'k' * 129}: 128, got '{'k' * 75} ..."),
        ({"a": "v" * 257}, f"tags.a: 256, got '{'v' * 75} ..."),
        (
            {"a;b": ""},
            "tags.a;b: got 'a;b'",
        ),
        (
            {"a": "${b}"},
            "tags.a: got '${b}'",
        ),
        (
            {"AWS:a": ""},
            "tags.AWS:a: got 'AWS:a'",
        ),
        ({str(number): "" for number in range(47)}, "tags: 46, got 47"),
    ],
)
def test_tags_that_aws_refuses_are_refused(tags: dict[str, str], message: str) -> None:
    assert refused(lambda: Tagged(tags=tags)) == [message]
