"""Every rule of compute environments, on both edges and one step outside, with its whole message."""

from functools import partial
from typing import Any

import pytest

from modules.batch.settings.any_compute_environments import ComputeEnvironmentSettings
from modules.batch.settings.compute_environments import (
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
    UpdatePolicy,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.ec2.settings import CapacityReservation, LaunchTemplateSettings
from modules.naming import AwsLocation
from modules.settings import Settings
from modules.source import description
from tests.problems import problems_of, refused

EKS: dict[str, Any] = {
    "max_vcpus": 8,
    "eks_cluster_arn": "arn:aws:eks:us-east-1:111122223333:cluster/ml",
    "kubernetes_namespace": "batch",
    "security_group_ids": ("sg-01234567",),
}
UNMANAGED: dict[str, Any] = {"instance_types": ("m6i.large",), "instance_count": 1}
# The kinds, each with what it cannot do without.
KINDS: list[tuple[type[ComputeEnvironmentSettings], dict[str, Any]]] = [
    (FargateComputeEnvironment, {"max_vcpus": 8}),
    (FargateSpotComputeEnvironment, {"max_vcpus": 8}),
    (Ec2ComputeEnvironment, {"max_vcpus": 8}),
    (SpotComputeEnvironment, {"max_vcpus": 8}),
    (EksComputeEnvironment, EKS),
    (EksSpotComputeEnvironment, EKS),
    (UnmanagedComputeEnvironment, UNMANAGED),
]
MANAGED = KINDS[:-1]
INSTANCES = KINDS[2:-1]
SPOT = [KINDS[3], KINDS[5]]


@pytest.mark.parametrize(("kind", "needed"), KINDS)
def test_each_kind_needs_little(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed).enabled


@pytest.mark.parametrize(("kind", "needed"), MANAGED)
def test_capacity_has_a_most(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed | {"max_vcpus": 1})
    assert refused(lambda: kind(**needed | {"max_vcpus": 0})) == ["max_vcpus: 1, got 0"]


@pytest.mark.parametrize("kind", [FargateComputeEnvironment, FargateSpotComputeEnvironment])
@pytest.mark.parametrize(
    "setting",
    [
        "allocation_strategy",
        "bid_percentage",
        "image_id",
        "instance_types",
        "launch_template",
        "min_vcpus",
        "multi_node",
        "newest_image_at_deployment",
    ],
)
def test_fargate_has_no_setting_for_what_batch_forbids_there(
    kind: type[ComputeEnvironmentSettings], setting: str
) -> None:
    assert setting not in kind.model_fields


@pytest.mark.parametrize(("kind", "needed"), INSTANCES)
def test_the_least_is_at_most_the_most(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed | {"min_vcpus": 0})
    assert kind(**needed | {"min_vcpus": 8})
    assert refused(lambda: kind(**needed | {"min_vcpus": 9})) == ["min_vcpus: 8, got 9"]
    assert refused(lambda: kind(**needed | {"min_vcpus": -1})) == ["min_vcpus: 0, got -1"]


@pytest.mark.parametrize(("kind", "needed"), KINDS[2:])
@pytest.mark.parametrize(
    ("types", "message"),
    [
        (
            ("m6i.large", "m6g.large"),
            "instance_types: got arm64 and x86_64",
        ),
        (
            ("a1.large",),
            "instance_types[0]: 2023, got 'a1.large'",
        ),
        (
            ("m6i.large", "p3dn.24xlarge"),
            "instance_types[1]: 2023, got 'p3dn.24xlarge'",
        ),
        (
            ("g5g.xlarge",),
            "instance_types[0]: 2023, got 'g5g.xlarge'",
        ),
    ],
)
def test_instances_are_alike_and_have_an_image(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], types: tuple[str, ...], message: str
) -> None:
    assert refused(lambda: kind(**needed | {"instance_types": types})) == [message]


@pytest.mark.parametrize(("kind", "needed"), [KINDS[2], KINDS[3], KINDS[-1]])
@pytest.mark.parametrize("type_", ["a1.large", "g5g.xlarge", "inf2.xlarge"])
def test_an_image_of_one_s_own_fits_what_the_owner_says(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], type_: str
) -> None:
    assert kind(**needed | {"instance_types": (type_,), "image_id": "ami-01234567"}).possible_types()


