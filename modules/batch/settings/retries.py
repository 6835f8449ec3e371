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


# How the status reason of a job begins whose host was taken away: an instance, or a task on Fargate Spot.
RECLAIMED_INSTANCE = "Host EC2"
RECLAIMED_TASK = "Your Spot Task was interrupted"


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

    def check_retry_rules(self) -> Iterator[Problem]:
        """Check that each rule can act: that there is another attempt, and no rule before it that is for all of it."""
        if self.evaluate_on_exit and self.attempts == 1:
            count = len(self.evaluate_on_exit)
            rule = f"be at least 2 where evaluate_on_exit has rules ({count})"
            yield Problem("attempts", rule, "1", "the job is not tried again, whatever they say")
        for index, later in enumerate(self.evaluate_on_exit):
            first = next((at for at in range(index) if _covers(self.evaluate_on_exit[at], later)), None)
            if first is not None:
                yield Problem(
                    f"evaluate_on_exit[{index}]",
                    f"come before evaluate_on_exit[{first}], which is for all that it is for",
                    f"a RetryRule with {later.action}",
                    "the first rule that matches decides",
                )
        first_rule = next(iter(self.evaluate_on_exit), None)
        if self.attempts > 1 and first_rule and first_rule.action == "EXIT" and _is_for_all(first_rule):
            rule = "be 1 where the first rule of evaluate_on_exit is to exit whatever happened"
            yield Problem("attempts", rule, f"{self.attempts}", "the job is never tried again")

    def foreign_rules(self, foreign_reason: str) -> Iterator[Problem]:
        """Yield rules for how jobs end elsewhere only; SpotRetryStrategy has those of all capacity."""
        if isinstance(self, SpotRetryStrategy):
            return
        for index, item in enumerate(self.evaluate_on_exit):
            if item.on_status_reason is not None and item.on_status_reason.startswith(foreign_reason):
                yield Problem(
                    f"evaluate_on_exit[{index}].on_status_reason",
                    f"not start with {foreign_reason!r} here",
                    repr(item.on_status_reason),
                    "such jobs never end so",
                    fix="use SpotRetryStrategy",
                )


PATTERNS = ("on_status_reason", "on_reason", "on_exit_code")


def _covers(rule: RetryRule, other: RetryRule) -> bool:
    """Return whether ``rule`` matches whatever ``other`` does."""
    return all(
        pattern in (None, "*") or _matches_all_of(pattern, getattr(other, name))
        for name in PATTERNS
        for pattern in [getattr(rule, name)]
    )


def _is_for_all(rule: RetryRule) -> bool:
    return all(getattr(rule, name) in (None, "*") for name in PATTERNS)


def _matches_all_of(pattern: str, other: str | None) -> bool:
    if other is None:
        return False
    return other.startswith(pattern[:-1]) if pattern.endswith("*") else other == pattern


class SpotRetryStrategy(RetryStrategy):
    """Retry what is the capacity's fault (host reclaimed, image not pulled, Docker not answering), give up on the rest.

    What starts with Cannot is mostly the host's fault, sometimes the job's: a program that is not in the image.
    """

    attempts: int = Field(default=5, ge=2, le=10)
    """reclaimed hosts count as attempts [from 2 to 10; default 5]"""
    evaluate_on_exit: Sequence[RetryRule] = Field(
        default=(
            RetryRule(action="RETRY", on_status_reason=f"{RECLAIMED_INSTANCE}*"),
            RetryRule(action="RETRY", on_status_reason=f"{RECLAIMED_TASK}*"),
            RetryRule(action="RETRY", on_reason="Cannot*"),
            RetryRule(action="RETRY", on_reason="DockerTimeoutError*"),
            RetryRule(action="EXIT", on_reason="*"),
        ),
        max_length=5,
    )
    """in this order; what matches none is retried [at most 5 items; default a RetryRule, a RetryRule, a RetryRule, a
    RetryRule, a RetryRule]"""
