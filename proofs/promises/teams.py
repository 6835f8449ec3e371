"""Promises of teams: what carries a team's tag is the team's, what it shares is named, and its jobs carry its tag."""

from collections.abc import Iterator

from modules import arns
from modules.batch.permissions import settable_tags
from modules.batch.settings.teams import TeamAccess
from proofs.policies import Statement
from proofs.promises.promise import may, where
from proofs.promises.things import JOB_ENDS, Things, describe_batch


def shared_with(things: Things, team: TeamAccess) -> list[str]:
    """Return the definitions and queues that a team shares with others."""
    queues = map(things.environment.job_queue_arn, team.shared_job_queues)
    return [*things.definitions(team.shared_job_definitions), *queues]


def team_permissions(things: Things, team: TeamAccess) -> Iterator[Statement]:
    """Yield all that a team may do."""
    location, key, value = things.location, team.tag_key, team.tag_value
    shared, jobs = shared_with(things, team), arns.job(location, "*")
    # By its tags Batch knows a definition only where the request names a revision.
    anything = [f"{arns.job_definition(location, '*')}:*", arns.job_queue(location, "*")]
    setting, own = {f"aws:RequestTag/{key}": value}, {f"aws:ResourceTag/{key}": value}
    share = {"StringLikeIfExists": {"batch:ShareIdentifier": team.share_identifier}} if team.share_identifier else {}
    yield may("batch: SubmitJob", [*shared, jobs], {"StringEquals": setting, **share})
    yield may("batch: SubmitJob", anything, {"StringEquals": {**setting, **own}, **share})
    yield may(f"batch: {JOB_ENDS}", jobs, where(StringEquals=own))
    yield describe_batch()
    fixed = settable_tags(things.environment.all_tags)
    keys = [key, *fixed, *team.further_tag_keys]
    only = {"ForAllValues:StringEquals": {"aws:TagKeys": keys}}
    if fixed:
        only["StringEqualsIfExists"] = {f"aws:RequestTag/{name}": [text] for name, text in fixed.items()}
    if shared:
        yield may("batch: TagResource", shared, {"StringEquals": setting, **only})
    yield may("batch: TagResource", [*anything, jobs], {"StringEquals": {**setting, **own}, **only})
    others = (f"aws:ResourceTag/{name}" for name in tag_keys_of_others(things, team))
    untagged = {"StringEquals": setting, "Null": dict.fromkeys([*own, *others], "true")}
    yield may("batch: TagResource", jobs, {**untagged, **only})


def tag_keys_of_others(things: Things, team: TeamAccess | None) -> list[str]:
    """Return the keys of tags by which a job is known to be the platform's or another team's."""
    environment = things.environment
    platform = environment.all_tags if team else environment.job_tags
    own = {team.tag_key.lower()} if team else set()
    return [
        *platform,
        *sorted({item.tag_key for item in environment.teams.values() if item.tag_key.lower() not in own}),
    ]