@pytest.mark.parametrize("kind", [EksComputeEnvironment, EksSpotComputeEnvironment])
def test_nodes_of_an_image_of_one_s_own_would_never_join(kind: type[ComputeEnvironmentSettings]) -> None:
    assert refused(kind, **EKS, image_id="ami-01234567") == ["image_id: got 'ami-01234567'"]
    (neuron,) = problems_of(kind, **EKS, instance_types=("inf2.xlarge",))
    assert "image_id" not in str(neuron)


@pytest.mark.parametrize("kind", [Ec2ComputeEnvironment, SpotComputeEnvironment])
def test_a_policy_of_updates_needs_the_role_that_updates(
    kind: type[Ec2ComputeEnvironment | SpotComputeEnvironment],
) -> None:
    policy = UpdatePolicy(job_execution_timeout_minutes=31)
    assert kind(max_vcpus=8, update_policy=policy)
    assert kind(max_vcpus=8, update_policy=UpdatePolicy(), dedicated_service_role=True)
    assert refused(kind, max_vcpus=8, update_policy=policy, dedicated_service_role=True) == [
        "update_policy: got an UpdatePolicy"
    ]


@pytest.mark.parametrize(("kind", "needed"), INSTANCES)
@pytest.mark.parametrize(
    ("types", "message"),
    [
        ((), "instance_types: 1, got 0"),
        (
            ("g5.xlarge", "inf2"),
            "instance_types[1]: 2023, got 'inf2'",
        ),
        (("m6i.large", "t3"), "instance_types[1]: got 't3'"),
    ],
)
def test_batch_starts_only_what_it_can(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], types: tuple[str, ...], message: str
) -> None:
    (found,) = refused(lambda: kind(**needed | {"instance_types": types}))
    assert found.startswith(message)


