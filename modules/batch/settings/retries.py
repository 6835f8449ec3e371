"""When Batch tries a failed job again.

Source: RetryStrategy and EvaluateOnExit in the Batch API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.problems import Problem
from modules.settings import Sequence, Settings

ReasonPattern = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.:\s]*\*?$", min_length=1, max_length=512)]
ExitCodePattern = Annotated[str, StringConstraints(pattern=r"^[0-9]*\*?$", min_length=1, max_length=512)]


class RetryRule(Settings):
    """What to do about an attempt that ended in a certain way; all the patterns given must match."""

    action: Literal["RETRY", "EXIT"]
    """RETRY counts as an attempt; EXIT fails the job [one of 'RETRY', 'EXIT'; required]"""
    on_status_reason: ReasonPattern | None = None
    """the job's status reason; may end in * [1 to 512 characters; default None]"""
    on_reason: ReasonPattern | None = None
    """the container's reason; may end in * [1 to 512 characters; default None]"""
    on_exit_code: ExitCodePattern | None = None
    """the container's exit code; may end in * [1 to 512 characters; default None]"""

    def check_retry_rule(self) -> Iterator[Problem]:
        """Refuse a rule without a pattern."""
        if self.on_status_reason is None and self.on_reason is None and self.on_exit_code is None:
            yield Problem(
                "on_reason", "be given where no other pattern is", None, fix='to match everything, give on_reason="*"'
            )


class RetryStrategy(Settings):
    """How many attempts a job has, and which failures are worth one. The first rule that matches decides."""

    attempts: int = Field(ge=1, le=10)
    """1: no retry; a job that reached its timeout is never retried [from 1 to 10; required]"""
    evaluate_on_exit: Sequence[RetryRule] = Field(default=(), max_length=5)
    """in this order; what matches none is retried [at most 5 items; default empty]"""


class SpotRetryStrategy(RetryStrategy):
    """Retry what is the capacity's fault (host reclaimed, image not pulled), give up on what is the job's."""

    attempts: int = Field(default=5, ge=1, le=10)
    """reclaimed hosts count as attempts [from 1 to 10; default 5]"""
    evaluate_on_exit: Sequence[RetryRule] = Field(
        default=(
            RetryRule(action="RETRY", on_status_reason="Host EC2*"),
            RetryRule(action="RETRY", on_status_reason="Your Spot Task was interrupted*"),
            RetryRule(action="RETRY", on_reason="CannotPull*"),
            RetryRule(action="EXIT", on_reason="*"),
        ),
        max_length=5,
    )
    """in this order; what matches none is retried [at most 5 items; default a RetryRule, a RetryRule, a RetryRule, a
    RetryRule]"""
