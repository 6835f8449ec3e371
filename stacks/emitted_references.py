"""References between emitted resources, put in place as far as the emitted Terraform tells what they stand for."""

import re
from collections.abc import Mapping
from typing import Any

from modules import arns
from modules.naming import AwsLocation

REFERENCE = re.compile(r"\$\{((?:data\.)?\w+\.[\w-]+)\.([\w.-]+)\}")
LOCAL = re.compile(r"\$\{local\.([\w-]+)\}")
# What a stack reads of another: its name, and the steps into its outputs.
READ = re.compile(r"\$\{try\(data\.\w+\.([\w-]+)\.(?:outputs|nonsensitive_values)\.([\w.\[\]-]+), .*\)\}")
# ARNs that follow from a name, by type.
NAMED = {
    "aws_batch_job_definition": arns.job_definition,
    "aws_batch_job_queue": arns.job_queue,
    "aws_cloudwatch_log_group": arns.log_group,
    "aws_ecr_repository": arns.repository,
    "aws_ecs_cluster": arns.cluster,
    "aws_ecs_service": arns.service,
    "aws_ecs_task_definition": arns.task_definition,
    "aws_iam_instance_profile": arns.instance_profile,
    "aws_iam_policy": arns.policy,
    "aws_iam_role": arns.role,
    "aws_s3_bucket": arns.bucket,
    "aws_sqs_queue": arns.queue,
}
# Those of what AWS names itself, and an id of the length that it will have.
UNNAMED = {
    "aws_efs_access_point": (arns.access_point, "fsap-0123456789abcdef0"),
    "aws_efs_file_system": (arns.file_system, "fs-0123456789abcdef0"),
    "aws_kms_key": (arns.key, "12345678-1234-1234-1234-123456789012"),
}
NAMES = ("name", "family", "bucket")


class References:
    """The stacks of an environment, by name, and what references in them stand for."""

    def __init__(self, stacks: Mapping[str, Any]) -> None:
        self.stacks = stacks

    def resolved(self, stack: str, value: Any) -> Any:
        """Return ``value`` of a stack with every reference in it replaced whose meaning the stacks tell."""
        if isinstance(value, Mapping):
            return {key: self.resolved(stack, item) for key, item in value.items() if key != "//"}
        if isinstance(value, list):
            return [self.resolved(stack, item) for item in value]
        if not isinstance(value, str):
            return value
        value = LOCAL.sub(lambda found: self._read(stack, found), value)
        return REFERENCE.sub(lambda found: self._meaning(stack, found), value)

    def _read(self, stack: str, found: re.Match[str]) -> str:
        read = READ.fullmatch(self.stacks[stack].get("locals", {}).get(found[1], ""))
        if read is None:
            return found[0]
        other = f"{stack.rpartition('-')[0]}-{read[1]}"
        name, *steps = re.findall(r"[\w-]+", read[2])
        value = self.stacks.get(other, {}).get("output", {}).get(name, {}).get("value")
        for step in steps:
            value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
        return found[0] if not isinstance(value, str) else str(self.resolved(other, value))

    def _meaning(self, stack: str, found: re.Match[str]) -> str:
        address, attribute = found[1], found[2]
        type_, _, id_ = address.partition(".")
        resource = self.stacks[stack].get("resource", {}).get(type_, {}).get(id_)
        if resource is None:
            return found[0]
        name = next((resource[key] for key in NAMES if key in resource), None)
        if attribute == "arn" and type_ in NAMED and isinstance(name, str):
            return NAMED[type_](self._location(stack), str(self.resolved(stack, name)))
        if attribute == "arn" and type_ in UNNAMED:
            arn, made_up = UNNAMED[type_]
            return arn(self._location(stack), made_up)
        value = resource.get(attribute)
        return found[0] if not isinstance(value, str) else str(self.resolved(stack, value))

    def _location(self, stack: str) -> AwsLocation:
        """Return region and account that the stack's provider names."""
        (provider,) = self.stacks[stack].get("provider", {}).get("aws", [{}])
        (account,) = provider.get("allowed_account_ids", ["111122223333"])
        return AwsLocation(provider.get("region", "us-east-1"), account)
