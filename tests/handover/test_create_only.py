"""What the table says of replacement agrees with what AWS says it cannot update, or there is a reason why not."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest

from handover.replacement import table
from tests.handover.create_only import DATA, argument_of
from tests.shipped import PACKAGES, shipped_resources

FACTS: dict[str, dict[str, Any]] = {
    name: facts for name, facts in json.loads(DATA.read_text(encoding="utf-8")).items() if name != "about"
}
RULE = ("from_port", "ip_protocol", "to_port")
BATCH = ("compute_environment", "job_definition", "job_queue", "scheduling_policy")

# CloudFormation replaces it; the provider calls what updates it: service and operation.
UPDATED = {
    **{f"aws_batch_{kind}.tags": ("batch", "TagResource") for kind in BATCH},
    "aws_batch_compute_environment.compute_resources.type": ("batch", "UpdateComputeEnvironment"),
    "aws_route_table_association.route_table_id": ("ec2", "ReplaceRouteTableAssociation"),
    "aws_subnet.ipv6_cidr_block": ("ec2", "AssociateSubnetCidrBlock"),
    **{f"aws_vpc_security_group_egress_rule.{name}": ("ec2", "ModifySecurityGroupRules") for name in RULE},
    **{f"aws_vpc_security_group_ingress_rule.{name}": ("ec2", "ModifySecurityGroupRules") for name in RULE},
}
# CloudFormation updates it; the provider's schema says ForceNew: where in its source.
REPLACED = {
    "aws_cloudwatch_composite_alarm.actions_enabled": "cloudwatch/composite_alarm.go",
    "aws_cloudwatch_log_group.log_group_class": "logs/group.go",
    "aws_cloudwatch_log_subscription_filter.destination_arn": "logs/subscription_filter.go",
    "aws_ecs_capacity_provider.managed_instances_provider": "ecs/capacity_provider.go; added or taken away",
    "aws_eip.public_ipv4_pool": "ec2/ec2_eip.go",
    "aws_kms_key.key_usage": "kms/key.go",
    "aws_kms_key.multi_region": "kms/key.go",
    "aws_lambda_event_source_mapping.queues": "lambda/event_source_mapping.go",
    "aws_lambda_event_source_mapping.topics": "lambda/event_source_mapping.go",
    "aws_lb.security_groups": "elbv2/load_balancer.go; of network load balancers, from none or to none",
    "aws_lb.subnets": "elbv2/load_balancer.go; of network load balancers, one taken away",
    "aws_lb_target_group.target_control_port": "elbv2/target_group.go",
    "aws_scheduler_schedule.group_name": "scheduler/schedule.go",
    "aws_service_discovery_http_namespace.description": "servicediscovery/http_namespace.go",
}


@cache
def emitted() -> dict[str, set[str]]:
    """Return the arguments of each type that something emits, those inside blocks too."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for address, block in shipped_resources(package=package):
            found.setdefault(address.rpartition("/")[2].partition(".")[0], set()).update(_paths(block))
    return found


def _paths(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _paths(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield f"{path}{name}"
            yield from _paths(item, f"{path}{name}.")


def _is_said(said: Iterable[str], path: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") or name.startswith(f"{path}.") for name in said)


def said(type_: str) -> list[str]:
    """Return the arguments that replace a type, or may do so."""
    return [*table()[type_]["replace"], *table()[type_].get("when", ())]


def test_what_aws_cannot_update_is_in_the_table_or_is_updated_by_another_call() -> None:
    missing = {
        f"{type_}.{path}"
        for type_, facts in FACTS.items()
        for path in (*facts["yes"], *facts["maybe"])
        if path in emitted().get(type_, ()) and not _is_said(said(type_), path)
    }
    assert missing == set(UPDATED)


def test_what_aws_can_update_is_not_in_the_table_but_where_the_provider_says_so() -> None:
    found = {f"{type_}.{path}" for type_, facts in FACTS.items() for path in said(type_) if path in facts["no"]}
    assert found == set(REPLACED)


@pytest.mark.parametrize(("service", "operation"), sorted(set(UPDATED.values())))
def test_the_other_calls_exist(service: str, operation: str) -> None:
    assert operation in boto3.client(service, region_name="us-east-1").meta.service_model.operation_names


def test_most_of_what_is_emitted_is_held_against_the_lists() -> None:
    types = emitted().keys() & FACTS.keys()
    assert len(types) > 55
    assert sum(len({*FACTS[type_]["yes"]} & emitted()[type_]) for type_ in types) > 100
    assert json.loads(DATA.read_text(encoding="utf-8"))["about"].keys() == {"package", "sha256", "how"}


@pytest.mark.parametrize(
    ("type_", "cloudformation_type", "path", "argument"),
    [
        ("aws_sqs_queue", "AWS::SQS::Queue", "QueueName", "name"),
        ("aws_sqs_queue", "AWS::SQS::Queue", "KmsMasterKeyId", "kms_master_key_id"),
        ("aws_sqs_queue", "AWS::SQS::Queue", "NoSuchThing", None),
        ("aws_efs_access_point", "AWS::EFS::AccessPoint", "RootDirectory.CreationInfo", "root_directory.creation_info"),
        ("aws_s3_bucket", "AWS::S3::Bucket", "BucketName", "bucket"),
    ],
)
def test_properties_are_found_by_their_names(
    type_: str, cloudformation_type: str, path: str, argument: str | None
) -> None:
    assert argument_of(type_, cloudformation_type, path) == argument
