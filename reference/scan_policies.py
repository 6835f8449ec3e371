"""Let parliament look at every policy in the stacks: part of ``make scan``.

What it says comes in the form of checkov's reports, so that whatever reads those reads it, too. What it may find stands
in ``WAIVERS``, with its reason; all else fails.
"""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, NamedTuple

import parliament

ACCOUNT = "us-east-1:111122223333"
# What a reference to a resource's ARN stands for while its policy is checked.
SAMPLE_ARNS = {
    "aws_batch_job_queue": f"arn:aws:batch:{ACCOUNT}:job-queue/sample",
    "aws_cloudwatch_event_bus": f"arn:aws:events:{ACCOUNT}:event-bus/sample",
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
# Policies that name no resource, since they belong to one: parliament knows only policies that do.
OWNERS = {"aws_iam_role": "aws_iam_role", "aws_ecr_repository_policy": "aws_ecr_repository"}


class Waiver(NamedTuple):
    """What parliament may find: of which type of resource, what it says (a pattern), and why that is right."""

    issue: str
    type: str
    says: str
    reason: str


def _resources_of(action: str) -> str:
    """Return a pattern for what parliament says of the resources of an action, and of no other."""
    return rf"^\[(\{{'action': '{action}', 'required_format': '[^']*'\}}(, )?)+\]$"


WAIVERS = (
    Waiver("RESOURCE_STAR", "aws_kms_key", "", "in the policy of a key, * is that key"),
    Waiver(
        "RESOURCE_STAR",
        "aws_vpc_endpoint",
        "",
        "the policy of an endpoint bounds what roles allow, by the accounts of who asks and of what is asked for",
    ),
    Waiver(
        "MISMATCHED_TYPE",
        "aws_s3_bucket_policy",
        r"s3:TlsVersion .* Numeric but given \['1\.2'\]",
        "parliament takes no number with a point; the S3 user guide compares with 1.2",
    ),
    Waiver(
        "UNKNOWN_CONDITION_FOR_ACTION",
        "aws_s3_bucket_policy",
        "s3:TlsVersion",
        "all actions of S3 are refused over old TLS; two of them have no such condition in AWS's reference",
    ),
    Waiver(
        "MISMATCHED_TYPE",
        "aws_kms_key",
        "ArnEquals requires a value of type Arn",
        "the encryption context of logs is an ARN, which the CloudWatch Logs user guide compares like that",
    ),
    Waiver(
        "UNKNOWN_CONDITION_FOR_ACTION",
        "aws_kms_key",
        "kms:EncryptionContext:aws:logs:arn for action kms:DescribeKey",
        "the CloudWatch Logs user guide has this condition on all actions of its statement",
    ),
    Waiver(
        "RESOURCE_MISMATCH",
        "aws_iam_policy",
        _resources_of("batch:SubmitJob"),
        "where a team submits what carries its tag, another statement has the job; parliament reads one at a time",
    ),
    Waiver(
        "RESOURCE_MISMATCH",
        "aws_iam_role_policy",
        _resources_of("ecr:BatchImportUpstreamImage"),
        "the ECR user guide has the repository that an image is imported to in policies for pull-through caches",
    ),
    Waiver(
        "RESOURCE_MISMATCH",
        "aws_iam_role_policy",
        _resources_of("states:DescribeExecution"),
        "parliament knows executions of express workflows only",
    ),
    Waiver(
        "RESOURCE_MISMATCH",
        "aws_iam_role_policy",
        _resources_of("bedrock:InvokeModel(WithResponseStream)?"),
        "parliament asks for each kind of model where one is enough",
    ),
)


class Found(NamedTuple):
    """What parliament has against a policy."""

    issue: str
    detail: str
    title: str = ""
    severity: str = ""


def findings(document: str, arns: Mapping[str, str] = SAMPLE_ARNS) -> set[Found]:
    """Return what parliament has against a policy. ``arns``: for the types of what it refers to."""
    resolved = re.sub(r"\$\{(\w+)\.[\w-]+\.arn\}", lambda found: arns.get(found[1], found[0]), document)
    for pattern, type_ in ((pattern, type_) for pattern, type_ in READ if type_ in arns):
        resolved = re.sub(rf"\$\{{local\.{pattern}_arn\}}", arns[type_], resolved)
    # It knows no actions on access points: what is read through one is told as of a bucket of that name.
    resolved = re.sub(r"arn:aws:s3:[\w-]+:\d+:accesspoint/([\w-]+)(?:/object)?", r"arn:aws:s3:::\1", resolved)
    found = map(parliament.enhance_finding, parliament.analyze_policy_string(resolved).findings)
    return {Found(item.issue, str(item.detail), item.title.strip(), item.severity) for item in found}


def policies(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield type and address of each resource that has a policy, and the policy."""
    for type_, items in sorted(document.get("resource", {}).items()):
        for name, block in sorted(items.items()):
            for text in _policies(block):
                yield type_, f"{type_}.{name}", text


def _policies(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _policies(item) if key != "//" else ()
    elif isinstance(value, list):
        for item in value:
            yield from _policies(item)
    elif isinstance(value, str) and value.startswith("{") and '"Statement"' in value:
        yield value


def report(stacks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return what parliament says of all policies in these stacks, as checkov reports it."""
    results: dict[str, list[dict[str, Any]]] = {"passed_checks": [], "failed_checks": [], "skipped_checks": []}
    for stack, document in stacks.items():
        for type_, address, policy in policies(document):
            where = {"file_path": f"/{stack}/cdk.tf.json", "resource": address}
            rows = [_row(type_, item) for item in sorted(findings(_with_resource(type_, policy)))]
            for row in rows:
                results["skipped_checks" if "check_result" in row else "failed_checks"].append(where | row)
            if not rows:
                passed = {"check_id": "PARLIAMENT", "check_name": "Nothing is wrong with the policy"}
                results["passed_checks"].append(where | passed)
    summary = {kind.removesuffix("_checks"): len(rows) for kind, rows in results.items()}
    return {"check_type": "parliament", "results": results, "summary": summary | {"version": version("parliament")}}


def _row(type_: str, found: Found) -> dict[str, Any]:
    row = {"check_id": found.issue, "check_name": f"{found.title}: {found.detail}", "severity": found.severity}
    for waiver in WAIVERS:
        if (found.issue, type_) == waiver[:2] and re.search(waiver.says, found.detail):
            return row | {"check_result": {"result": "SKIPPED", "suppress_comment": waiver.reason}}
    return row


def _with_resource(type_: str, policy: str) -> str:
    """Return a policy that names the resource that it belongs to."""
    if type_ not in OWNERS:
        return policy
    document = json.loads(policy)
    return json.dumps({**document, "Statement": [_on(OWNERS[type_], item) for item in document["Statement"]]})


def _on(type_: str, statement: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**statement, "Resource": SAMPLE_ARNS[type_]}
