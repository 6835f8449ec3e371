"""What Terraform can take over of what exists already: by type, what names it, and the id that the provider takes.

Source: "Import" on the page of each resource in the documentation of the AWS provider 6.25.0.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from modules import arns
from modules.naming import AwsLocation


def _name(location: AwsLocation, name: str) -> str:
    del location
    return name


@dataclass(frozen=True)
class Adoptable:
    """A type of resource: the argument that names it, or else the form of the ids that AWS gives, and one of them."""

    argument: str = "name"
    import_id: Callable[[AwsLocation, str], str] = _name
    form: str = ""
    example: str = ""


KEY_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"

ADOPTABLE: Mapping[str, Adoptable] = {
    "aws_batch_job_queue": Adoptable(import_id=arns.job_queue),
    "aws_batch_scheduling_policy": Adoptable(import_id=arns.scheduling_policy),
    "aws_cloudwatch_event_archive": Adoptable(),
    "aws_cloudwatch_event_bus": Adoptable(),
    "aws_cloudwatch_log_group": Adoptable(),
    "aws_ecr_repository": Adoptable(),
    "aws_ecs_cluster": Adoptable(),
    "aws_efs_access_point": Adoptable("", form=r"fsap-[0-9a-f]{8,40}", example="e.g. fsap-0123456789abcdef0"),
    "aws_efs_file_system": Adoptable("", form=r"fs-[0-9a-f]{8,40}", example="e.g. fs-0123456789abcdef0"),
    "aws_iam_role": Adoptable(),
    "aws_kms_alias": Adoptable(),
    "aws_kms_key": Adoptable("", form=KEY_ID, example="e.g. 12345678-1234-1234-1234-123456789012"),
    "aws_pipes_pipe": Adoptable(),
    "aws_s3_bucket": Adoptable("bucket"),
    "aws_scheduler_schedule_group": Adoptable(),
    "aws_sfn_state_machine": Adoptable(import_id=arns.state_machine),
    "aws_sns_topic": Adoptable(import_id=arns.topic),
    "aws_sqs_queue": Adoptable(import_id=arns.queue_url),
}

# Why nothing else is, as a reader asks of these first; of all others WORTHLESS.
REVISED = "each apply registers another revision, and there is nothing in an old one to keep"
REFUSED: Mapping[str, str] = {
    "aws_batch_compute_environment": "Terraform gives its name an end of its own, and would replace it",
    "aws_batch_job_definition": REVISED,
    "aws_ecs_task_definition": REVISED,
}
WORTHLESS = "it holds no data: let Terraform create a new one, and delete the old one"


def is_id(text: str) -> bool:
    """Return whether a text looks like an id that AWS gives to what has no name."""
    return any(facts.form and re.fullmatch(facts.form, text) for facts in ADOPTABLE.values())
