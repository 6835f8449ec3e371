"""References between emitted resources, put in place as far as the emitted Terraform tells what they stand for."""

import re
from collections.abc import Mapping
from typing import Any

REFERENCE = re.compile(r"\$\{((?:data\.)?\w+\.[\w-]+)\.([\w.-]+)\}")
LOCAL = re.compile(r"\$\{local\.([\w-]+)\}")
# What a stack reads of another: its name, and the steps into its outputs.
READ = re.compile(r"\$\{try\(data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w.\[\]-]+), .*\)\}")
# ARNs that follow from a name, by type.
NAMED = {
    "aws_batch_job_definition": "batch:{place}:job-definition/",
    "aws_batch_job_queue": "batch:{place}:job-queue/",
    "aws_cloudwatch_log_group": "logs:{place}:log-group:",
    "aws_ecr_repository": "ecr:{place}:repository/",
    "aws_ecs_cluster": "ecs:{place}:cluster/",
    "aws_ecs_service": "ecs:{place}:service/",
    "aws_ecs_task_definition": "ecs:{place}:task-definition/",
    "aws_iam_instance_profile": "iam::{account}:instance-profile/",
    "aws_iam_policy": "iam::{account}:policy/",
    "aws_iam_role": "iam::{account}:role/",
    "aws_s3_bucket": "s3:::",
    "aws_sqs_queue": "sqs:{place}:",
}
# Those of what AWS names itself: of the length that they will have.
UNNAMED = {
    "aws_efs_access_point": "elasticfilesystem:{place}:access-point/fsap-0123456789abcdef0",
    "aws_efs_file_system": "elasticfilesystem:{place}:file-system/fs-0123456789abcdef0",
    "aws_kms_key": "kms:{place}:key/12345678-1234-1234-1234-123456789012",
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
            return self._arn(stack, NAMED[type_]) + str(self.resolved(stack, name))
        if attribute == "arn" and type_ in UNNAMED:
            return self._arn(stack, UNNAMED[type_])
        value = resource.get(attribute)
        return found[0] if not isinstance(value, str) else str(self.resolved(stack, value))

    def _arn(self, stack: str, form: str) -> str:
        """Return an ARN, or its beginning, in the region and account that the stack's provider names."""
        (provider,) = self.stacks[stack].get("provider", {}).get("aws", [{}])
        region = provider.get("region", "us-east-1")
        (account,) = provider.get("allowed_account_ids", ["111122223333"])
        return "arn:aws:" + form.format(place=f"{region}:{account}", account=account)
