"""``python -m tests.handover.create_only FILE``: write what AWS cannot update in place, in Terraform's names.

FILE is what ``npm pack @aws-cdk/aws-service-spec`` writes: AWS's own lists, from which CloudFormation decides what it
replaces. ``create_only.json`` has of them only what the replacement table is about.
"""

import argparse
import gzip
import hashlib
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from handover.replacement import table

DATA = Path(__file__).with_name("create_only.json")
PROVIDER = Path(str(find_spec("cdktf_cdktf_provider_aws").origin)).parent  # type: ignore[union-attr]

# What CloudFormation calls the services, and the types that are not called as here.
SERVICES = {
    **{"autoscaling": "AutoScaling", "batch": "Batch", "cloudwatch": "CloudWatch", "cloudwatch_event": "Events"},
    **{"cloudwatch_log": "Logs", "ecr": "ECR", "ecs": "ECS", "efs": "EFS", "iam": "IAM", "kms": "KMS"},
    **{"lambda": "Lambda", "lb": "ElasticLoadBalancingV2", "pipes": "Pipes", "s3": "S3", "scheduler": "Scheduler"},
    **{"service_discovery": "ServiceDiscovery", "sfn": "StepFunctions", "sns": "SNS", "sqs": "SQS", "": "EC2"},
}
TYPES = {
    "aws_appautoscaling_policy": "AWS::ApplicationAutoScaling::ScalingPolicy",
    "aws_appautoscaling_target": "AWS::ApplicationAutoScaling::ScalableTarget",
    "aws_autoscaling_group": "AWS::AutoScaling::AutoScalingGroup",
    "aws_cloudwatch_event_bus": "AWS::Events::EventBus",
    "aws_cloudwatch_log_group": "AWS::Logs::LogGroup",
    "aws_cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm",
    "aws_cloudwatch_query_definition": "AWS::Logs::QueryDefinition",
    "aws_ecs_cluster_capacity_providers": "AWS::ECS::ClusterCapacityProviderAssociations",
    "aws_iam_policy": "AWS::IAM::ManagedPolicy",
    "aws_lb": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "aws_route_table_association": "AWS::EC2::SubnetRouteTableAssociation",
    "aws_sfn_alias": "AWS::StepFunctions::StateMachineAlias",
    "aws_sns_topic_subscription": "AWS::SNS::Subscription",
    "aws_vpc": "AWS::EC2::VPC",
    "aws_vpc_endpoint": "AWS::EC2::VPCEndpoint",
    "aws_vpc_ipv4_cidr_block_association": "AWS::EC2::VPCCidrBlock",
    "aws_vpc_security_group_egress_rule": "AWS::EC2::SecurityGroupEgress",
    "aws_vpc_security_group_ingress_rule": "AWS::EC2::SecurityGroupIngress",
}
# Arguments that are not called as the property, or as that without the type's name.
ARGUMENTS = {
    "aws_batch_compute_environment": {"ComputeResources.InstanceTypes": "compute_resources.instance_type"},
    "aws_cloudwatch_event_archive": {"SourceArn": "event_source_arn"},
    "aws_ecs_capacity_provider": {"ClusterName": "cluster"},
    "aws_ecs_cluster_capacity_providers": {"Cluster": "cluster_name"},
    "aws_ecs_service": {"Role": "iam_role"},
    "aws_flow_log": {"ResourceId": "vpc_id", "DeliverLogsPermissionArn": "iam_role_arn"},
    "aws_iam_role_policy": {"RoleName": "role"},
    "aws_lb": {"Type": "load_balancer_type", "Scheme": "internal"},
    "aws_nat_gateway": {"PrivateIpAddress": "private_ip"},
    "aws_s3_bucket": {"BucketName": "bucket"},
    "aws_vpc_security_group_egress_rule": {
        **{"CidrIp": "cidr_ipv4", "CidrIpv6": "cidr_ipv6", "DestinationPrefixListId": "prefix_list_id"},
        **{"DestinationSecurityGroupId": "referenced_security_group_id", "GroupId": "security_group_id"},
    },
    "aws_vpc_security_group_ingress_rule": {
        **{"CidrIp": "cidr_ipv4", "CidrIpv6": "cidr_ipv6", "SourcePrefixListId": "prefix_list_id"},
        **{"SourceSecurityGroupId": "referenced_security_group_id", "GroupId": "security_group_id"},
    },
}


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(prog="python -m tests.handover.create_only", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="aws-cdk-aws-service-spec-….tgz")
    file: Path = parser.parse_args().file
    with tarfile.open(file) as package:
        about = json.loads(_member(package, "package.json"))
        database = json.loads(gzip.decompress(_member(package, "db.json.gz")))
    types = "".join(f",\n  {json.dumps(name)}: {json.dumps(facts)}" for name, facts in _facts(database["schema"]))
    told = {
        "package": f"{about['name']} {about['version']}, {about['license']}",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "how": "causesReplacement of each property; of those that can be updated, the outermost only",
    }
    DATA.write_text(f'{{\n  "about": {json.dumps(told)}{types}\n}}\n', encoding="utf-8")


