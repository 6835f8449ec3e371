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


PATTERNS = ("on_status_reason", "on_reason", "on_exit_code")


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
        if all(getattr(self, name) is None for name in PATTERNS):
            fix = 'to match everything, give on_reason="*"'
            yield Problem("on_reason", "be given where no other pattern is", None, fix=fix)

    def covers(self, other: "RetryRule") -> bool:
        """Return whether it matches whatever ``other`` does."""
        return all(_covers(getattr(self, name), getattr(other, name)) for name in PATTERNS)


class RetryStrategy(Settings):
    """How many attempts a job has, and which failures are worth one. The first rule that matches decides."""

    attempts: int = Field(ge=1, le=10)
    """1: no retry; a job that reached its timeout is never retried [from 1 to 10; required]"""
    evaluate_on_exit: Sequence[RetryRule] = Field(default=(), max_length=5)
    """in this order; what matches none is retried [at most 5 items; default empty]"""

    def check_retry_rules(self) -> Iterator[Problem]:
        """Check that each rule can act: that there is another attempt, and no rule before it that is for all of it."""
        rules = self.evaluate_on_exit
        if rules and self.attempts == 1:
            rule = f"be at least 2 where evaluate_on_exit has rules ({len(rules)})"
            yield self.problem("attempts", rule, "the job is never retried")
        for index, later in enumerate(rules):
            if (first := next((at for at in range(index) if rules[at].covers(later)), None)) is not None:
                rule = f"come before evaluate_on_exit[{first}], which matches everything that it matches"
                got = f"a RetryRule with {later.action}"
                yield Problem(f"evaluate_on_exit[{index}]", rule, got, "the first rule that matches decides")
        if self.attempts > 1 and rules and rules[0].action == "EXIT" and rules[0].covers(ANY_END):
            rule = "be 1 where the first rule of evaluate_on_exit always exits"
            yield self.problem("attempts", rule, "the job is never retried")

    def foreign_rule_problems(self, foreign_reason: str) -> Iterator[Problem]:
        """Yield rules for how jobs end elsewhere only; SpotRetryStrategy has those of all capacity."""
        if isinstance(self, SpotRetryStrategy):
            return
        for index, item in enumerate(self.evaluate_on_exit):
            if (item.on_status_reason or "").startswith(foreign_reason):
                path, rule = f"evaluate_on_exit[{index}].on_status_reason", f"not start with {foreign_reason!r} here"
                yield self.problem(path, rule, "jobs there never end with that reason", "use SpotRetryStrategy")


ANY_END = RetryRule(action="EXIT", on_reason="*")


def _covers(pattern: str | None, other: str | None) -> bool:
    if pattern in (None, "*"):
        return True
    return other is not None and (other.startswith(pattern[:-1]) if pattern.endswith("*") else other == pattern)


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
