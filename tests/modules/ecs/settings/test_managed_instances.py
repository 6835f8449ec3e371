"""Managed instances: there is a type that has what is asked for, each rule with its whole message."""

from typing import Any

import pytest

from modules.ecs.settings.managed_instances import Amount
from tests.modules.ecs.samples import managed_provider
from tests.problems import in_short, problems_of, refused

GPU = Amount(min=1, max=1)
ARM = ["amazon-web-services"]


def test_an_amount_is_the_right_way_round() -> None:
    assert Amount(min=2, max=2).max == 2
    assert refused(Amount, min=2, max=1) == ["max: 2, got 1"]


def test_a_number_of_gpus_has_both_ends() -> None:
    assert managed_provider(gpus=Amount(min=1, max=1)).gpus == Amount(min=1, max=1)
    assert refused(lambda: managed_provider(gpus=Amount(min=1))) == ["gpus.max: got None"]
    assert refused(Amount, min=0) == ["min: 1, got 0"]


def test_instance_types_may_have_a_star() -> None:
    assert managed_provider(instance_types=["g5.*", "m7i.large"]).instance_types == ("g5.*", "m7i.large")
    assert refused(managed_provider, instance_types=["g5.?"])[0] == "instance_types[0]: got 'g5.?'"


def test_managed_instances_are_of_one_architecture() -> None:
    assert managed_provider().architecture == "X86_64"
    assert managed_provider(cpu_manufacturers=["amazon-web-services"]).architecture == "ARM64"
    assert refused(lambda: managed_provider(cpu_manufacturers=["intel", "amazon-web-services"])) == [
        "cpu_manufacturers: got intel, amazon-web-services"
    ]


@pytest.mark.parametrize(
    ("changes", "first", "last"),
    [
        ({"instance_types": ["m5.large"]}, "m5.large", "m5.large"),
        # From 2 to 8 vCPUs.
        ({"instance_types": ["m7i.*"]}, "m7i.large", "m7i.2xlarge"),
        ({"instance_types": ["m7i.*", "m5.large", "m5.l*"]}, "m5.large", "m7i.2xlarge"),
        ({"instance_types": ["m7g.*"], "cpu_manufacturers": ARM}, "m7g.large", "m7g.2xlarge"),
        ({"instance_types": ["m7a.*", "m7i.*"], "cpu_manufacturers": ["amd"]}, "m7a.large", "m7a.2xlarge"),
        # Those of the other architecture do no harm.
        ({"instance_types": ["m7g.*", "m5.large"]}, "m5.large", "m5.large"),
        ({"instance_types": ["g5.*"], "gpus": GPU}, "g5.xlarge", "g5.2xlarge"),
        ({"instance_types": ["g5.*", "m5.large"]}, "m5.large", "m5.large"),
        ({"instance_types": ["m5.large"], "memory_mib": Amount(min=8_192, max=8_192)}, "m5.large", "m5.large"),
        ({"instance_types": ["t3.*"]}, "t3.medium", "t3.2xlarge"),
        ({"instance_types": ["m7i.metal-24xl"], "vcpus": Amount(min=96)}, "m7i.metal-24xl", "m7i.metal-24xl"),
    ],
)
def test_types_that_have_what_is_asked_for_may_start(changes: dict[str, Any], first: str, last: str) -> None:
    types = managed_provider(**changes).possible_types()
    assert (types[0].name, types[-1].name) == (first, last)
    assert len({kind.name for kind in types}) == len(types)


