"""What drives the cost of an environment."""

from typing import Any

import pytest

from handover.comparing import resources_of
from handover.costs import cost_drivers
from handover.platforms import Platform
from tests.handover.platforms import root_module, shipped_platforms


@pytest.mark.parametrize(
    ("type_", "block", "drivers"),
    [
        ("aws_batch_compute_environment", {"compute_resources": {"max_vcpus": 8}}, {"vCPUs of x, at most": 8}),
        ("aws_batch_compute_environment", {"compute_resources": [{"min_vcpus": 2}]}, {"vCPUs of x, always": 2}),
        (
            "aws_autoscaling_group",
            {"max_size": 3, "min_size": 1},
            {"instances of x, at most": 3, "instances of x, always": 1},
        ),
        ("aws_appautoscaling_target", {"max_capacity": 5}, {"tasks of x, at most": 5}),
        ("aws_nat_gateway", {}, {"NAT gateways": 1}),
        (
            "aws_vpc_endpoint",
            {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]},
            {"interface endpoints, times zones": 2},
        ),
        ("aws_vpc_endpoint", {"vpc_endpoint_type": "Gateway"}, {}),
        ("aws_eip", {}, {"public addresses": 1}),
        ("aws_lb", {}, {"load balancers": 1}),
        ("aws_kms_key", {}, {"KMS keys": 1}),
        ("aws_cloudwatch_metric_alarm", {}, {"alarms": 1}),
        ("aws_efs_file_system", {"provisioned_throughput_in_mibps": 64}, {"MiB/s of x, always": 64}),
        ("aws_efs_file_system", {}, {}),
    ],
)
def test_each_driver_has_its_amount(type_: str, block: dict[str, Any], drivers: dict[str, int]) -> None:
    module = root_module(resource={type_: {"a": {"//": "x"} | block}})
    found = cost_drivers(resources_of(Platform("dev", (module,))))
    assert {name: amount for name, amount in found.items() if amount} == drivers


def test_what_is_shipped_has_drivers() -> None:
    drivers = {platform.name: cost_drivers(resources_of(platform)) for platform in shipped_platforms()}
    assert len(drivers["prod"]) > 15
    assert drivers["prod"]["interface endpoints, times zones"] > 0 == drivers["dev"].get("NAT gateways", 0)
