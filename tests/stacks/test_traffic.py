"""What settings ask for without a word about the network is let through in a network whose group is made."""

from typing import Any

import pytest
from cdktf import App

from modules.batch.settings.job_logs import DriverJobLogs
from modules.ecs.settings.containers import Ec2Container, Port
from modules.ecs.settings.services import DaemonService
from modules.ecs.settings.tasks import Ec2Task
from modules.vpc.settings import PrivateNetwork
from modules.vpc.traffic_settings import Egress, PortRange
from stacks.environment import Environment
from stacks.network import EnvironmentNetwork
from stacks.placement import Placement
from stacks.traffic import egress_of_logs, ports_on_instances
from tests.conftest import Synthesized
from tests.shipped import EXAMPLES, shipped_stacks
from tests.stacks.environments import environment, fargate_job

NAT = PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1, interface_endpoints=[])


def logging(*urls: str) -> Environment:
    logs = [DriverJobLogs(driver="splunk", options={"splunk-url": url}) for url in urls]
    jobs = {f"job-{number}": fargate_job(logs=item) for number, item in enumerate(logs)}
    return environment(network=NAT, job_definitions=jobs, submissions={}, teams={})


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        (["https://logs.acme.example"], {}),
        (["https://logs.acme.example:8088"], {"logs-tcp-8088": Egress(from_port=8_088)}),
        (
            ["https://10.1.0.9:8088", "https://10.1.0.8:8088"],
            {"logs-tcp-8088": Egress(from_port=8_088, cidr_blocks=["10.1.0.8/32", "10.1.0.9/32"])},
        ),
    ],
)
def test_logs_leave_by_the_port_that_their_driver_uses(urls: list[str], found: dict[str, Egress]) -> None:
    assert egress_of_logs(logging(*urls)) == found


@pytest.mark.parametrize(("mode", "found"), [("host", True), ("bridge", False), ("awsvpc", False)])
def test_ports_of_tasks_that_share_their_instances_address_are_called_there(mode: Any, *, found: bool) -> None:
    container = Ec2Container(image="a:1", user="root", ports={"statsd": Port(port=8_125, protocol="udp")})
    task = Ec2Task(vcpus=1, memory_mib=512, network_mode=mode, containers={"agent": container})
    assert ports_on_instances(DaemonService(cluster="main", task=task)) == (
        {"host-udp-8125": PortRange(protocol="udp", from_port=8_125)} if found else {}
    )


def test_the_group_of_workloads_has_a_rule_for_it() -> None:
    app, settings = App(stack_traces=False), logging("https://logs.acme.example:8088")
    placement = Placement(app, settings)
    EnvironmentNetwork(placement)
    rules = Synthesized(placement.stack("network")).all("aws_vpc_security_group_egress_rule")
    assert {rule.get("from_port") for rule in rules} == {80, 443, 8_088, None}


def test_tasks_send_to_an_agent_on_their_instance() -> None:
    resources = shipped_stacks(EXAMPLES)["model-serving-network"]["resource"]
    for direction in ("ingress", "egress"):
        (rule,) = [
            rule
            for rule in resources[f"aws_vpc_security_group_{direction}_rule"].values()
            if rule["from_port"] == 8_125
        ]
        assert rule["security_group_id"] == rule["referenced_security_group_id"]
