"""A service behind somebody else's target group: what is made for it, what is refused."""

from typing import Any

import pytest
from cdktf import TerraformStack

from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import CanaryDeployment
from modules.ecs.settings.exposure import ExistingTargetGroup
from modules.ecs.settings.scaling import ScaledTasks
from tests.modules.ecs.replicas import replicas, service
from tests.modules.ecs.samples import fargate_container, fargate_task, web_task
from tests.problems import refused
from tests.stacks.rules import service_samples

HERE = "arn:aws:elasticloadbalancing:us-east-1:111122223333"
GROUP = f"{HERE}:targetgroup/web/0123456789abcdef"
BALANCER = f"{HERE}:loadbalancer/app/shared/fedcba9876543210"
PORTS = {"http": Port(port=8_080), "health": Port(port=8_081)}
TWO_PORTS = fargate_task(containers={"web": fargate_container(ports=PORTS)})


def theirs(**changes: Any) -> ExistingTargetGroup:
    values: dict[str, Any] = {"port": "http", "target_group_arn": GROUP, "security_group_id": "sg-01234567"}
    return ExistingTargetGroup(**values | changes)


def test_tasks_are_put_into_the_group_and_let_its_load_balancer_in(stack: TerraformStack) -> None:
    synthesized = replicas(stack, load_balancing=theirs(grace_seconds=120))
    made = service(synthesized)
    assert made["load_balancer"] == [{"container_name": "web", "container_port": 8_080, "target_group_arn": GROUP}]
    assert made["health_check_grace_period_seconds"] == 120
    (rule,) = synthesized.all("aws_vpc_security_group_ingress_rule")
    assert (rule["referenced_security_group_id"], rule["from_port"], rule["to_port"]) == ("sg-01234567", 8_080, 8_080)
    assert not {"aws_lb", "aws_lb_target_group", "aws_lb_listener_rule"} & set(synthesized.types())


def test_another_port_that_is_checked_is_open_too(stack: TerraformStack) -> None:
    synthesized = replicas(stack, task=TWO_PORTS, load_balancing=theirs(health_port="health"))
    ports = sorted(rule["from_port"] for rule in synthesized.all("aws_vpc_security_group_ingress_rule"))
    assert ports == [8_080, 8_081]


def test_requests_are_counted_by_load_balancer_and_group(stack: TerraformStack) -> None:
    tasks = ScaledTasks(min_tasks=1, max_tasks=2, requests_per_task=100)
    synthesized = replicas(stack, tasks=tasks, load_balancing=theirs(load_balancer_arn=BALANCER))
    policy = synthesized.one("aws_appautoscaling_policy")["target_tracking_scaling_policy_configuration"]
    label = policy["predefined_metric_specification"]["resource_label"]
    assert label == "app/shared/fedcba9876543210/targetgroup/web/0123456789abcdef"


SCALED = ScaledTasks(min_tasks=1, max_tasks=2, requests_per_task=100)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"load_balancing": theirs()}, []),
        ({"load_balancing": theirs(), "tasks": SCALED}, ["load_balancing.load_balancer_arn: got None"]),
        ({"load_balancing": theirs(load_balancer_arn=BALANCER), "tasks": SCALED}, []),
        ({"load_balancing": theirs(), "deployment": CanaryDeployment()}, ["deployment: got a CanaryDeployment"]),
        ({"load_balancing": theirs(health_port="health")}, ["load_balancing.health_port: got 'health'"]),
        ({"load_balancing": theirs(health_port="health"), "task": TWO_PORTS}, []),
        ({"load_balancing": theirs(port="grpc")}, ["load_balancing.port: got 'grpc'"]),
    ],
)
def test_a_service_asks_for_what_the_group_has(changes: dict[str, Any], found: list[str]) -> None:
    values = {"task": web_task()} | changes
    if found:
        assert refused(service_samples.replicas, **values) == found
    else:
        assert service_samples.replicas(**values).load_balancing == changes["load_balancing"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"target_group_arn": f"{HERE}:targetgroup/{'x' * 32}/0123456789abcdef"}, ""),
        ({"target_group_arn": f"{HERE}:targetgroup/{'x' * 33}/0123456789abcdef"}, "target_group_arn: got "),
        ({"target_group_arn": f"{HERE}:targetgroup/web/0123456789abcde"}, "target_group_arn: got "),
        ({"load_balancer_arn": f"{HERE}:loadbalancer/net/web/0123456789abcdef"}, "load_balancer_arn: got "),
        ({"security_group_id": "web"}, "security_group_id: got 'web'"),
        ({"deregistration_seconds": 3_600}, ""),
        ({"deregistration_seconds": 3_601}, "deregistration_seconds: 0, 3,600, got 3,601"),
        ({"grace_seconds": 0}, ""),
        ({"grace_seconds": -1}, "grace_seconds: 0, got -1"),
    ],
)
def test_a_group_is_named_as_aws_names_it(changes: dict[str, Any], found: str) -> None:
    if found:
        assert refused(theirs, **changes)[0].startswith(found)
    else:
        assert theirs(**changes).model_fields_set >= set(changes)


def test_a_group_has_the_tasks_of_one_service() -> None:
    other = theirs(target_group_arn=f"{HERE}:targetgroup/other/0123456789abcdef")
    apart = {
        "a": service_samples.replicas(load_balancing=theirs()),
        "b": service_samples.replicas(load_balancing=other),
    }
    assert service_samples.with_cluster(services=apart).name == "test"
    services = {name: service_samples.replicas(load_balancing=theirs()) for name in ("a", "b")}
    assert refused(lambda: service_samples.with_cluster(services=services)) == [
        f"services.b.load_balancing.target_group_arn: got {GROUP!r}"
    ]
