"""What is added of ECS is what AWS's API says."""

from typing import Any

import pytest

from tests.rehearsal.local_aws.asking import client


def service(**given: Any) -> dict[str, Any]:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="a")
    ecs.register_task_definition(family="a", containerDefinitions=[{"name": "a", "image": "a", "memory": 64}])
    ecs.create_service(cluster="a", serviceName="a", taskDefinition="a", desiredCount=0, **given)
    return described_service()


def described_service() -> dict[str, Any]:
    (shown,) = client("ecs").describe_services(cluster="a", services=["a"])["services"]
    return dict(shown)


def test_a_service_keeps_what_it_is_made_with_and_takes_what_it_is_changed_to() -> None:
    given = {
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}],
        "enableECSManagedTags": True,
        "enableExecuteCommand": True,
        "healthCheckGracePeriodSeconds": 30,
        "placementStrategy": [{"type": "binpack", "field": "memory"}],
        "availabilityZoneRebalancing": "ENABLED",
    }
    assert given.items() <= service(**given).items()
    changed = {**given, "enableExecuteCommand": False, "availabilityZoneRebalancing": "DISABLED"}
    client("ecs").update_service(
        cluster="a", service="a", enableExecuteCommand=False, availabilityZoneRebalancing="DISABLED"
    )
    assert changed.items() <= described_service().items()


@pytest.mark.parametrize(("strategy", "percents"), [("DAEMON", (100, 0)), ("REPLICA", (200, 100))])
def test_a_deployment_has_the_percentages_of_its_scheduling_strategy(strategy: str, percents: tuple[int, int]) -> None:
    shown = service(launchType="EC2", schedulingStrategy=strategy)["deploymentConfiguration"]
    assert (shown["maximumPercent"], shown["minimumHealthyPercent"]) == percents
    given = {"minimumHealthyPercent": 50}
    client("ecs").update_service(cluster="a", service="a", deploymentConfiguration=given)
    assert described_service()["deploymentConfiguration"] == {"maximumPercent": percents[0], **given}


def test_all_tasks_of_a_service_run_and_its_deployment_is_over() -> None:
    service(launchType="EC2")
    client("ecs").update_service(cluster="a", service="a", desiredCount=3)
    shown = described_service()
    (deployment,) = shown["deployments"]
    assert (shown["runningCount"], shown["pendingCount"]) == (3, 0)
    assert (deployment["runningCount"], deployment["rolloutState"]) == (3, "COMPLETED")


def test_a_capacity_provider_strategy_stands_instead_of_a_launch_type() -> None:
    assert "launchType" not in service(capacityProviderStrategy=[{"capacityProvider": "FARGATE"}])


def test_a_service_without_network_has_no_network_configuration() -> None:
    assert "networkConfiguration" not in service(launchType="EC2")
