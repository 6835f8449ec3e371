"""Access by tag: what one team may do with the jobs of a shared platform."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.markers import RefersTo
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings

# Fewer letters than other tags have: it stands in an IAM policy, and may not be empty there.
TeamTagValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_ .:/=+@-]+$", max_length=256)]


class TeamAccess(Settings):
    """A policy for one team: it may submit to, and act on, what carries its tag, and must tag what it submits.

    Queues and definitions become the team's by their own ``tags``. Those it shares with others, which can carry one
    team's tag only, are named here.
    """

    tag_key: str = Field(default="team", pattern=r"^[A-Za-z0-9_.:/=+@-]+$", max_length=128)
    """what jobs are told apart by [at most 128 characters; default 'team']"""
    tag_value: TeamTagValue
    """the team's own value; whoever may set it is the team [at most 256 characters; required]"""
    shared_job_definitions: Distinct[Annotated[ShortName, RefersTo("job_definitions")]] = ()
    """what it may submit besides its own [each one of the environment's job_definitions; default empty]"""
    shared_job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = ()
    """where it may submit besides its own [each one of the environment's job_queues; default empty]"""
    share_identifier: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{0,254}[0-9A-Za-z*]$")
    """the only share of a fair-share queue it may use [default None]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of the policy."""
        del location
        yield PhysicalName("policy", name)

    def check_team_access(self) -> Iterator[Problem]:
        """Refuse tags that only AWS can set."""
        if self.tag_key.lower().startswith("aws:"):
            yield Problem("tag_key", "not start with aws:", format_value(self.tag_key), "AWS reserves that prefix")
