"""Who may do what in Batch, as policy statements: submit, end, describe; and everything of one team by its tag.

Source: "Actions, resources, and condition keys for AWS Batch" in the Service Authorization Reference.
"""

from collections.abc import Mapping, Sequence

from modules.iam.policy import Condition, Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation

# None of these takes a resource: what they tell is about every job, queue and definition of the account.
DESCRIBE = (
    "batch:DescribeComputeEnvironments",
    "batch:DescribeJobDefinitions",
    "batch:DescribeJobQueues",
    "batch:DescribeJobs",
    "batch:ListJobs",
)
SUBMIT = "batch:SubmitJob"
END = ("batch:CancelJob", "batch:TerminateJob")


def submit_statement(
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    *,
    condition: Condition | None = None,
) -> Statement:
    """Return the right to submit these definitions, in any revision, to these queues. Both have to be allowed."""
    definitions = [arn for name in definition_names for arn in _definition_arns(location, name)]
    return allow("SubmitNamed", [SUBMIT], [*definitions, *queue_arns], condition=condition)


def submit_tagged_statement(
    location: AwsLocation, tags: Mapping[str, str], *, condition: Mapping[str, Mapping[str, str]]
) -> Statement:
    """Return the right to submit whatever definition carries these tags to whatever queue does.

    Batch looks at a definition's tags only where the request names its revision; without one it would let every
    definition pass. So the ARN asks for a revision.
    """
    resource_tags = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    tagged = {**condition, "StringEquals": {**condition.get("StringEquals", {}), **resource_tags}}
    resources = [location.arn("batch", "job-definition/*:*"), location.arn("batch", "job-queue/*")]
    return allow("SubmitTagged", [SUBMIT], resources, condition=tagged)


def tag_jobs_statement(location: AwsLocation, tags: Mapping[str, str]) -> Statement:
    """Return the right to give jobs exactly these tags at submission.

    A job that carries another value already cannot be taken over: tagging it again is refused.
    """
    condition = {
        "StringEquals": {f"aws:RequestTag/{key}": value for key, value in tags.items()},
        "StringEqualsIfExists": {f"aws:ResourceTag/{key}": value for key, value in tags.items()},
    }
    return allow("TagJobs", ["batch:TagResource"], location.arn("batch", "job/*"), condition=condition)


def end_statement(location: AwsLocation, tags: Mapping[str, str]) -> Statement:
    """Return the right to cancel and terminate jobs that carry these tags; a job's id is not known beforehand."""
    condition = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in tags.items()}}
    return allow("EndJobs", END, location.arn("batch", "job/*"), condition=condition)


def describe_statement() -> Statement:
    """Return the right to look at everything in Batch; its actions cannot be narrowed to resources."""
    return allow("DescribeBatch", DESCRIBE, "*")


def grant_submit(
    grantee: WorkloadRole,
    id_: str,
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    *,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Let ``grantee`` submit these definitions to these queues and no others, and give the jobs ``tags``, if any."""
    tagging = [tag_jobs_statement(location, tags)] if tags else []
    grantee.add_policy(f"submit-{id_}", [submit_statement(location, definition_names, queue_arns), *tagging])


def grant_terminate(grantee: WorkloadRole, location: AwsLocation, tags: Mapping[str, str]) -> None:
    """Let ``grantee`` cancel and terminate the jobs that carry ``tags``, and no others."""
    grantee.add_policy("end-jobs", [end_statement(location, tags)])


def grant_describe(grantee: WorkloadRole) -> None:
    """Let ``grantee`` look at everything in Batch, and change nothing."""
    grantee.add_policy("describe-jobs", [describe_statement()])


def _definition_arns(location: AwsLocation, name: str) -> list[str]:
    """Return the ARNs a request may be checked against: by name alone, and with the revision it resolved to."""
    arn = location.arn("batch", f"job-definition/{name}")
    return [arn, f"{arn}:*"]
