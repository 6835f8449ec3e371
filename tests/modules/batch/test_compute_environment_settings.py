"""Every rule of compute environments, on both edges and one step outside, with its whole message."""

from functools import partial
from typing import Any

import pytest

from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    Ec2ComputeEnvironment,
    FargateComputeEnvironment,
    FargateSpotComputeEnvironment,
    MultiNodeCapacity,
    SpotComputeEnvironment,
    UnmanagedComputeEnvironment,
    UpdatePolicy,
    role_names,
)
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment, EksSpotComputeEnvironment
from modules.ec2.settings import CapacityReservation, LaunchTemplateSettings
from modules.settings import Settings
from modules.source import description
from tests.problems import problems

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
ECS_INSTANCES = KINDS[2:4]
MAX_VCPUS = "the most that may run, and so cost; instances may exceed it by one instance"
BID = "the most to pay, in percent of the on-demand price; None: 100, and reclaimed least often"


@pytest.mark.parametrize(("kind", "needed"), KINDS)
def test_each_kind_needs_little(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed).enabled


@pytest.mark.parametrize(("kind", "needed"), MANAGED)
def test_capacity_has_a_most(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed | {"max_vcpus": 1})
    assert problems(lambda: kind(**needed | {"max_vcpus": 0})) == [f"max_vcpus must be at least 1, got 0; {MAX_VCPUS}"]


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
    assert problems(lambda: kind(**needed | {"min_vcpus": 9})) == [
        "min_vcpus must be at most max_vcpus (8), got 9; Batch refuses it"
    ]
    assert problems(lambda: kind(**needed | {"min_vcpus": -1})) == [
        "min_vcpus must be at least 0, got -1; kept running, and paid, even with nothing to do; 0 costs nothing idle"
    ]


@pytest.mark.parametrize(("kind", "needed"), KINDS[2:])
@pytest.mark.parametrize(
    ("types", "message"),
    [
        (
            ("m6i.large", "m6g.large"),
            "instance_types must have one CPU architecture, got arm64 and x86_64; an image built for one does not "
            "start on the other",
        ),
        (
            ("a1.large",),
            "instance_types[0] must have an image of Amazon Linux 2023, or image_id be given, got 'a1.large'; "
            "Amazon Linux 2023 does not run on A1",
        ),
        (
            ("m6i.large", "p3dn.24xlarge"),
            "instance_types[1] must have an image of Amazon Linux 2023, or image_id be given, got 'p3dn.24xlarge'; the "
            "NVIDIA image of Amazon Linux 2023 has no driver for its GPUs",
        ),
        (
            ("g5g.xlarge",),
            "instance_types[0] must have an image of Amazon Linux 2023, or image_id be given, got 'g5g.xlarge'; the "
            "NVIDIA image of Amazon Linux 2023 is there for x86_64 only",
        ),
    ],
)
def test_instances_are_alike_and_have_an_image(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], types: tuple[str, ...], message: str
) -> None:
    assert problems(lambda: kind(**needed | {"instance_types": types})) == [message]


@pytest.mark.parametrize(("kind", "needed"), KINDS[2:])
@pytest.mark.parametrize("type_", ["a1.large", "g5g.xlarge", "inf2.xlarge"])
def test_an_image_of_one_s_own_fits_what_the_owner_says(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], type_: str
) -> None:
    assert kind(**needed | {"instance_types": (type_,), "image_id": "ami-01234567"}).possible_types()


@pytest.mark.parametrize(("kind", "needed"), INSTANCES)
@pytest.mark.parametrize(
    ("types", "message"),
    [
        ((), "instance_types must have at least 1 item"),
        (
            ("g5.xlarge", "inf2"),
            "instance_types[1] must have an image of Amazon Linux 2023, or image_id be given, got 'inf2'; the images "
            "that Batch chooses from have no Neuron driver: give image_id",
        ),
        (("m6i.large", "t3"), "instance_types[1] must not be burstable, got 't3'; Batch refuses it"),
    ],
)
def test_batch_starts_only_what_it_can(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any], types: tuple[str, ...], message: str
) -> None:
    (found,) = problems(lambda: kind(**needed | {"instance_types": types}))
    assert found.startswith(message)


