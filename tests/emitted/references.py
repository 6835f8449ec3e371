"""References between resources, put in place as far as the emitted Terraform itself tells what they stand for."""

import re
from collections.abc import Mapping
from typing import Any

REFERENCE = re.compile(r"\$\{((?:data\.)?\w+\.[\w-]+)\.([\w.-]+)\}")
LOCAL = re.compile(r"\$\{local\.([\w-]+)\}")
# What a stack reads of another: its name, and the steps into its outputs.
READ = re.compile(r"\$\{try\(data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w.\[\]-]+), .*\)\}")
# ARNs as they will be, but for region and account: sizes are measured with them.
PLACE = "us-east-1:111122223333"
FORMS = {
    "aws_batch_job_definition": f"batch:{PLACE}:job-definition/",
    "aws_batch_job_queue": f"batch:{PLACE}:job-queue/",
    "aws_cloudwatch_log_group": f"logs:{PLACE}:log-group:",
    "aws_ecr_repository": f"ecr:{PLACE}:repository/",
    "aws_ecs_cluster": f"ecs:{PLACE}:cluster/",
    "aws_ecs_service": f"ecs:{PLACE}:service/",
    "aws_ecs_task_definition": f"ecs:{PLACE}:task-definition/",
    "aws_iam_instance_profile": "iam::111122223333:instance-profile/",
    "aws_iam_policy": "iam::111122223333:policy/",
    "aws_iam_role": "iam::111122223333:role/",
    "aws_s3_bucket": "s3:::",
    "aws_sqs_queue": f"sqs:{PLACE}:",
}
# Of those whose names AWS gives itself.
IDS = {
    "aws_efs_access_point": f"elasticfilesystem:{PLACE}:access-point/fsap-0123456789abcdef0",
    "aws_efs_file_system": f"elasticfilesystem:{PLACE}:file-system/fs-0123456789abcdef0",
    "aws_kms_key": f"kms:{PLACE}:key/12345678-1234-1234-1234-123456789012",
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
        if attribute == "arn" and type_ in FORMS and isinstance(name, str):
            return f"arn:aws:{FORMS[type_]}{self.resolved(stack, name)}"
        if attribute == "arn" and type_ in IDS:
            return f"arn:aws:{IDS[type_]}"
        value = resource.get(attribute)
        return found[0] if not isinstance(value, str) else str(self.resolved(stack, value))