@pytest.mark.parametrize(("kind", "needed"), KINDS[2:])
def test_the_launch_template_fits_the_types(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    raid = needed | {"launch_template": LaunchTemplateSettings(instance_store_raid=True)}
    assert kind(**raid | {"instance_types": ("m6id.large",)})
    assert refused(lambda: kind(**raid | {"instance_types": ("m6i.large",)})) == [
        "launch_template.instance_store_raid: got True, and m6i.large without"
    ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_bids_are_percentages(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed | {"bid_percentage": 1})
    assert kind(**needed | {"bid_percentage": 100})
    for outside in (0, 101):
        assert refused(partial(kind, **needed | {"bid_percentage": outside})) == [
            f"bid_percentage: 1, 100, got {outside}"
        ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_takes_only_strategies_that_can_be_updated(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]
) -> None:
    assert kind(**needed | {"allocation_strategy": "SPOT_CAPACITY_OPTIMIZED"})
    assert refused(lambda: kind(**needed | {"allocation_strategy": "BEST_FIT"})) == [
        "allocation_strategy: got 'BEST_FIT'"
    ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_starts_what_is_sold_there(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert refused(lambda: kind(**needed | {"instance_types": ("m6i.large", "hpc7a")})) == [
        "instance_types[1]: got 'hpc7a'"
    ]


def test_adapters_are_at_most_what_every_type_has() -> None:
    def build(adapters: int, *types: str) -> Ec2ComputeEnvironment:
        return Ec2ComputeEnvironment(
            max_vcpus=384, instance_types=types, multi_node=MultiNodeCapacity(efa_interfaces=adapters)
        )

    assert build(32, "p5.48xlarge").multi_node
    assert build(0, "m6i.large").multi_node
    assert refused(lambda: build(5, "p5.48xlarge", "p4d.24xlarge")) == [
        "multi_node.efa_interfaces: got 5, and p4d.24xlarge with fewer"
    ]
    assert refused(lambda: build(33, "p5.48xlarge")) == ["efa_interfaces: 0, 32, got 33"]


@pytest.mark.parametrize(("kind", "needed"), [KINDS[2], KINDS[-1]])
def test_what_is_reserved_is_of_one_type(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    reserved = needed | {"reserved_capacity": CapacityReservation(reservation_id="cr-01234567")}
    assert kind(**reserved | {"instance_types": ("g5.xlarge",)})
    assert refused(lambda: kind(**reserved | {"instance_types": ("g5.xlarge", "g6.xlarge")})) == [
        "instance_types: got ['g5.xlarge', 'g6.xlarge']"
    ]


@pytest.mark.parametrize("kind", [SpotComputeEnvironment, EksComputeEnvironment, FargateComputeEnvironment])
@pytest.mark.parametrize("setting", ["multi_node", "reserved_capacity"])
def test_only_instances_on_demand_are_reserved_or_form_nodes(
    kind: type[ComputeEnvironmentSettings], setting: str
) -> None:
    assert setting not in kind.model_fields


@pytest.mark.parametrize("minutes", [1, 360])
def test_running_jobs_may_go_on_for_minutes(minutes: int) -> None:
    assert UpdatePolicy(job_execution_timeout_minutes=minutes).job_execution_timeout_minutes == minutes


@pytest.mark.parametrize("minutes", [0, 361])
def test_running_jobs_go_on_for_one_minute_to_six_hours(minutes: int) -> None:
    assert refused(UpdatePolicy, job_execution_timeout_minutes=minutes) == [
        f"job_execution_timeout_minutes: 1, 360, got {minutes}"
    ]


@pytest.mark.parametrize("kind", [EksComputeEnvironment, EksSpotComputeEnvironment])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kubernetes_namespace": "default"},
            "kubernetes_namespace: got 'default'",
        ),
        (
            {"kubernetes_namespace": "kube-system"},
            "kubernetes_namespace: got 'kube-system'",
        ),
        (
            {"kubernetes_namespace": "n" * 64},
            f"kubernetes_namespace: 63, got '{'n' * 64}'",
        ),
        (
            {"kubernetes_namespace": "Batch"},
            "kubernetes_namespace: got 'Batch'",
        ),
        (
            {"kubernetes_version": "latest"},
            "kubernetes_version: got 'latest'",
        ),
        (
            {"eks_cluster_arn": "ml"},
            "eks_cluster_arn: got 'ml'",
        ),
    ],
)
def test_a_cluster_and_its_namespace_are_named_as_batch_takes_them(
    kind: type[ComputeEnvironmentSettings], changes: dict[str, Any], message: str
) -> None:
    assert refused(lambda: kind(**EKS | changes)) == [message]


@pytest.mark.parametrize("namespace", ["n" * 63, "kubernetes", "defaults"])
def test_other_namespaces_are_accepted(namespace: str) -> None:
    assert EksComputeEnvironment(**EKS | {"kubernetes_namespace": namespace})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"instance_types": ("m6i.large", "optimal")},
            "instance_types[1]: got 'optimal'",
        ),
        (
            {"instance_types": ("g5.xlarge", "inf2.xlarge")},
            "instance_types: got ['g5.xlarge', 'inf2.xlarge']",
        ),
        (
            {"instance_count": 1_001},
            "instance_count: 0, 1,000, got 1,001",
        ),
        (
            {"instance_count": -1},
            "instance_count: 0, 1,000, got -1",
        ),
    ],
)
def test_an_unmanaged_environment_is_a_number_of_instances_of_types(changes: dict[str, Any], message: str) -> None:
    assert refused(lambda: UnmanagedComputeEnvironment(**UNMANAGED | changes)) == [message]


@pytest.mark.parametrize(
    "changes", [{"instance_count": 0}, {"instance_count": 1_000}, {"instance_types": ("t3.large",)}]
)
def test_an_unmanaged_environment_may_be_small_and_burstable(changes: dict[str, Any]) -> None:
    assert UnmanagedComputeEnvironment(**UNMANAGED | changes)


@pytest.mark.parametrize(
    ("kind", "values", "names"),
    [
        (FargateComputeEnvironment, {"max_vcpus": 8}, []),
        (FargateComputeEnvironment, {"max_vcpus": 8, "dedicated_service_role": True}, ["e-service"]),
        (Ec2ComputeEnvironment, {"max_vcpus": 8}, ["e-instance"]),
        (SpotComputeEnvironment, {"max_vcpus": 8, "dedicated_service_role": True}, ["e-instance", "e-service"]),
        (EksComputeEnvironment, EKS, ["e-instance"]),
        (UnmanagedComputeEnvironment, UNMANAGED, ["e-instance", "e-service"]),
    ],
)
def test_the_roles_that_come_with_an_environment_are_known(
    kind: type[ComputeEnvironmentSettings], values: dict[str, Any], names: list[str]
) -> None:
    given = kind(**values).names("e", AwsLocation("us-east-1", "111122223333"))
    assert sorted(name.text for name in given if name.kind == "role") == names


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_every_setting_says_what_it_means(kind: type[Settings]) -> None:
    assert [name for name in kind.model_fields if not description(kind, name)] == []