def _member(package: tarfile.TarFile, name: str) -> bytes:
    file = package.extractfile(f"package/{name}")
    assert file is not None
    return file.read()


def _facts(schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    resources = {item["cloudFormationType"]: item for item in schema["resource"]["entities"]}
    shapes = {item["$id"]: item["properties"] for item in schema["typeDefinition"]["entities"]}
    known = {name.removeprefix("AWS::").replace("::", "").lower(): name for name in resources}
    for type_ in sorted(table()):
        if name := TYPES.get(type_) or _type(type_, known):
            found: dict[str, list[str]] = {"yes": [], "maybe": [], "no": []}
            for path, replaces in _properties(resources[name]["properties"], shapes):
                argument = argument_of(type_, name, path)
                if argument and (replaces or "." not in path):
                    found[replaces or "no"].append(argument)
            yield type_, {"type": name, **{answer: sorted(paths) for answer, paths in found.items()}}


def _type(type_: str, known: Mapping[str, str]) -> str | None:
    base = type_.removeprefix("aws_")
    for start, service in SERVICES.items():
        if base.startswith(f"{start}_" if start else ""):
            rest = base.removeprefix(f"{start}_")
            if found := known.get(f"{service}{rest.replace('_', '')}".lower()):
                return found
    return None


def _properties(
    properties: Mapping[str, Any], shapes: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, str | None]]:
    for name, facts in properties.items():
        place, shape = f"{path}{name}", facts["type"]
        yield place, facts.get("causesReplacement")
        while shape["type"] in ("array", "map"):
            shape = shape["element"]
        if shape["type"] == "ref" and place.count(".") < 3:
            yield from _properties(shapes[shape["reference"]["$ref"]], shapes, f"{place}.")


def argument_of(type_: str, cloudformation_type: str, path: str) -> str | None:
    """Return what the provider calls a property; None if it has no such argument."""
    if named := ARGUMENTS.get(type_, {}).get(path):
        return named
    first, *rest = map(_snake, path.split("."))
    last = _snake(cloudformation_type.rpartition("::")[2])
    whole, words = arguments(type_)
    ways = (first, *(first.removeprefix(f"{start}_") for start in (last, last.rpartition("_")[2])), first.rstrip("s"))
    found = next((way for way in ways if way in whole), None)
    return ".".join([found, *rest]) if found and words.issuperset(rest) else None


@cache
def arguments(type_: str) -> tuple[set[str], set[str]]:
    """Return the arguments of a type, and the words in what its file says of them."""
    file = PROVIDER / type_.removeprefix("aws_") / "__init__.py"
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    return set(re.findall(r"(?m)^        (\w+): (?:typing|builtins)\.", source)), set(re.findall(r"\w+", source))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


if __name__ == "__main__":
    main()
