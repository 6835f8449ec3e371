import pytest

from modules.names import NAME_KINDS, name_problems, require_name
from tests.problems import refused


@pytest.mark.parametrize("kind", NAME_KINDS)
def test_a_name_of_the_greatest_length_is_accepted_and_a_longer_one_is_not(kind: str) -> None:
    limit = NAME_KINDS[kind].max_length
    require_name(kind, "x" * limit)

    assert refused(lambda: require_name(kind, "x" * (limit + 1))) == [
        f"name: {limit}, got {limit + 1} ('{'x' * (limit + 1)}')"
    ]


@pytest.mark.parametrize("kind", [kind for kind, facts in NAME_KINDS.items() if facts.min_length > 1])
def test_a_name_of_the_smallest_length_is_accepted_and_a_shorter_one_is_not(kind: str) -> None:
    limit = NAME_KINDS[kind].min_length
    require_name(kind, "x" * limit)

    assert refused(lambda: require_name(kind, "x" * (limit - 1))) == [
        f"name: {limit}, got {limit - 1} ('{'x' * (limit - 1)}')"
    ]


@pytest.mark.parametrize("name", ["", "a b", "a.b", "a/b", "ä", "${x}"])
def test_a_name_that_aws_would_refuse_is_refused(name: str) -> None:
    assert refused(lambda: require_name("queue", name)) == [f"name: got {name!r}"]


@pytest.mark.parametrize(
    ("kind", "name", "is_taken"),
    [
        ("queue", "results.fifo", True),
        ("queue", "results.fif", False),
        ("repository", "a/b.c", True),
        ("repository", "a:b", False),
        ("repository", "Models", False),
        ("repository", "a..b", False),
        ("role", "a.b", False),
        ("load balancer", "a_b", False),
        ("load balancer", "internal-a", False),
        ("load balancer", "a-internal-a", True),
        ("security group", "sg-a", False),
        ("capacity provider", "ecs-x", False),
        ("capacity provider", "x-ecs", True),
        *(("bucket", name, True) for name in ("abc", "a" * 63, "terrabatch-prod-models-111122223333", "0-9")),
        *(("bucket", name, False) for name in ("ab", "Models", "my_models", "models.prod", "-models", "models-")),
        *(("bucket", name, False) for name in ("sthree-models", "amzn-s3-demo-models", "xn--models")),
        *(("bucket", f"models{end}", False) for end in ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")),
    ],
)
def test_each_kind_has_its_own_characters_and_reserved_names(kind: str, name: str, is_taken: bool) -> None:
    assert (list(name_problems(kind, "name", name)) == []) is is_taken
