"""What AWS takes of one argument only beside another: protocol and port, kind and what that kind has."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.emitted.resources import values_at
from tests.emitted.validation import Finding

Resource = Mapping[str, Any]
DAY = 86_400
FARGATE = ("FARGATE", "FARGATE_SPOT")
# Of Batch's compute resources. Source: ComputeResource in the Batch API reference.
INSTANCES_ONLY = (
    "allocation_strategy",
    "bid_percentage",
    "ec2_configuration",
    "instance_role",
    "instance_type",
    "launch_template",
    "min_vcpus",
    "placement_group",
)
SHIFTS = {"CANARY": "canary_configuration", "LINEAR": "linear_configuration"}


def pair_findings(type_: str, resource: Resource) -> Iterator[Finding]:
    """Yield what is emitted of a resource beside something that AWS refuses it with, or without what it needs."""
    for of, rule, is_wrong in PAIRS:
        if of == type_ and is_wrong(resource):
            yield Finding("", None, rule)


def _at(resource: Resource, path: str) -> Any:
    return next(values_at(resource, path), None)


def _has(*names: str) -> Callable[[Resource], bool]:
    return lambda resource: any(_at(resource, name) is not None for name in names)


def _rule_of_all_protocols_has_ports(resource: Resource) -> bool:
    given = [_has(name)(resource) for name in ("from_port", "to_port")]
    return any(given) if str(resource.get("ip_protocol")) == "-1" else not all(given)


def _listener(resource: Resource) -> bool:
    secure = resource.get("protocol") in {"HTTPS", "TLS"}
    return (secure, secure) != (_has("certificate_arn")(resource), _has("ssl_policy")(resource))


def _fargate_capacity(resource: Resource) -> bool:
    return _at(resource, "compute_resources.type") in FARGATE and _has(
        *(f"compute_resources.{name}" for name in INSTANCES_ONLY)
    )(resource)


def _bid(resource: Resource) -> bool:
    return _has("compute_resources.bid_percentage")(resource) and _at(resource, "compute_resources.type") != "SPOT"


def _service_on_fargate_and_instances(resource: Resource) -> bool:
    providers = set(values_at(resource, "capacity_provider_strategy.capacity_provider"))
    return len({provider in FARGATE for provider in providers}) > 1


def _platform_version_on_instances(resource: Resource) -> bool:
    providers = list(values_at(resource, "capacity_provider_strategy.capacity_provider"))
    on_instances = resource.get("launch_type") == "EC2" or any(provider not in FARGATE for provider in providers)
    return on_instances and "platform_version" in resource


def _shift(resource: Resource) -> bool:
    strategy = _at(resource, "deployment_configuration.strategy")
    return any(
        (strategy == name) != _has(f"deployment_configuration.{block}")(resource) for name, block in SHIFTS.items()
    ) or (strategy in {"BLUE_GREEN", *SHIFTS} and not _has("load_balancer.advanced_configuration.role_arn")(resource))


def _ports(resource: Resource) -> Iterator[Mapping[str, Any]]:
    for container in json.loads(resource["container_definitions"]):
        yield from container.get("portMappings", [])


def _looks_back_too_far(alarm: Resource) -> bool:
    periods = [
        alarm.get("period"),
        *values_at(alarm, "metric_query.metric.period"),
        *values_at(alarm, "metric_query.period"),
    ]
    longest = max((period for period in periods if isinstance(period, int)), default=0)
    return bool(alarm["evaluation_periods"] * longest > (DAY if longest < 3_600 else 7 * DAY))


PAIRS: tuple[tuple[str, str, Callable[[Resource], bool]], ...] = (
    (
        "aws_vpc_security_group_ingress_rule",
        "has ports unless it is for all protocols",
        _rule_of_all_protocols_has_ports,
    ),
    (
        "aws_vpc_security_group_egress_rule",
        "has ports unless it is for all protocols",
        _rule_of_all_protocols_has_ports,
    ),
    ("aws_lb_listener", "has a certificate and a policy with HTTPS and TLS alone", _listener),
    (
        "aws_lb_target_group",
        "is asked for its health more often than an answer may take",
        lambda group: group["health_check"]["timeout"] >= group["health_check"]["interval"],
    ),
    ("aws_cloudwatch_metric_alarm", "looks back at a day at most, at a week by the hour", _looks_back_too_far),
    (
        "aws_sqs_queue",
        "keeps a message longer than it hides it",
        lambda queue: (
            queue["message_retention_seconds"] <= queue["visibility_timeout_seconds"] + queue["delay_seconds"]
        ),
    ),
    ("aws_batch_compute_environment", "has nothing of instances on Fargate", _fargate_capacity),
    ("aws_batch_compute_environment", "bids for Spot alone", _bid),
    (
        "aws_batch_compute_environment",
        "has compute resources if Batch manages it",
        lambda capacity: (capacity["type"] == "MANAGED") != ("compute_resources" in capacity),
    ),
    (
        "aws_batch_job_definition",
        "has no platform on EKS",
        lambda job: "eks_properties" in job and "platform_capabilities" in job,
    ),
    (
        "aws_ecs_service",
        "has a launch type or a strategy",
        lambda service: "launch_type" in service and "capacity_provider_strategy" in service,
    ),
    (
        "aws_ecs_service",
        "has no number of tasks as a daemon",
        lambda service: service.get("scheduling_strategy") == "DAEMON" and "desired_count" in service,
    ),
    ("aws_ecs_service", "runs on Fargate or on instances", _service_on_fargate_and_instances),
    ("aws_ecs_service", "has a platform version on Fargate alone", _platform_version_on_instances),
    ("aws_ecs_service", "shifts traffic as its strategy says, behind a load balancer", _shift),
    (
        "aws_ecs_service",
        "waits for the health of targets behind a load balancer alone",
        lambda service: "health_check_grace_period_seconds" in service and "load_balancer" not in service,
    ),
    (
        "aws_ecs_task_definition",
        "has an application protocol over tcp alone",
        lambda task: any("appProtocol" in port and port.get("protocol") != "tcp" for port in _ports(task)),
    ),
    (
        "aws_ecs_task_definition",
        "has host ports of its own network",
        lambda task: (
            task["network_mode"] in {"awsvpc", "host"}
            and any(port.get("hostPort") != port["containerPort"] for port in _ports(task))
        ),
    ),
    (
        "aws_sqs_queue",
        "is encrypted one way",
        lambda queue: ("kms_master_key_id" in queue) == ("sqs_managed_sse_enabled" in queue),
    ),
    (
        "aws_sqs_queue",
        "has what FIFO queues have as one",
        lambda queue: (
            not queue.get("fifo_queue")
            and _has("content_based_deduplication", "deduplication_scope", "fifo_throughput_limit")(queue)
        ),
    ),
    (
        "aws_sqs_queue",
        "ends in .fifo as a FIFO queue alone",
        lambda queue: bool(queue.get("fifo_queue")) != queue["name"].endswith(".fifo"),
    ),
    (
        "aws_sqs_queue",
        "reuses data keys of a key of its own",
        lambda queue: "kms_data_key_reuse_period_seconds" in queue and "kms_master_key_id" not in queue,
    ),
    (
        "aws_efs_file_system",
        "has throughput that is provisioned in that mode alone",
        lambda files: (files["throughput_mode"] == "provisioned") != ("provisioned_throughput_in_mibps" in files),
    ),
    (
        "aws_autoscaling_group",
        "has a launch template or a policy of mixed instances",
        lambda group: ("launch_template" in group) == ("mixed_instances_policy" in group),
    ),
    (
        "aws_autoscaling_group",
        "has no warm pool of mixed instances",
        lambda group: "warm_pool" in group and "mixed_instances_policy" in group,
    ),
)
