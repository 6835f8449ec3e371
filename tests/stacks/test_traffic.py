"""What settings ask for without a word about the network is let through in a network whose group is made."""

from typing import Any

import pytest
from cdktf import App

from modules.batch.settings.job_logs import DriverJobLogs
from modules.ecs.settings.containers import Ec2Container, Port
from modules.ecs.settings.services import DaemonService
from modules.ecs.settings.tasks import Ec2Task
from modules.s3.settings import ExistingBucket
from modules.sqs.settings import ExistingQueue
from modules.vpc.settings import PrivateNetwork
from modules.vpc.traffic_settings import Egress, PortRange
from stacks.environment import Environment
from stacks.network import EnvironmentNetwork
from stacks.placement import Placement
from stacks.traffic import accounts_of_others, buckets_of_others, egress_of_logs, ports_on_instances
from tests.conftest import Synthesized
from tests.shipped import EXAMPLES, shipped_stacks
from tests.simulator import Request, is_allowed, statements_of
from tests.stacks.environments import empty_environment, environment, fargate_job

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


KEY = "arn:aws:kms:us-east-1:{}:key/11111111-2222-3333-4444-555555555555"


def queue(account: str, key_account: str) -> ExistingQueue:
    arn = f"arn:aws:sqs:us-east-1:{account}:scans"
    return ExistingQueue(queue_arn=arn, kms_key_arn=KEY.format(key_account), visibility_timeout_seconds=60)


def test_what_is_named_by_its_arn_tells_whose_it_is() -> None:
    settings = empty_environment(
        queues={"scans": queue("222222222222", "333333333333"), "own": queue("111122223333", "111122223333")},
        buckets={"partner": ExistingBucket(bucket_arn="arn:aws:s3:::partner")},
    )
    assert accounts_of_others(settings) == {"sqs": {"222222222222"}, "kms": {"333333333333"}}
    assert buckets_of_others(settings) == ["arn:aws:s3:::partner"]


@pytest.mark.parametrize(("owner", "passes"), [("222222222222", True), ("999999999999", False)])
def test_the_endpoint_lets_pass_what_goes_to_a_queue_that_is_named(owner: str, *, passes: bool) -> None:
    network = PrivateNetwork(availability_zones=["us-east-1a"], interface_endpoints=["sqs"])
    settings = empty_environment(network=network, queues={"scans": queue("222222222222", "222222222222")})
    placement = Placement(App(stack_traces=False), settings)
    EnvironmentNetwork(placement)
    endpoints = Synthesized(placement.stack("network")).all("aws_vpc_endpoint")
    (policy,) = [item["policy"] for item in endpoints if item["vpc_endpoint_type"] == "Interface"]
    context = {"aws:PrincipalAccount": "111122223333", "aws:ResourceAccount": owner}
    assert is_allowed(statements_of(policy), Request("sqs:SendMessage", "*", context=context)) is passes
