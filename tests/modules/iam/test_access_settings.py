import pytest

from modules.iam.access_settings import Access, BucketAccess
from tests.problems import refused


@pytest.mark.parametrize("prefix", ["", "models/", "a b/x=1/@(c)/", "x" * 511 + "/"])
def test_a_prefix_is_a_folder_or_the_whole_bucket(prefix: str) -> None:
    assert BucketAccess(bucket="data", prefix=prefix).prefix == prefix


@pytest.mark.parametrize("prefix", ["models", "/", "models/*/", "a//", "${aws:username}/"])
def test_a_prefix_that_could_open_more_than_it_says_is_refused(prefix: str) -> None:
    assert refused(BucketAccess, bucket="data", prefix=prefix) == [f"prefix: got {prefix!r}"]


def test_a_prefix_of_513_characters_is_refused() -> None:
    assert refused(BucketAccess, bucket="data", prefix="x" * 512 + "/")[0].startswith("prefix: 512, got ")


def test_a_workload_may_use_nothing_unless_told() -> None:
    assert not any(Access().model_dump().values())


def test_iam_attaches_ten_policies_to_a_role() -> None:
    arns = [f"arn:aws:iam::111122223333:policy/tables-{number}" for number in range(11)]
    assert len(Access(policy_arns=arns[:10]).policy_arns) == 10
    assert refused(Access, policy_arns=arns) == ["policy_arns: 10, got 11"]
