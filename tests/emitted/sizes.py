"""Limits of sums and sizes, measured on what a whole environment emits."""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.emitted.resources import values_at
from tests.emitted.validation import Finding, matches

Address = tuple[str, str, str]
Resources = Mapping[Address, Mapping[str, Any]]

# Type, path of a text, the most it may have, of what, and where AWS says so.
TEXTS = (
    ("aws_iam_policy", "policy", 6_144, "characters", "IAM and AWS STS quotas"),
    ("aws_iam_role", "assume_role_policy", 2_048, "characters", "IAM and AWS STS quotas"),
    ("aws_sqs_queue_policy", "policy", 8_192, "bytes", "Amazon SQS policy quotas"),
    ("aws_s3_bucket_policy", "policy", 20_480, "bytes", "Amazon S3 bucket policies: 20 KB"),
    ("aws_efs_file_system_policy", "policy", 20_000, "bytes", "PutFileSystemPolicy"),
    ("aws_ecr_repository_policy", "policy", 10_240, "bytes", "SetRepositoryPolicy"),
    ("aws_ecr_lifecycle_policy", "policy", 30_720, "bytes", "PutLifecyclePolicy"),
    ("aws_kms_key", "policy", 32_768, "bytes", "AWS KMS quotas: key policy document size"),
    ("aws_vpc_endpoint", "policy", 20_480, "characters", "Amazon VPC quotas"),
    ("aws_ecs_task_definition", "", 65_536, "bytes", "Amazon ECS service quotas: task definition size"),
    ("aws_batch_job_definition", "", 24_576, "bytes", "AWS Batch service quotas: job definition size"),
    ("aws_scheduler_schedule", "target.input", 262_144, "bytes", "EventBridge Scheduler quotas"),
    ("aws_launch_template", "user_data", 16_384, "user data", "Amazon EC2 user data: 16 KB before it is encoded"),
)
# Type, path of a list, the most entries it may have, and where AWS says so; lists in one resource count together.
GROUPS = "Amazon VPC quotas: security groups per network interface"
LISTS = (
    ("aws_batch_compute_environment", "compute_resources.security_group_ids", 5, GROUPS),
    ("aws_efs_mount_target", "security_groups", 5, GROUPS),
    ("aws_ecs_service", "network_configuration.security_groups", 5, GROUPS),
    ("aws_launch_template", "vpc_security_group_ids", 5, GROUPS),
    ("aws_lb", "security_groups", 5, GROUPS),
    ("aws_scheduler_schedule", "target.ecs_parameters.network_configuration.security_groups", 5, GROUPS),
    ("aws_vpc_endpoint", "security_group_ids", 5, GROUPS),
    ("aws_lb_listener_rule", "condition.host_header.values", 5, "Quotas for your Application Load Balancers"),
    ("aws_appautoscaling_policy", "step_scaling_policy_configuration.step_adjustment", 20, "PutScalingPolicy"),
    (
        "aws_appautoscaling_policy",
        "target_tracking_scaling_policy_configuration.customized_metric_specification.metrics",
        10,
        "TargetTrackingMetricDataQuery",
    ),
    ("aws_cloudwatch_metric_alarm", "metric_query", 20, "PutMetricAlarm: 10 metrics and as many expressions"),
)
TAG_KEY = r"(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}"
TAG_VALUE = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}"
WILDCARDS = re.compile(r"[*?]")


