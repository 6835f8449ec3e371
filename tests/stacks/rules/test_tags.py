import pytest

from tests.problems import problems
from tests.stacks.environments import environment

FIX = "project and environment are set already; rights to jobs depend on them; IAM ignores case in keys"


def test_tags_of_ones_own_are_kept() -> None:
    assert environment(tags={"Team": "search", "cost-center": "7"}).tags == {"Team": "search", "cost-center": "7"}


@pytest.mark.parametrize("key", ["project", "Project", "ENVIRONMENT"])
def test_the_tags_that_rights_depend_on_cannot_be_given(key: str) -> None:
    assert problems(lambda: environment(tags={key: "x"})) == [
        f"tags.{key} must differ from every other key by more than case, got {key!r}; {FIX}"
    ]


def test_keys_differ_by_more_than_case() -> None:
    assert problems(lambda: environment(tags={"Team": "a", "team": "b"})) == [
        f"tags.team must differ from every other key by more than case, got 'team'; {FIX}"
    ]
