"""Access by tag: what one team may do with the jobs of a shared platform."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.naming import RESERVED_TAG_KEYS, ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct

# Fewer letters than other tags have: it stands in an IAM policy, and may not be empty there.
TeamTagKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:/=+@-]+$", max_length=128)]
TeamTagValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_ .:/=+@-]+$", max_length=256)]


class TeamAccess(NamedSettings):
    """A policy for one team: it may submit to, and act on, what carries its tag, and must tag what it submits.

    Queues and definitions become the team's by their own ``tags``. Those it shares with others, which can carry one
    team's tag only, are named here.
    """

    thing = "policy"

    tag_key: TeamTagKey = "team"
    """key of the tag that identifies the team's jobs; not one that all resources have [at most 128 characters; default
    'team']"""
    tag_value: TeamTagValue
    """the team's own value; a principal that may set it acts as the team [at most 256 characters; required]"""
    shared_job_definitions: Distinct[Annotated[ShortName, RefersTo("job_definitions")]] = ()
    """what it may submit besides its own [each one of the environment's job_definitions; default empty]"""
    shared_job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = ()
    """where it may submit besides its own [each one of the environment's job_queues; default empty]"""
    further_tag_keys: Distinct[TeamTagKey] = ()
    """of tags that its jobs may have besides, with any value, e.g. experiment [each at most 128 characters; default
    empty]"""
    share_identifier: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{0,254}[0-9A-Za-z*]$")
    """the only share of a fair-share queue it may use [default None]"""

    def owns(self, tags: Mapping[str, str]) -> bool:
        """Return whether what has these tags is the team's own."""
        return any(key.lower() == self.tag_key.lower() and value == self.tag_value for key, value in tags.items())

    def can_use_share(self, share: str) -> bool:
        """Return whether it may submit under this share identifier."""
        allowed = self.share_identifier or "*"
        return share.startswith(allowed[:-1]) if allowed.endswith("*") else share == allowed

    def check_team_access(self) -> Iterator[Problem]:
        """Refuse tags that only AWS can set, and those that everything has."""
        yield from team_tag_problems(self, ())


def team_tag_problems(team: TeamAccess, platform_tags: Iterable[str]) -> Iterator[Problem]:
    """Check that the team is told apart by a tag that nobody else sets, nor ``platform_tags`` give to everything.

    IAM compares keys without regard to case.
    """
    taken = {key.lower() for key in (*RESERVED_TAG_KEYS, *platform_tags)}
    keys = {"tag_key": team.tag_key} | {f"further_tag_keys[{i}]": key for i, key in enumerate(team.further_tag_keys)}
    for path, key in keys.items():
        if key.lower().startswith("aws:"):
            yield Problem(path, "not start with aws:", format_value(key), "AWS reserves that prefix")
        elif key.lower() in taken:
            yield Problem(
                path,
                "not be the key, in any case, of a tag that all resources have",
                format_value(key),
                "otherwise the team could own the whole platform, or pass its jobs off as the platform's",
                fix="use another key, e.g. team",
            )
        elif path != "tag_key" and key.lower() == team.tag_key.lower():
            yield Problem(path, "differ from tag_key by more than case", format_value(key), "IAM ignores case in keys")