def environment_findings(resources: Resources, default_tags: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Yield which sums and sizes are beyond AWS's; ``resources`` by stack, type and id, references resolved."""
    for (stack, type_, id_), resource in resources.items():
        found = [
            *_texts(type_, resource),
            *_lists(type_, resource),
            *_tags(resource, default_tags.get(stack, {})),
            *_statements(type_, resource),
            *_condition_values(type_, resource),
        ]
        yield from (item._replace(path=f"{stack}/{type_}.{id_} {item.path}") for item in found)
    yield from _roles(resources)


def _texts(type_: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    for of, path, most, unit, source in TEXTS:
        if of != type_:
            continue
        for value in values_at(resource, path) if path else [json.dumps(_api_part(resource), separators=(",", ":"))]:
            size = size_of(value, unit)
            if size > most:
                yield Finding(path, size, f"has at most {most:,} of {unit} ({source})")


def _api_part(resource: Mapping[str, Any]) -> dict[str, Any]:
    own = {"lifecycle", "depends_on", "//", "tags"}
    return {
        key: json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value
        for key, value in resource.items()
        if key not in own
    }


def size_of(value: str, unit: str) -> int:
    """Return how long a text is as AWS counts it."""
    if unit == "characters":
        return len(re.sub(r"\s", "", value))
    if unit == "user data":
        inside = re.findall(r'base64decode\("([^"]*)"\)', value)
        return len(b"".join(map(base64.b64decode, inside)) or value.encode())
    return len(value.encode())


def _lists(type_: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    for of, path, most, source in LISTS:
        if of == type_:
            count = sum(len(value) for value in values_at(resource, path, entries=True) if isinstance(value, list))
            if count > most:
                yield Finding(path, count, f"has at most {most} entries ({source})")


def _tags(resource: Mapping[str, Any], default: Mapping[str, str]) -> Iterator[Finding]:
    tags = {**default, **resource.get("tags", {})}
    sets = [("tags", tags)] if "tags" in resource else []
    sets += [("tag_specifications.tags", item["tags"]) for item in resource.get("tag_specifications", [])]
    if "tag" in resource:
        sets.append(("tag", {item["key"]: item["value"] for item in resource["tag"]}))
    for path, tags in sets:
        if len(tags) > 50:
            yield Finding(path, len(tags), "has at most 50 tags, those of the provider included")
        for key, value in tags.items():
            if not matches(TAG_KEY, key):
                yield Finding(path, key, f"has keys like {TAG_KEY}")
            if "${" not in value and not matches(TAG_VALUE, value):
                yield Finding(f"{path}.{key}", value, f"has values like {TAG_VALUE}")


def _statements(type_: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what SQS counts in a queue's policy, beside its bytes."""
    if type_ != "aws_sqs_queue_policy":
        return
    statements = json.loads(resource["policy"])["Statement"]
    principals = [item["Principal"] for item in statements]
    counts = {
        "statements": (len(statements), 20),
        "principals": (sum(len(_many(names)) for item in principals for names in _values(item)), 50),
        "conditions": (sum(len(keys) for item in statements for keys in item.get("Condition", {}).values()), 10),
        "actions of a statement": (max(len(_many(item["Action"])) for item in statements), 7),
    }
    for what, (count, most) in counts.items():
        if count > most:
            yield Finding("policy", count, f"has at most {most} {what} (Amazon SQS policy quotas)")


def _condition_values(type_: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a listener's rule has too much of: values and wildcards count over all its conditions."""
    if type_ != "aws_lb_listener_rule":
        return
    values = [
        value
        for condition in resource.get("condition", [])
        for kind in condition.values()
        for item in (kind if isinstance(kind, list) else [kind])
        for value in item.get("values", [])
    ]
    wildcards = sum(len(WILDCARDS.findall(value)) for value in values)
    for count, most, what in ((len(values), 5, "values"), (wildcards, 6, "wildcards")):
        if count > most:
            yield Finding("condition", count, f"has at most {most} {what} (Quotas for your Application Load Balancers)")


def _roles(resources: Resources) -> Iterator[Finding]:
    """Yield roles with more permissions than IAM takes: inline policies together, and the number of attached ones."""
    inline: dict[tuple[str, str], int] = defaultdict(int)
    attached: dict[tuple[str, str], int] = defaultdict(int)
    for (stack, type_, _), resource in resources.items():
        if type_ == "aws_iam_role_policy":
            inline[stack, resource["role"]] += size_of(resource["policy"], "characters")
        if type_ == "aws_iam_role_policy_attachment":
            attached[stack, resource["role"]] += 1
    for (stack, role), size in inline.items():
        if size > 10_240:
            yield Finding(
                f"{stack} {role}", size, "has inline policies of at most 10,240 characters together (IAM quotas)"
            )
    for (stack, role), count in attached.items():
        if count > 10:
            yield Finding(f"{stack} {role}", count, "has at most 10 managed policies (IAM quotas)")


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, Mapping) else [value]
