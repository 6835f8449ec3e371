"""What drives the bill, as far as Terraform tells: how much may run, and what is paid for by the hour."""

from collections.abc import Iterator, Mapping
from typing import Any

from handover.comparing import Resource

MOST = "at most"


def cost_drivers(resources: Mapping[Any, Resource]) -> dict[str, int]:
    """Return each driver of an environment's cost with its amount."""
    found: dict[str, int] = {}
    for resource in resources.values():
        for name, amount in _drivers(resource):
            found[name] = found.get(name, 0) + amount
    return found


def _drivers(resource: Resource) -> Iterator[tuple[str, int]]:
    block, path = resource.block, resource.path
    match resource.key[1]:
        case "aws_batch_compute_environment":
            compute = _block(block, "compute_resources")
            yield f"vCPUs of {path}, {MOST}", _number(compute.get("max_vcpus"))
            yield f"vCPUs of {path}, always", _number(compute.get("min_vcpus"))
        case "aws_autoscaling_group":
            yield f"instances of {path}, {MOST}", _number(block.get("max_size"))
            yield f"instances of {path}, always", _number(block.get("min_size"))
        case "aws_appautoscaling_target":
            yield f"tasks of {path}, {MOST}", _number(block.get("max_capacity"))
            yield f"tasks of {path}, always", _number(block.get("min_capacity"))
        case "aws_nat_gateway":
            yield "NAT gateways", 1
        case "aws_vpc_endpoint" if block.get("vpc_endpoint_type") == "Interface":
            yield "interface endpoints, times zones", max(len(block.get("subnet_ids", ())), 1)
        case "aws_eip":
            yield "public addresses", 1
        case "aws_lb":
            yield "load balancers", 1
        case "aws_kms_key":
            yield "KMS keys", 1
        case "aws_cloudwatch_metric_alarm":
            yield "alarms", 1
        case "aws_efs_file_system" if block.get("provisioned_throughput_in_mibps"):
            yield f"MiB/s of {path}, always", _number(block["provisioned_throughput_in_mibps"])


def _block(block: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = block.get(name, {})
    return value[0] if isinstance(value, list) and value else value or {}


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