@pytest.mark.parametrize(
    ("changes", "message", "nearest"),
    [
        ({"instance_types": ["m7g.*"]}, "instance_types: 2, 8, 4,096, got ['m7g.*']", "m7g.large"),
        (
            {"instance_types": ["m7i.*"], "cpu_manufacturers": ARM},
            "instance_types: 2, 8, 4,096, got ['m7i.*']",
            "m7i.large",
        ),
        (
            {"instance_types": ["g5.*"], "gpus": GPU, "cpu_manufacturers": ["intel"]},
            "instance_types: 2, 8, 4,096, 1, 1, got ['g5.*']",
            "g5.xlarge",
        ),
        (
            {"instance_types": ["m5.large", "m5.xlarge"], "vcpus": Amount(min=64)},
            "instance_types: 64, 4,096, got ['m5.large', 'm5.xlarge']",
            "m5.xlarge",
        ),
        (
            {"instance_types": ["m5.large"], "memory_mib": Amount(min=8_193)},
            "instance_types: 2, 8, 8,193, got ['m5.large']",
            "m5.large",
        ),
        (
            {"instance_types": ["m5.*"], "memory_mib": Amount(min=1_000, max=8_191)},
            "instance_types: 2, 8, 1,000, 8,191, got ['m5.*']",
            "m5.large",
        ),
        ({"instance_types": ["g5.*"]}, "instance_types: 2, 8, 4,096, got ['g5.*']", "g5.xlarge"),
        ({"instance_types": ["inf2.*"]}, "instance_types: 2, 8, 4,096, got ['inf2.*']", "inf2.xlarge"),
        (
            {"instance_types": ["g5.12xlarge"], "gpus": GPU},
            "instance_types: 2, 8, 4,096, 1, 1, got ['g5.12xlarge']",
            "g5.12xlarge",
        ),
        ({"vcpus": Amount(min=897)}, "instance_types: 897, 4,096, got any type", "u7i-12tb.224xlarge"),
        ({"instance_types": ["*3.medium"]}, "instance_types: 2, 8, 4,096, got ['*3.medium']", "t3.medium"),
        (
            {"instance_types": ["*1.me*"], "vcpus": Amount(min=16), "cpu_manufacturers": ARM},
            "instance_types: 16, 4,096, got ['*1.me*']",
            "a1.metal",
        ),
    ],
)
def test_a_type_that_never_starts_is_refused(changes: dict[str, Any], message: str, nearest: str) -> None:
    (problem,) = problems_of(managed_provider, **changes)
    assert in_short([problem]) == [message]
    assert problem.reason.startswith(f"{nearest} ")


@pytest.mark.parametrize(
    "pattern",
    [
        "zz9.*",
        "g5",
        "m5.lagre",
    ],
)
def test_a_pattern_that_means_no_type_is_refused(pattern: str) -> None:
    assert refused(lambda: managed_provider(instance_types=["m5.large", pattern])) == [
        f"instance_types[1]: got {pattern!r}"
    ]


@pytest.mark.parametrize(
    ("names", "burstable", "bare_metal"),
    [
        ([], False, False),
        (["m7i.*"], False, False),
        (["t3.*"], True, False),
        (["m5.large", "t3.large"], True, False),
        # It means trn1 and others, too.
        (["t*", "m5.large"], False, False),
        (["c5.metal", "m5.large"], False, True),
        (["t3.large", "*.metal"], True, True),
    ],
)
def test_what_is_slow_or_bare_starts_only_where_it_is_named(
    names: list[str], burstable: bool, bare_metal: bool
) -> None:
    settings = managed_provider(instance_types=names)
    assert (settings.allows_burstable, settings.allows_bare_metal) == (burstable, bare_metal)
    types = settings.possible_types()
    assert any(kind.burstable for kind in types) is burstable


def test_instances_of_a_profile_that_exists_come_with_the_role_that_lets_ecs_pass_theirs() -> None:
    account = "arn:aws:iam::111122223333"
    profile, role = f"{account}:instance-profile/ecs", f"{account}:role/ecs"
    assert managed_provider(instance_profile_arn=profile, infrastructure_role_arn=role)
    assert managed_provider(infrastructure_role_arn=role)
    assert refused(managed_provider, instance_profile_arn=profile) == ["infrastructure_role_arn: got None"]
