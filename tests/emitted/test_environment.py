"""Nothing is emitted that AWS would refuse: by shipped environments, by examples, and by ones that nobody wrote."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.emitted.environment import findings_of
from tests.emitted.generated import generated_environments
from tests.shipped import PACKAGES, shipped_stacks
from tests.synthesized import synthesized

Resource = dict[str, Any]


@pytest.mark.parametrize("package", PACKAGES)
def test_aws_would_refuse_nothing_that_is_shipped(package: str) -> None:
    assert list(findings_of(shipped_stacks(package))) == []


def test_aws_would_refuse_nothing_of_environments_that_nobody_wrote() -> None:
    found = [list(findings_of(synthesized(made))) for made in generated_environments(8)]

    assert found == [[]] * 8


def put(path: str, value: Any) -> Callable[[Resource], None]:
    """Return a mutation that puts ``value`` at a path, through single blocks and first entries."""

    def mutate(resource: Resource) -> None:
        *steps, last = path.split(".")
        part: Any = resource
        for step in steps:
            part = part[step]
            part = part[0] if isinstance(part, list) else part
        part[last] = value

    return mutate


def in_document(argument: str, path: str, value: Any) -> Callable[[Resource], None]:
    """Return a mutation that puts ``value`` into the JSON document of an argument."""

    def mutate(resource: Resource) -> None:
        document = {"document": json.loads(resource[argument])}
        put(f"document.{path}", value)(document)
        resource[argument] = json.dumps(document["document"])

    return mutate


def without(name: str) -> Callable[[Resource], None]:
    """Return a mutation that takes an argument away."""

    def mutate(resource: Resource) -> None:
        del resource[name]

    return mutate


WRONG = [
    (
        "aws_vpc_security_group_ingress_rule",
        lambda rule: rule.update(ip_protocol="-1", from_port=1),
        "",
        "has ports",
    ),
    (
        "aws_vpc_security_group_egress_rule",
        without("from_port"),
        "",
        "has ports",
    ),
    ("aws_lb_listener", without("certificate_arn"), "", "with HTTPS and TLS alone"),
    ("aws_batch_compute_environment", put("compute_resources.type", "FARGATE"), "", "nothing of instances"),
    ("aws_ecs_service", put("launch_type", "EC2"), "", "a launch type or a strategy"),
    ("aws_ecs_service", put("deployment_configuration.strategy", "LINEAR"), "", "as its strategy says"),
    ("aws_sqs_queue", put("kms_master_key_id", "a"), "", "encrypted one way"),
    ("aws_sqs_queue", put("message_retention_seconds", 60), "", "longer than it hides it"),
    ("aws_cloudwatch_metric_alarm", put("evaluation_periods", 10_081), "", "a day at most"),
    ("aws_sqs_queue", put("deduplication_scope", "queue"), "", "what FIFO queues have"),
    ("aws_efs_file_system", put("throughput_mode", "provisioned"), "", "in that mode alone"),
    ("aws_autoscaling_group", put("launch_template", {"id": "a"}), "", "mixed instances"),
    ("aws_sqs_queue", put("visibility_timeout_seconds", 43_201), "AWS::SQS::Queue VisibilityTimeout", "43200"),
    ("aws_sqs_queue", put("name", "x" * 81), "name", "80 characters"),
    ("aws_sqs_queue", put("nmae", "x"), "nmae", "no place for it"),
    ("aws_sqs_queue_policy", in_document("policy", "Statement.Sid", "x" * 8_193), "policy", "8,192 of bytes"),
    ("aws_sqs_queue_redrive_policy", in_document("redrive_policy", "maxReceiveCount", 1_001), "redrive_policy", "1000"),
    ("aws_batch_job_queue", put("state", "ON"), "state", "DISABLED, ENABLED"),
    ("aws_batch_job_definition", put("retry_strategy.attempts", 11), "retry_strategy.attempts", "10"),
    (
        "aws_batch_job_definition",
        in_document("container_properties", "nosuch", 1),
        "container_properties.nosuch",
        "key",
    ),
    (
        "aws_batch_compute_environment",
        put("compute_resources.max_vcpus", 3e9),
        "compute_resources.max_vcpus",
        "2147483647",
    ),
    (
        "aws_ecs_task_definition",
        in_document("container_definitions", "cpu", 1),
        "container_definitions.cpu",
        "128 units",
    ),
    (
        "aws_ecs_task_definition",
        in_document("container_definitions", "versionConsistency", "on"),
        "containerDefinitions[].versionConsistency",
        "disabled, enabled",
    ),
    (
        "aws_ecs_task_definition",
        in_document("container_definitions", "image", "x" * 65_536),
        "",
        "task definition size",
    ),
    ("aws_ecs_service", put("platform_version", "2.7.1"), "platform_version", "1.4.0"),
    (
        "aws_ecs_service",
        put("network_configuration.security_groups", ["sg-1"] * 6),
        "network_configuration",
        "5 entries",
    ),
    ("aws_ecs_cluster_capacity_providers", put("capacity_providers", ["a"] * 21), "capacity_providers", "20"),
    ("aws_ecs_cluster", put("setting.value", None), "settings[].value", "is a string"),
    ("aws_lb", put("name", "internal-web"), "name", "internal-"),
    ("aws_lb_target_group", put("health_check.matcher", "503"), "health_check.matcher", "499"),
    ("aws_lb_target_group", put("health_check.interval", 4), "HealthCheckIntervalSeconds", "at least 5"),
    ("aws_lb_listener_rule", put("condition.path_pattern.values", ["/*"] * 6), "condition", "5 values"),
    ("aws_lb_listener_rule", put("condition.path_pattern.values", ["/" + "*" * 7]), "condition", "6 wildcards"),
    ("aws_lb_listener_rule", put("condition.path_pattern.values", ["/" * 129]), "condition.path_pattern", "128"),
    ("aws_iam_role_policy", put("name", "x" * 129), "PolicyName", "128 characters"),
    ("aws_iam_role_policy", put("policy", "x" * 10_241), "", "10,240 characters together"),
    ("aws_iam_policy", put("policy", "x" * 6_145), "policy", "6,144"),
    ("aws_kms_alias", put("name", "alias/" + "x" * 251), "AliasName", "256 characters"),
    ("aws_security_group", put("name_prefix", "sg-a"), "name_prefix", "not sg-"),
    ("aws_s3_bucket", put("tags", {f"key-{number}": "" for number in range(51)}), "tags", "50 tags"),
    ("aws_s3_bucket", put("tags", {"aws:mine": ""}), "tags", "keys like"),
    ("aws_launch_template", put("user_data", "x" * 16_385), "user_data", "16 KB"),
    ("aws_cloudwatch_log_group", put("retention_in_days", 8), "AWS::Logs::LogGroup RetentionInDays", "one of"),
    ("aws_appautoscaling_policy", put("policy_type", "Steps"), "PolicyType", "StepScaling"),
    ("aws_cloudwatch_event_archive", put("event_source_arn", "x" * 1_601), "EventSourceArn", "1600 characters"),
    ("aws_cloudwatch_event_target", without("arn"), "Targets[].Arn", "is required"),
    ("aws_cloudwatch_event_target", put("retry_policy.maximum_retry_attempts", 186), "Targets[].RetryPolicy", "185"),
    ("aws_cloudwatch_event_target", put("input_transformer.input_template", "x" * 8_193), "Targets[].Input", "8192"),
    ("aws_s3_bucket_notification", put("eventbridge", "yes"), "eventbridge", "a boolean"),
    ("aws_nosuch_thing", put("name", "x"), "", "type that the table knows"),
]


@pytest.mark.parametrize(("type_", "mutate", "path", "rule"), WRONG)
def test_what_aws_would_refuse_is_found(type_: str, mutate: Callable[[Resource], None], path: str, rule: str) -> None:
    stack, id_, good = resource_for(type_, mutate)
    wrong = deepcopy(good)
    mutate(wrong)

    found = [
        (item.path.partition(" ")[2], item.rule) for item in findings_of({stack: {"resource": {type_: {id_: wrong}}}})
    ]

    assert [item for item in found if item[0].startswith(path) and rule in item[1]], found


def resource_for(type_: str, mutate: Callable[[Resource], None]) -> tuple[str, str, Resource]:
    """Return the first shipped resource of a type that has what a mutation changes."""
    for package in PACKAGES:
        for stack, document in shipped_stacks(package).items():
            for id_, resource in document["resource"].get(type_, {}).items():
                try:
                    mutate(deepcopy(resource))
                except (KeyError, TypeError):
                    continue
                return stack, id_, resource
    return "new", "thing", {}
