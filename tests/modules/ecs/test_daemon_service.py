"""Services that have a task on each instance."""

from cdktf import TerraformStack

from modules.ecs.daemon_service import Daemon
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.services import DaemonService
from tests.conftest import Synthesized
from tests.modules.ecs.replicas import service
from tests.modules.ecs.samples import ec2_task, placement


def test_a_daemon_runs_on_every_instance_one_at_a_time(stack: TerraformStack) -> None:
    settings = DaemonService(cluster="main", task=ec2_task(network_mode="host"))
    Daemon(stack, "agent", name="tb-test-agent", settings=settings, placement=placement(stack))
    made = service(Synthesized(stack))
    assert (made["launch_type"], made["scheduling_strategy"]) == ("EC2", "DAEMON")
    assert not {"desired_count", "capacity_provider_strategy", "network_configuration"} & set(made)
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (0, 100)


def test_a_daemon_is_made_for_instances_whatever_the_default_is(stack: TerraformStack) -> None:
    where = placement(stack, default_capacity=[CapacityShare(provider="managed")])
    settings = DaemonService(cluster="main", task=ec2_task())
    Daemon(stack, "agent", name="tb-test-agent", settings=settings, placement=where)
    synthesized = Synthesized(stack)
    assert service(synthesized)["launch_type"] == "EC2"
    assert synthesized.one("aws_ecs_task_definition")["requires_compatibilities"] == ["EC2"]
