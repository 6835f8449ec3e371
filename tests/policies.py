"""Look at policies: parsed, and checked offline for actions, conditions and resources that AWS does not know."""

import json
import re
from collections.abc import Mapping
from typing import Any

import parliament

ACCOUNT = "us-east-1:111122223333"
# What a reference to a resource's ARN stands for while its policy is checked.
SAMPLE_ARNS = {
    "aws_batch_job_queue": f"arn:aws:batch:{ACCOUNT}:job-queue/sample",
    "aws_cloudwatch_log_group": f"arn:aws:logs:{ACCOUNT}:log-group:sample",
    "aws_ecr_repository": f"arn:aws:ecr:{ACCOUNT}:repository/sample",
    "aws_efs_access_point": f"arn:aws:elasticfilesystem:{ACCOUNT}:access-point/fsap-0123456789abcdef0",
    "aws_efs_file_system": f"arn:aws:elasticfilesystem:{ACCOUNT}:file-system/fs-0123456789abcdef0",
    "aws_iam_role": "arn:aws:iam::111122223333:role/sample",
    "aws_kms_key": f"arn:aws:kms:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555",
    "aws_s3_bucket": "arn:aws:s3:::sample",
    "aws_sfn_state_machine": f"arn:aws:states:{ACCOUNT}:stateMachine:sample",
    "aws_sns_topic": f"arn:aws:sns:{ACCOUNT}:sample",
    "aws_sqs_queue": f"arn:aws:sqs:{ACCOUNT}:sample",
}
# What the name of a value that is read from another stack tells of it; the first that fits.
READ = (
    (r"[\w-]+_kms_key", "aws_kms_key"),
    (r"file_systems_[\w-]+_access_points_[\w-]+", "aws_efs_access_point"),
    (r"file_systems_[\w-]+", "aws_efs_file_system"),
    (r"buckets_[\w-]+", "aws_s3_bucket"),
    (r"queues_[\w-]+", "aws_sqs_queue"),
    (r"topics_[\w-]+", "aws_sns_topic"),
    (r"run_tasks_[\w-]+_role", "aws_iam_role"),
)


def statements(document: str) -> dict[str, dict[str, Any]]:
    """Return the statements of a policy by their Sid, without it."""
    found = {}
    for statement in json.loads(document)["Statement"]:
        sid = statement.pop("Sid")
        assert sid not in found, f"{sid} occurs twice"
        found[sid] = statement
    return found


def findings(document: str, arns: Mapping[str, str] = SAMPLE_ARNS) -> set[str]:
    """Return what parliament has against a policy."""
    resolved = re.sub(r"\$\{(\w+)\.[\w-]+\.arn\}", lambda reference: arns[reference[1]], document)
    for pattern, type_ in ((pattern, type_) for pattern, type_ in READ if type_ in arns):
        resolved = re.sub(rf"\$\{{local\.{pattern}_arn\}}", arns[type_], resolved)
    # It knows no actions on access points: what is read through one is told as of a bucket of that name.
    resolved = re.sub(r"arn:aws:s3:[\w-]+:\d+:accesspoint/([\w-]+)(?:/object)?", r"arn:aws:s3:::\1", resolved)
    return {f"{finding.issue}: {finding.detail}" for finding in parliament.analyze_policy_string(resolved).findings}
