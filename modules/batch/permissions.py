"""Who may do what in Batch, as policy statements: submit, end, describe; and everything of one team by its tag.

No constructs, so that the size of a team's policy can be checked without any.

Source: "Actions, resources, and condition keys for AWS Batch" in the Service Authorization Reference. On what a
submission's tags are checked it does not say: that is from what AWS answers (AccessDenied for batch:TagResource).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from modules import arns
from modules.batch.settings.teams import TeamAccess
from modules.iam.policy import Condition, Grantee, Statement, allow
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
TAG = "batch:TagResource"
END = ("batch:CancelJob", "batch:TerminateJob")

# Tags of which both can stand in the conditions of a policy, which knows fewer letters than tags do.
KEY_IN_POLICY, IN_POLICY = re.compile(r"[A-Za-z0-9_.:/=+@-]+\Z"), re.compile(r"[A-Za-z0-9_ .:/=+@-]+\Z")


def submit_statement(
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    *,
    condition: Condition | None = None,
) -> Statement:
    """Return the permission to submit these definitions, in any revision, to these queues.

    Batch asks for the permission three times: on definition, queue and the job that comes of them. That on jobs opens
    nothing by itself.
    """
    resources = [*_named(location, definition_names, queue_arns), arns.job(location, "*")]
    return allow("SubmitNamed", [SUBMIT], resources, condition=condition)


def submit_tagged_statement(
    location: AwsLocation, tags: Mapping[str, str], *, condition: Mapping[str, Mapping[str, str]]
) -> Statement:
    """Return the permission to submit whatever definition carries these tags to whatever queue does."""
    tagged = {**condition, "StringEquals": {**condition.get("StringEquals", {}), **_on_resource(tags)}}
    return allow("SubmitTagged", [SUBMIT], _any_revision_and_queue(location), condition=tagged)


def tag_submissions_statement(
    location: AwsLocation, definition_names: Sequence[str], queue_arns: Sequence[str], in_request: Condition
) -> Statement:
    """Return the permission to tag what is submitted of these definitions to these queues, as ``in_request`` says.

    Batch checks a submission's tags on its definition and its queue, as if these were tagged; so anybody who may submit
    can give them these tags, too, until the next deployment takes them off.
    """
    return allow("TagSubmissions", [TAG], _named(location, definition_names, queue_arns), condition=in_request)


def tag_jobs_statements(
    location: AwsLocation,
    tags: Mapping[str, str],
    in_request: Condition,
    *,
    tag_keys_of_others: Iterable[str] = (),
    also: Sequence[str] = (),
) -> list[Statement]:
    """Return the permission to tag jobs at submission as ``in_request`` says, and none to take over others' jobs.

    A new job has no tags yet, or the request's: Batch does not say which. So what has neither any of these tags nor of
    ``tag_keys_of_others`` may be tagged, and what has these tags already; ``also`` are further resources of which the
    latter holds.
    """
    # Once each, as IAM ignores case in keys.
    keys = {key.lower(): key for key in (*tag_keys_of_others, *tags)}
    absent = {f"aws:ResourceTag/{key}": "true" for key in sorted(keys.values())}
    own = {**in_request, "StringEquals": {**in_request.get("StringEquals", {}), **_on_resource(tags)}}
    return [
        allow("TagNewJobs", [TAG], arns.job(location, "*"), condition={**in_request, "Null": absent}),
        allow("TagOwn", [TAG], [*also, arns.job(location, "*")], condition=own),
    ]


def with_tags(tags: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """Return the condition that a request sets these tags, whatever else it sets."""
    return {"StringEquals": _in_request(tags)}


def with_these_tags_only(
    tags: Mapping[str, str], platform_tags: Mapping[str, str], further_keys: Iterable[str]
) -> Condition:
    """Return the condition that a request sets these tags, and no others but those of the platform and of the team.

    What is submitted could otherwise be given any tag, and what is shared with it. A tag of the platform may be set to
    the platform's own value only; one that cannot be written in a policy may not be set at all.
    """
    own = settable_tags(platform_tags)
    condition: dict[str, Mapping[str, str | Sequence[str]]] = {
        **with_tags(tags),
        "ForAllValues:StringEquals": {"aws:TagKeys": sorted({*tags, *own, *further_keys})},
    }
    return condition | ({"StringEqualsIfExists": _in_request(own)} if own else {})


def settable_tags(platform_tags: Mapping[str, str]) -> dict[str, str]:
    """Return those tags of the platform that a team may set, to these values: those that a policy can hold."""
    return {key: value for key, value in platform_tags.items() if KEY_IN_POLICY.match(key) and IN_POLICY.match(value)}


def end_statement(location: AwsLocation, tags: Mapping[str, str]) -> Statement:
    """Return the permission to cancel and terminate jobs that carry these tags; a job's id is not known beforehand."""
    return allow("EndJobs", END, arns.job(location, "*"), condition={"StringEquals": _on_resource(tags)})


