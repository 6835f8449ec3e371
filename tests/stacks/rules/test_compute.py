"""Every rule that spans compute environments, queues and the network, with its whole message."""

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
from modules.batch.settings.eks_compute_environments import EksComputeEnvironment
from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings, JobStateTimeLimits
from modules.ec2.settings import (
    CapacityBlock,
    CapacityReservation,
    CapacityReservationGroup,
    LaunchTemplateSettings,
)
from modules.vpc.network_settings import NetworkSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from stacks.environment import Environment
from tests.problems import refused
from tests.stacks.environments import empty_environment

PRIVATE = PrivateNetwork(availability_zones=("us-east-1a", "us-east-1b"), nat_gateways=1)
ONE_ZONE = PrivateNetwork(availability_zones=("us-east-1a",), nat_gateways=1)
PUBLIC = PublicNetwork(availability_zones=("us-east-1a",))
SUBNETS = ("subnet-01234567", "subnet-12345678")
EXISTING = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=SUBNETS)
EXISTING_PUBLIC = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=SUBNETS[:1], assign_public_ip=True)

FARGATE = FargateComputeEnvironment(max_vcpus=8)
ON_DEMAND = Ec2ComputeEnvironment(max_vcpus=8)
SPOT = SpotComputeEnvironment(max_vcpus=8)
ARM = SpotComputeEnvironment(max_vcpus=8, instance_types=("default_arm64",))
UNMANAGED = UnmanagedComputeEnvironment(instance_types=("m6i.large",), instance_count=1)
NODES = Ec2ComputeEnvironment(max_vcpus=8, multi_node=MultiNodeCapacity())


def eks(cluster: str = "ml") -> EksComputeEnvironment:
    return EksComputeEnvironment(
        max_vcpus=8,
        eks_cluster_arn=f"arn:aws:eks:us-east-1:111122223333:cluster/{cluster}",
        kubernetes_namespace="batch",
        security_group_ids=("sg-01234567",),
    )


def with_network(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "network": PRIVATE,
    }
    return empty_environment(**values | changes)


def found(**changes: Any) -> list[str]:
    return refused(lambda: with_network(**changes))


def queue(*names: str, **changes: Any) -> JobQueueSettings:
    return JobQueueSettings(compute_environments=names, **changes)


def test_compute_needs_a_network() -> None:
    assert with_network(network=None)
    assert found(network=None, compute_environments={"light": FARGATE}) == ["network: got None"]


@pytest.mark.parametrize("network", [PRIVATE, EXISTING])
@pytest.mark.parametrize("settings", [ON_DEMAND, SPOT, UNMANAGED])
def test_a_subnet_is_one_that_is_there(network: NetworkSettings, settings: ComputeEnvironmentSettings) -> None:
    def chosen(index: int) -> dict[str, ComputeEnvironmentSettings]:
        return {"e": settings.model_copy(update={"subnet_index": index})}

    assert with_network(network=network, compute_environments=chosen(1))
    assert found(network=network, compute_environments=chosen(2)) == ["compute_environments.e.subnet_index: 2, got 2"]


@pytest.mark.parametrize(
    "settings",
    [
        NODES,
        Ec2ComputeEnvironment(
            max_vcpus=8,
            instance_types=("g5.xlarge",),
            reserved_capacity=CapacityReservation(reservation_id="cr-01234567"),
        ),
        UnmanagedComputeEnvironment(
            instance_types=("p5.48xlarge",),
            instance_count=1,
            reserved_capacity=CapacityBlock(reservation_id="cr-01234567"),
        ),
    ],
)
def test_what_lies_in_one_zone_names_its_subnet(settings: ComputeEnvironmentSettings) -> None:
    assert with_network(network=ONE_ZONE, compute_environments={"e": settings})
    assert with_network(compute_environments={"e": settings.model_copy(update={"subnet_index": 1})})
    assert found(compute_environments={"e": settings}) == ["compute_environments.e.subnet_index: 2, got None"]


def test_a_group_of_reservations_may_span_zones() -> None:
    group = CapacityReservationGroup(resource_group_arn="arn:aws:resource-groups:us-east-1:111122223333:group/gpus")
    assert with_network(compute_environments={"e": Ec2ComputeEnvironment(max_vcpus=8, reserved_capacity=group)})


@pytest.mark.parametrize("network", [PUBLIC, EXISTING_PUBLIC])
def test_nodes_run_in_private_subnets(network: NetworkSettings) -> None:
    assert with_network(network=network, compute_environments={"e": ON_DEMAND})
    assert with_network(network=ONE_ZONE, compute_environments={"e": NODES})
    assert found(network=network, compute_environments={"e": NODES}) == [
        "compute_environments.e.multi_node: got a MultiNodeCapacity"
    ]


def test_five_environments_share_an_eks_cluster() -> None:
    five = {f"e{index}": eks() for index in range(5)}
    assert with_network(compute_environments=five | {"other": eks("other")})
    assert found(compute_environments=five | {"e5": eks()}) == [
        "compute_environments: 5, got 6 in arn:aws:eks:us-east-1:111122223333:cluster/ml"
    ]


@pytest.mark.parametrize(
    ("environments", "names"),
    [
        ({"a": SPOT, "b": ON_DEMAND}, ("a", "b")),
        ({"a": FARGATE, "b": FargateSpotComputeEnvironment(max_vcpus=8)}, ("b", "a")),
        ({"a": eks(), "b": eks("other")}, ("a", "b")),
        ({"a": UNMANAGED, "b": UNMANAGED}, ("a", "b")),
        ({"a": ARM}, ("a",)),
    ],
)
def test_environments_that_are_alike_make_a_queue(
    environments: dict[str, ComputeEnvironmentSettings], names: tuple[str, ...]
) -> None:
    assert with_network(compute_environments=environments, job_queues={"q": queue(*names)})


