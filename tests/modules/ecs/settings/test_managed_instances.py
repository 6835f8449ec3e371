"""Managed instances: there is a type that has what is asked for, each rule with its whole message."""

from typing import Any

import pytest

from modules.ecs.settings.managed_instances import Amount
from tests.modules.ecs.samples import managed_provider
from tests.problems import message, problems

GPU = Amount(min=1, max=1)
ARM = ["amazon-web-services"]


def test_an_amount_is_the_right_way_round() -> None:
    assert Amount(min=2, max=2).max == 2
    assert message(Amount, min=2, max=1) == "Amount: max must be at least min (2), got 1; no instance has that"


def test_a_number_of_gpus_has_both_ends() -> None:
    assert managed_provider(gpus=Amount(min=1, max=1)).gpus == Amount(min=1, max=1)
    assert problems(lambda: managed_provider(gpus=Amount(min=1))) == [
        "gpus.max must be given, got None; AWS provider 6.25.0 would send 0, and no instance has fewer than its least"
    ]
    assert message(Amount, min=0) == "Amount: min must be at least 1, got 0; at least"


def test_instance_types_may_have_a_star() -> None:
    assert managed_provider(instance_types=["g5.*", "m7i.large"]).instance_types == ("g5.*", "m7i.large")
    assert problems(lambda: managed_provider(instance_types=["g5.?"]))[0].startswith("instance_types[0] must match ")


def test_managed_instances_are_of_one_architecture() -> None:
    assert managed_provider().architecture == "X86_64"
    assert managed_provider(cpu_manufacturers=["amazon-web-services"]).architecture == "ARM64"
    assert problems(lambda: managed_provider(cpu_manufacturers=["intel", "amazon-web-services"])) == [
        "cpu_manufacturers must have one CPU architecture, got intel, amazon-web-services; "
        "an image built for one does not start on the other"
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
    ("changes", "wanted", "got", "nearest"),
    [
        (
            {"instance_types": ["m7g.*"]},
            "2 to 8 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "['m7g.*']",
            "m7g.large comes nearest, but it has a CPU of AWS",
        ),
        (
            {"instance_types": ["m7i.*"], "cpu_manufacturers": ARM},
            "2 to 8 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amazon-web-services",
            "['m7i.*']",
            "m7i.large comes nearest, but it has a CPU of Intel",
        ),
        (
            {"instance_types": ["g5.*"], "gpus": GPU, "cpu_manufacturers": ["intel"]},
            "2 to 8 vCPUs, at least 4,096 MiB, 1 to 1 GPUs and a CPU of intel",
            "['g5.*']",
            "g5.xlarge comes nearest, but it has a CPU of AMD",
        ),
        (
            {"instance_types": ["m5.large", "m5.xlarge"], "vcpus": Amount(min=64)},
            "at least 64 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "['m5.large', 'm5.xlarge']",
            "m5.xlarge comes nearest, but it has 4 vCPUs",
        ),
        (
            {"instance_types": ["m5.large"], "memory_mib": Amount(min=8_193)},
            "2 to 8 vCPUs, at least 8,193 MiB, no accelerator and a CPU of amd or intel",
            "['m5.large']",
            "m5.large comes nearest, but it has 8,192 MiB",
        ),
        (
            {"instance_types": ["m5.*"], "memory_mib": Amount(min=1_000, max=8_191)},
            "2 to 8 vCPUs, 1,000 to 8,191 MiB, no accelerator and a CPU of amd or intel",
            "['m5.*']",
            "m5.large comes nearest, but it has 8,192 MiB",
        ),
        (
            {"instance_types": ["g5.*"]},
            "2 to 8 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "['g5.*']",
            "g5.xlarge comes nearest, but it has accelerators",
        ),
        (
            {"instance_types": ["inf2.*"]},
            "2 to 8 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "['inf2.*']",
            "inf2.xlarge comes nearest, but it has accelerators",
        ),
        (
            {"instance_types": ["g5.12xlarge"], "gpus": GPU},
            "2 to 8 vCPUs, at least 4,096 MiB, 1 to 1 GPUs and a CPU of amd or intel",
            "['g5.12xlarge']",
            "g5.12xlarge comes nearest, but it has 48 vCPUs and has 4 GPUs",
        ),
        (
            {"vcpus": Amount(min=897)},
            "at least 897 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "any type",
            "u7i-12tb.224xlarge comes nearest, but it has 896 vCPUs",
        ),
        (
            {"instance_types": ["*3.medium"]},
            "2 to 8 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amd or intel",
            "['*3.medium']",
            "t3.medium comes nearest, but it is burstable",
        ),
        (
            {"instance_types": ["*1.me*"], "vcpus": Amount(min=16), "cpu_manufacturers": ARM},
            "at least 16 vCPUs, at least 4,096 MiB, no accelerator and a CPU of amazon-web-services",
            "['*1.me*']",
            "a1.metal comes nearest, but it is bare metal",
        ),
    ],
)
def test_a_type_that_never_starts_is_refused(changes: dict[str, Any], wanted: str, got: str, nearest: str) -> None:
    assert problems(lambda: managed_provider(**changes)) == [
        f"instance_types must match a type with {wanted}, got {got}; {nearest}; tasks would wait indefinitely"
    ]


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("zz9.*", "make instance-types adds new types"),
        ("g5", "did you mean g5.*?"),
        ("m5.lagre", "did you mean m5.large? make instance-types adds new types"),
    ],
)
def test_a_pattern_that_means_no_type_is_refused(pattern: str, hint: str) -> None:
    assert problems(lambda: managed_provider(instance_types=["m5.large", pattern])) == [
        f"instance_types[1] must match an instance type, got {pattern!r}; {hint}"
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
    assert (settings.burstable, settings.bare_metal) == (burstable, bare_metal)
    types = settings.possible_types()
    assert any(kind.burstable for kind in types) is burstable
