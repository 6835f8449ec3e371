"""What a pipeline does about a stage that fails: tries it again, or elsewhere.

Source: "Handling errors in Step Functions workflows" in the Step Functions developer guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem
from modules.settings import Settings

# An execution of a standard workflow ends after a year, and so does each attempt in it and each wait between two.
MOST_SECONDS = 31_536_000


class StageRetry(Settings):
    """How often a stage is run that fails, and how long after; an array job is run again as a whole."""

    attempts: int = Field(default=2, ge=2, le=100)
    """in all, the first included [from 2 to 100; default 2]"""
    first_wait_seconds: int = Field(default=60, ge=1, le=MOST_SECONDS)
    """before the second attempt [from 1 to 31,536,000; default 60]"""
    backoff_rate: float = Field(default=2.0, ge=1.0, le=100.0)
    """each wait is so many times as long as the one before [from 1.0 to 100.0; default 2.0]"""
    most_wait_seconds: int | None = Field(default=None, ge=2, le=MOST_SECONDS)
    """no wait is longer; None: they grow on [from 2 to 31,536,000; default None]"""

    @property
    def wait_seconds(self) -> float:
        """All waits together."""
        most = self.most_wait_seconds or MOST_SECONDS
        waits = (self.first_wait_seconds * self.backoff_rate**number for number in range(self.attempts - 1))
        return sum(min(wait, most) for wait in waits)

    def check_waits(self) -> Iterator[Problem]:
        """Check that the waits can become as long as they may."""
        if self.most_wait_seconds is not None and self.most_wait_seconds <= self.first_wait_seconds:
            rule = f"be more than first_wait_seconds ({self.first_wait_seconds:,})"
            yield self.problem("most_wait_seconds", rule, "Step Functions refuses it")


class CapacityStep(Settings):
    """A job queue that a stage is tried on, before the next one is."""

    job_queue: Annotated[ShortName, RefersTo("job_queues")]
    """one that the job definition may use [one of the environment's job_queues; required]"""
    attempts: int = Field(default=1, ge=1, le=10)
    """submissions in all; each has the attempts of the job definition [from 1 to 10; default 1]"""
    timeout_seconds: int | None = Field(default=None, ge=60, le=MOST_SECONDS)
    """of one submission, the wait for capacity included; then it is ended, and the next step begins; None: it waits
    until there is capacity [from 60 to 31,536,000; default None]"""