@pytest.mark.parametrize(
    ("environments", "message"),
    [
        (
            {"a": SPOT, "b": FARGATE},
            "job_queues.q.compute_environments: got a (EC2), b (Fargate)",
        ),
        (
            {"a": eks(), "b": ON_DEMAND},
            "job_queues.q.compute_environments: got a (EKS), b (EC2)",
        ),
        (
            {"a": UNMANAGED, "b": ON_DEMAND},
            "job_queues.q.compute_environments: got a (unmanaged), b (EC2)",
        ),
        (
            {"a": SPOT, "b": ARM},
            "job_queues.q.compute_environments: got a (x86_64), b (arm64)",
        ),
        (
            {
                "a": SPOT.model_copy(update={"enabled": False}),
                "b": ON_DEMAND.model_copy(update={"enabled": False}),
            },
            "job_queues.q.compute_environments: got a, b",
        ),
    ],
)
def test_others_do_not(environments: dict[str, ComputeEnvironmentSettings], message: str) -> None:
    assert found(compute_environments=environments, job_queues={"q": queue("a", "b")}) == [message]


@pytest.mark.parametrize("changes", [{"enabled": False}, {}])
def test_a_queue_works_with_one_enabled_environment_or_is_off(changes: dict[str, Any]) -> None:
    off = SPOT.model_copy(update={"enabled": False})
    environments = {"a": off} if changes else {"a": off, "b": ON_DEMAND}
    assert with_network(compute_environments=environments, job_queues={"q": queue(*environments, **changes)})


def test_queues_name_environments_and_policies_that_are_there() -> None:
    assert found(
        compute_environments={"spot": SPOT},
        scheduling_policies={"teams": FairSharePolicySettings()},
        job_queues={"q": queue("spto", scheduling_policy="team")},
    ) == [
        "job_queues.q.compute_environments[0]: got 'spto'",
        "job_queues.q.scheduling_policy: got 'team'",
    ]


def test_one_bad_queue_hides_no_other() -> None:
    messages = found(
        compute_environments={"a": SPOT, "b": FARGATE},
        job_queues={"p": queue("a", "b"), "q": queue("b", "a")},
    )
    assert [message.partition(":")[0] for message in messages] == [
        "job_queues.p.compute_environments",
        "job_queues.q.compute_environments",
    ]


@pytest.mark.parametrize(
    ("field", "settings", "longest", "limit"),
    [
        ("compute_environments", FARGATE, "{}-", 102),
        ("compute_environments", ON_DEMAND, "{}-instance", 64),
        ("compute_environments", FargateComputeEnvironment(max_vcpus=8, dedicated_service_role=True), "{}-service", 64),
        ("scheduling_policies", FairSharePolicySettings(), "{}", 128),
    ],
)
def test_physical_names_fit(field: str, settings: Any, longest: str, limit: int) -> None:
    name = "n" * (limit + 1 - len(longest.format("terrabatch-test-")))
    physical = longest.format(f"terrabatch-test-{name}")
    assert with_network(**{field: {name[1:]: settings}})
    assert found(**{field: {name: settings}}) == [f"{field}.{name}: {limit}, got {limit + 1} ({physical!r})"]


def test_the_physical_name_of_a_queue_fits() -> None:
    name = "n" * (129 - len("terrabatch-test-"))
    assert with_network(compute_environments={"a": SPOT}, job_queues={name[1:]: queue("a")})
    assert found(compute_environments={"a": SPOT}, job_queues={name: queue("a")}) == [
        f"job_queues.{name}: 128, got 129 ('terrabatch-test-{name}')"
    ]


SHELL = LaunchTemplateSettings(ssm_access=True)
HASTE = UpdatePolicy(terminate_jobs_on_update=True)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            SPOT.model_copy(update={"launch_template": SHELL}),
            "compute_environments.e.launch_template.ssm_access: got True",
        ),
        (
            UNMANAGED.model_copy(update={"launch_template": SHELL}),
            "compute_environments.e.launch_template.ssm_access: got True",
        ),
        (
            ON_DEMAND.model_copy(update={"update_policy": HASTE}),
            "compute_environments.e.update_policy.terminate_jobs_on_update: got True",
        ),
    ],
)
def test_production_leaves_instances_alone(settings: ComputeEnvironmentSettings, message: str) -> None:
    assert with_network(compute_environments={"e": settings})
    assert found(production=True, compute_environments={"e": settings}) == [message]


@pytest.mark.parametrize("limit", JobStateTimeLimits.model_fields)
def test_production_gives_up_jobs_that_cannot_start(limit: str) -> None:
    values: dict[str, Any] = {limit: None}
    environments = {
        "compute_environments": {"a": SPOT},
        "job_queues": {"q": queue("a", job_state_time_limits=JobStateTimeLimits(**values))},
    }
    assert with_network(**environments)
    assert found(production=True, **environments) == [f"job_queues.q.job_state_time_limits.{limit}: got None"]


def test_govcloud_takes_the_usual_update_policy_only() -> None:
    def place(region: str, **policy: bool) -> dict[str, Any]:
        return {
            "region": region,
            "network": PrivateNetwork(availability_zones=(f"{region}a",), nat_gateways=1),
            "compute_environments": {"large": Ec2ComputeEnvironment(max_vcpus=8, update_policy=UpdatePolicy(**policy))},
        }

    assert with_network(**place("us-gov-west-1"))
    assert with_network(**place("us-east-1", terminate_jobs_on_update=True))
    assert found(**place("us-gov-west-1", terminate_jobs_on_update=True)) == [
        "compute_environments.large.update_policy: got an UpdatePolicy"
    ]
