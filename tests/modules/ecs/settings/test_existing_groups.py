"""Capacity providers of Auto Scaling groups that somebody else owns: what is refused, on both sides of each limit."""

from typing import Any

import pytest

from modules.naming import AwsLocation
from tests.modules.ecs.samples import GROUP_ARN, existing_provider
from tests.problems import refused

OTHERS = GROUP_ARN.replace("1234abcd-12", "ffffffff-12")


@pytest.mark.parametrize(
    ("field", "lowest", "highest"),
    [
        ("max_instances", 1, 10_000),
        ("target_capacity_percent", 1, 100),
        ("max_scaling_step", 1, 10_000),
        ("instance_warmup_seconds", 0, 10_000),
    ],
)
def test_limits_hold_on_both_edges(field: str, lowest: int, highest: int) -> None:
    for value in (lowest, highest):
        assert getattr(existing_provider(**{field: value}), field) == value
    assert refused(existing_provider, **{field: highest + 1}) == [
        f"{field}: {lowest}, {highest:,}, got {highest + 1:,}"
    ]
    assert refused(existing_provider, **{field: lowest - 1})[0].startswith(f"{field}: {lowest}")


@pytest.mark.parametrize("name", ["!", "a/c.d_e~", "x" * 255])
def test_a_group_is_named_by_its_arn(name: str) -> None:
    arn = GROUP_ARN.removesuffix("gpus") + name
    assert existing_provider(auto_scaling_group_arn=arn).auto_scaling_group_arn == arn


@pytest.mark.parametrize(
    "arn", ["gpus", GROUP_ARN.removesuffix("gpus"), GROUP_ARN + "x" * 252, f"{GROUP_ARN} a", GROUP_ARN.upper()]
)
def test_nothing_else_names_a_group(arn: str) -> None:
    (found,) = refused(existing_provider, auto_scaling_group_arn=arn)
    assert found.startswith("auto_scaling_group_arn: got ")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"instance_types": ["g6.xlarge"]}, []),
        ({"instance_types": ["g6"]}, []),
        ({"instance_types": ["optimal"]}, ["instance_types[0]: got 'optimal'"]),
        ({"instance_types": ["g6.xlarg"]}, ["instance_types[0]: got 'g6.xlarg'"]),
        ({"instance_types": ["g6.xlarge", "c6i.large"]}, ["instance_types: got ['g6.xlarge', 'c6i.large']"]),
        ({"instance_types": ["c6i.large", "c7g.large"]}, ["instance_types: got arm64 and x86_64"]),
        ({"min_scaling_step": 2, "max_scaling_step": 2}, []),
        ({"min_scaling_step": 3, "max_scaling_step": 2}, ["min_scaling_step: 2, got 3"]),
    ],
)
def test_what_is_said_of_the_group_is_checked(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(existing_provider, **changes) == found
    else:
        assert existing_provider(**changes).max_instances == 8


def test_the_provider_of_another_group_has_another_name_so_that_it_can_be_made_first() -> None:
    here = AwsLocation("us-east-1", "111122223333")
    for arn, start in ((GROUP_ARN, "1234abcd"), (OTHERS, "ffffffff")):
        provider, group = existing_provider(auto_scaling_group_arn=arn).names("tb-main-theirs", here)
        assert (provider.kind, provider.text) == ("capacity provider", f"tb-main-theirs-{start}")
        assert (group.kind, group.text, group.is_made) == ("Auto Scaling group", "gpus", False)