@pytest.mark.parametrize(("kind", "needed"), KINDS[2:])
def test_the_launch_template_fits_the_types(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    raid = needed | {"launch_template": LaunchTemplateSettings(instance_store_raid=True)}
    assert kind(**raid | {"instance_types": ("m6id.large",)})
    assert problems(lambda: kind(**raid | {"instance_types": ("m6i.large",)})) == [
        "launch_template.instance_store_raid must be False where an instance type has no NVMe instance store, got "
        "True, and m6i.large without; jobs would fill the root volume instead"
    ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_bids_are_percentages(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert kind(**needed | {"bid_percentage": 1})
    assert kind(**needed | {"bid_percentage": 100})
    for outside in (0, 101):
        assert problems(partial(kind, **needed | {"bid_percentage": outside})) == [
            f"bid_percentage must be from 1 to 100, got {outside}; {BID}"
        ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_takes_only_strategies_that_can_be_updated(
    kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]
) -> None:
    assert kind(**needed | {"allocation_strategy": "SPOT_CAPACITY_OPTIMIZED"})
    assert problems(lambda: kind(**needed | {"allocation_strategy": "BEST_FIT"})) == [
        "allocation_strategy must be one of 'SPOT_PRICE_CAPACITY_OPTIMIZED', 'SPOT_CAPACITY_OPTIMIZED', got "
        "'BEST_FIT'; the cheapest of what is rarely reclaimed, or SPOT_CAPACITY_OPTIMIZED: what is reclaimed least"
    ]


@pytest.mark.parametrize(("kind", "needed"), SPOT)
def test_spot_starts_what_is_sold_there(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    assert problems(lambda: kind(**needed | {"instance_types": ("m6i.large", "hpc7a")})) == [
        "instance_types[1] must be sold on the Spot market, got 'hpc7a'; use an environment on demand"
    ]


def test_adapters_are_at_most_what_every_type_has() -> None:
    def build(adapters: int, *types: str) -> Ec2ComputeEnvironment:
        return Ec2ComputeEnvironment(
            max_vcpus=384, instance_types=types, multi_node=MultiNodeCapacity(efa_interfaces=adapters)
        )

    assert build(32, "p5.48xlarge").multi_node
    assert build(0, "m6i.large").multi_node
    assert problems(lambda: build(5, "p5.48xlarge", "p4d.24xlarge")) == [
        "multi_node.efa_interfaces must be at most what every instance type has, got 5, and p4d.24xlarge with fewer; "
        "EC2 starts no such instance"
    ]
    assert problems(lambda: build(33, "p5.48xlarge")) == [
        "efa_interfaces must be from 0 to 32, got 33; Elastic Fabric Adapters of each instance, for MPI and "
        "NCCL past the kernel; 0: ordinary network"
    ]


@pytest.mark.parametrize(("kind", "needed"), [KINDS[2], KINDS[-1]])
def test_what_is_reserved_is_of_one_type(kind: type[ComputeEnvironmentSettings], needed: dict[str, Any]) -> None:
    reserved = needed | {"reserved_capacity": CapacityReservation(reservation_id="cr-01234567")}
    assert kind(**reserved | {"instance_types": ("g5.xlarge",)})
    assert problems(lambda: kind(**reserved | {"instance_types": ("g5.xlarge", "g6.xlarge")})) == [
        "instance_types must name one instance type where reserved_capacity is a CapacityReservation, got "
        "['g5.xlarge', 'g6.xlarge']; it is of one type, and an instance of another does not start"
    ]


@pytest.mark.parametrize("kind", [SpotComputeEnvironment, EksComputeEnvironment, FargateComputeEnvironment])
@pytest.mark.parametrize("setting", ["multi_node", "reserved_capacity"])
def test_only_instances_on_demand_are_reserved_or_form_nodes(
    kind: type[ComputeEnvironmentSettings], setting: str
) -> None:
    assert setting not in kind.model_fields


@pytest.mark.parametrize(
    ("minutes", "messages"),
    [
        (1, []),
        (360, []),
        (0, ["0"]),
        (361, ["361"]),
    ],
)
def test_running_jobs_may_go_on_for_minutes(minutes: int, messages: list[str]) -> None:
    if not messages:
        assert UpdatePolicy(job_execution_timeout_minutes=minutes).job_execution_timeout_minutes == minutes
        return
    assert problems(lambda: UpdatePolicy(job_execution_timeout_minutes=minutes)) == [
        f"job_execution_timeout_minutes must be from 1 to 360 minutes, got {messages[0]}; how long running jobs may go "
        "on before their instances are replaced"
    ]


@pytest.mark.parametrize("kind", [EksComputeEnvironment, EksSpotComputeEnvironment])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kubernetes_namespace": "default"},
            'kubernetes_namespace must not be "default" nor start with "kube-", got \'default\'; Batch wants one that '
            "is its own",
        ),
        (
            {"kubernetes_namespace": "kube-system"},
            'kubernetes_namespace must not be "default" nor start with "kube-", got \'kube-system\'; Batch wants one '
            "that is its own",
        ),
        (
            {"kubernetes_namespace": "n" * 64},
            "kubernetes_namespace must have at most 63 characters, got "
            f"'{'n' * 64}'; Batch manages the pods in it; a change replaces the environment",
        ),
        (
            {"kubernetes_namespace": "Batch"},
            "kubernetes_namespace must match ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$, got 'Batch'; Batch manages the pods in "
            "it; a change replaces the environment",
        ),
        (
            {"kubernetes_version": "latest"},
            r"kubernetes_version must match ^1\.[0-9]{2}$, got 'latest'; "
            "of the nodes' image; None: the newest that Batch supports",
        ),
        (
            {"eks_cluster_arn": "ml"},
            "eks_cluster_arn must match "
            r"^arn:aws[a-z-]*:eks:[a-z0-9-]+:[0-9]{12}:cluster/[0-9A-Za-z][0-9A-Za-z_-]{0,99}$, "
            "got 'ml'; the cluster's ARN; a change replaces the environment",
        ),
    ],
)
def test_a_cluster_and_its_namespace_are_named_as_batch_takes_them(
    kind: type[ComputeEnvironmentSettings], changes: dict[str, Any], message: str
) -> None:
    assert problems(lambda: kind(**EKS | changes)) == [message]


@pytest.mark.parametrize("namespace", ["n" * 63, "kubernetes", "defaults"])
def test_other_namespaces_are_accepted(namespace: str) -> None:
    assert EksComputeEnvironment(**EKS | {"kubernetes_namespace": namespace})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"instance_types": ("m6i.large", "m6i")},
            "instance_types[1] must name a type, not a family, got 'm6i'; an Auto Scaling group takes types",
        ),
        (
            {"instance_types": ("g5.xlarge", "inf2.xlarge")},
            "instance_types must not mix GPU and Neuron types, got ['g5.xlarge', 'inf2.xlarge']; no image has both "
            "drivers",
        ),
        (
            {"instance_count": 1_001},
            "instance_count must be from 0 to 1,000, got 1,001; how many run, and are paid, whether there are jobs or "
            "not",
        ),
        (
            {"instance_count": -1},
            "instance_count must be from 0 to 1,000, got -1; how many run, and are paid, whether there are jobs or not",
        ),
    ],
)
def test_an_unmanaged_environment_is_a_number_of_instances_of_types(changes: dict[str, Any], message: str) -> None:
    assert problems(lambda: UnmanagedComputeEnvironment(**UNMANAGED | changes)) == [message]


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
    assert list(role_names(kind(**values), "e")) == names


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_every_setting_says_what_it_means(kind: type[Settings]) -> None:
    assert [name for name in kind.model_fields if not description(kind, name)] == []