def describe_statement() -> Statement:
    """Return the permission to look at everything in Batch; its actions cannot be narrowed to resources."""
    return allow("DescribeBatch", DESCRIBE, "*")


def team_statements(
    location: AwsLocation,
    settings: TeamAccess,
    *,
    shared_definition_names: Sequence[str],
    shared_queue_arns: Sequence[str],
    platform_tags: Mapping[str, str],
    team_tag_keys: Iterable[str] = (),
) -> list[Statement]:
    """Return the permissions of a team that must tag what it submits and may end only what carries its tag.

    ``platform_tags`` are those that all jobs of the platform carry, ``team_tag_keys`` tell those of teams: without them
    a team could tag, and then end, what is the platform's or another team's.
    """
    tags = {settings.tag_key: settings.tag_value}
    must_tag = with_tags(tags)
    in_request = with_these_tags_only(tags, platform_tags, settings.further_tag_keys)
    if settings.share_identifier:
        # A queue without shares is asked for none; where one is missing that is needed, Batch refuses the job.
        must_tag["StringLikeIfExists"] = {"batch:ShareIdentifier": settings.share_identifier}
    shared, tagged = (shared_definition_names, shared_queue_arns), _any_revision_and_queue(location)
    return [
        submit_statement(location, *shared, condition=must_tag),
        submit_tagged_statement(location, tags, condition=must_tag),
        *([tag_submissions_statement(location, *shared, in_request)] if any(shared) else ()),
        *tag_jobs_statements(
            location, tags, in_request, tag_keys_of_others=[*platform_tags, *team_tag_keys], also=tagged
        ),
        end_statement(location, tags),
        describe_statement(),
    ]


def submission_statements(
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    tags: Mapping[str, str],
    team_tag_keys: Iterable[str],
) -> list[Statement]:
    """Return the permission to submit these definitions to these queues and no others, tagged with ``tags``, if any.

    ``team_tag_keys`` are those of tags by which jobs are known to be a team's, and not to be tagged.
    """
    named, in_request = (definition_names, queue_arns), with_tags(tags)
    if not tags:
        return [submit_statement(location, *named)]
    return [
        submit_statement(location, *named),
        tag_submissions_statement(location, *named, in_request),
        *tag_jobs_statements(location, tags, in_request, tag_keys_of_others=team_tag_keys),
    ]


def grant_submit(
    grantee: Grantee,
    id_: str,
    location: AwsLocation,
    definition_names: Sequence[str],
    queue_arns: Sequence[str],
    *,
    tags: Mapping[str, str] | None = None,
    team_tag_keys: Iterable[str] = (),
) -> None:
    """Let ``grantee`` submit these definitions to these queues and no others, and give the jobs ``tags``, if any."""
    statements = submission_statements(location, definition_names, queue_arns, tags or {}, team_tag_keys)
    grantee.add_policy(f"submit-{id_}", statements)


def _named(location: AwsLocation, definition_names: Sequence[str], queue_arns: Sequence[str]) -> list[str]:
    """Return the ARNs a request may be checked against: definitions by name alone, and with a revision; queues."""
    forms = [form for name in definition_names for form in ((name,) if ":" in name else (name, f"{name}:*"))]
    return [*(arns.job_definition(location, form) for form in forms), *queue_arns]


def _any_revision_and_queue(location: AwsLocation) -> list[str]:
    """Return every definition and queue, for conditions on their tags.

    Batch looks at a definition's tags only where the request names its revision; without one it would let every
    definition pass. So the ARN asks for a revision.
    """
    return [f"{arns.job_definition(location, '*')}:*", arns.job_queue(location, "*")]


def _in_request(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()}


def _on_resource(tags: Mapping[str, str]) -> dict[str, str]:
    return {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
