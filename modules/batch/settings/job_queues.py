"""Job queues and the policies that share them out.

Source: CreateJobQueue and CreateSchedulingPolicy in the Batch API reference, read from botocore's model. Quota shares
and service environments are there, too; the AWS provider 6.25 has no argument for them.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.markers import Late, RefersTo, Replaces, given_in_production
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem
from modules.settings import Sequence, Settings

ShareIdentifier = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z]{1,254}[0-9A-Za-z*]?$"),
    Field(description="letters and digits; with * at its end it stands for all that start with it"),
]
WeightFactor = Annotated[float, Field(ge=0.0001, le=999.9999)]

WaitSeconds = Annotated[int, Field(ge=600, le=86_400)]
WAIT_ENDS = given_in_production("a job that cannot start would hold up the queue until somebody looks")


class JobStateTimeLimits(Settings):
    """How long a job at the head of its queue may wait (be RUNNABLE) before Batch cancels it, by what it waits for.

    Without a limit it waits indefinitely, and everything behind it as well. A job's own ``timeout_seconds`` counts
    from its start, when none of these counts any more: neither has to be larger than the other.
    """

    insufficient_capacity_seconds: Annotated[WaitSeconds | None, WAIT_ENDS] = 86_400
    """AWS has no such capacity at the moment; None: wait indefinitely [from 600 to 86,400; default 86,400; must be
    given in production]"""
    exceeds_environments_seconds: Annotated[WaitSeconds | None, WAIT_ENDS] = 3_600
    """no compute environment is large enough, and waiting does not help; None: wait indefinitely [from 600 to 86,400;
    default 3,600; must be given in production]"""
    unmet_requirement_seconds: Annotated[WaitSeconds | None, WAIT_ENDS] = 3_600
    """no instance type meets the requirements of the job; None: wait indefinitely [from 600 to 86,400; default 3,600;
    must be given in production]"""


class AnyJobQueueSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``job_queues``."""

    @property
    def is_fair_share(self) -> bool:
        """Return whether a scheduling policy shares it out: then each job needs a share identifier and a priority."""
        raise NotImplementedError

    @property
    def capacity_names(self) -> Sequence[str]:
        """Return those of the environment's compute environments that its jobs may run on."""
        return ()

    def weights(self, policies: Mapping[str, "FairSharePolicySettings"]) -> tuple[str, Sequence[str]]:
        """Return which setting names its shares, "" for one of its own, and the shares that are named, sorted."""
        raise NotImplementedError


class JobQueueSettings(NamedSettings, AnyJobQueueSettings):
    """Where jobs wait, and which environments take them, with a log group for what they print."""

    thing = "job queue"
    refused: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("quota_shares", "service_environments"), "provider 6.25.0 has no argument for it"
    )

    compute_environments: Sequence[Annotated[ShortName, RefersTo("compute_environments")]] = Field(
        min_length=1, max_length=3
    )
    """tried in this order: Spot first and on demand last, for instance [1 to 3 items; each one of the environment's
    compute_environments; required]"""
    priority: Annotated[int, Late()] = Field(default=1, ge=0, le=1_000)
    """among queues that share an environment, the highest is served first, always [from 0 to 1,000; default 1]"""
    enabled: bool = True
    """False: takes no new jobs; those in it go on [default True]"""
    scheduling_policy: Annotated[
        Annotated[ShortName, RefersTo("scheduling_policies")] | None,
        Replaces("job queue", "its waiting jobs", when="where one is added or taken away, under another name"),
    ] = None
    """None: first in, first out; given: fair shares. Batch lets neither be changed into the other: give the queue
    another name then [one of the environment's scheduling_policies; default None; a change replaces the job queue where
    one is added or taken away, under another name, losing its waiting jobs]"""
    job_state_time_limits: JobStateTimeLimits = Field(default_factory=JobStateTimeLimits)
    """when a waiting job is given up [default JobStateTimeLimits()]"""
    log_retention_days: Annotated[RetentionDays, KEPT_A_WEEK] = 30
    """what its jobs print, in CloudWatch Logs; older lines are gone [one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180,
    365, 400, 545, 731, 1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never'; default 30; must be at least
    7 days in production]"""
    tags: Tags = Field(default_factory=dict)
    """on the queue and its log group [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    @property
    def is_fair_share(self) -> bool:
        """Return whether it has a scheduling policy."""
        return self.scheduling_policy is not None

    @property
    def capacity_names(self) -> Sequence[str]:
        """Return its compute environments."""
        return self.compute_environments

    def weights(self, policies: Mapping[str, "FairSharePolicySettings"]) -> tuple[str, Sequence[str]]:
        """Return what its scheduling policy names."""
        policy = policies.get(self.scheduling_policy or "")
        return f"scheduling_policies.{self.scheduling_policy}.shares", sorted(policy.shares) if policy else []

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of the log group of its jobs."""
        yield from super().names(name, location)
        yield PhysicalName("log group", f"/aws/batch/{name}")

    def check_job_queue(self) -> Iterator[Problem]:
        """Check that no environment is tried twice."""
        for index, name in enumerate(self.compute_environments):
            if name in self.compute_environments[:index]:
                path = f"compute_environments[{index}]"
                yield self.problem(path, "be named once", "otherwise Batch refuses the job queue")


class FairSharePolicySettings(NamedSettings):
    """Who gets how much of a queue: each job is submitted under a share identifier, a team or tenant, say."""

    thing = "scheduling policy"

    shares: dict[ShareIdentifier, WeightFactor] = Field(default_factory=dict, max_length=500)
    """weights by share identifier, 1.0 for one that is not here; 0.125 gets eight times what 1.0 gets [at most 500
    entries; each value from 0.0001 to 999.9999; default empty]"""
    share_decay_seconds: Annotated[int, Late()] = Field(default=0, ge=0, le=604_800)
    """how long past use counts against a share; 0: ten minutes [from 0 to 604,800; default 0]"""
    compute_reservation: Annotated[int, Late()] = Field(default=0, ge=0, le=99)
    """kept free for shares that are not active: (this / 100) to the number of active shares [from 0 to 99; default
    0]"""
    tags: Tags = Field(default_factory=dict)
    """on the policy [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def check_fair_share_policy(self) -> Iterator[Problem]:
        """Check that no two share identifiers can mean the same share."""
        for first, second in combinations(sorted(self.shares), 2):
            if covers(first, second) or covers(second, first):
                reason = "a job would belong to both shares"
                yield Problem(f"shares.{second}", f"not overlap with {first}", repr(second), reason)


def covers(identifier: str, share: str) -> bool:
    """Return whether ``identifier`` ends in ``*`` and stands for ``share`` too, which may be such a one itself."""
    return identifier.endswith("*") and share.removesuffix("*").startswith(identifier[:-1])
