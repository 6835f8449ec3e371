"""Where tasks run: shares of capacity providers.

Source: CapacityProviderStrategyItem in the ECS API reference.
"""

from collections.abc import Iterator, Sequence

from pydantic import Field

from modules.problems import Problem, format_value
from modules.settings import Settings

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
MAX_SHARES = 20


class CapacityShare(Settings):
    """How many tasks one capacity provider gets: ``base`` first, then its part of the rest by ``weight``."""

    provider: str = Field(pattern=r"^(FARGATE|FARGATE_SPOT|[a-z][a-z0-9]*(-[a-z0-9]+)*)$")
    """FARGATE, FARGATE_SPOT or one of the cluster's capacity_providers [required]"""
    weight: int = Field(default=1, ge=0, le=1_000)
    """its part of what base leaves; 0: base only [from 0 to 1,000; default 1]"""
    base: int = Field(default=0, ge=0, le=100_000)
    """so many run here before weights count; one share may have it [from 0 to 100,000; default 0]"""


def strategy_problems(path: str, shares: Sequence[CapacityShare]) -> Iterator[Problem]:
    """Check what ECS asks of a strategy; none is the cluster's default."""
    if not shares:
        return
    names = [share.provider for share in shares]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(f"{path}[{index}].provider", "be named once", repr(name), fix="add up the weights")
    if not any(share.weight for share in shares):
        reason = "otherwise ECS refuses the capacity provider strategy"
        yield Problem(path, "have a weight above 0", format_value([share.weight for share in shares]), reason)
    based = [share.provider for share in shares if share.base]
    if len(based) > 1:
        rule = "have a base in one share only"
        yield Problem(path, rule, ", ".join(based), "otherwise ECS refuses the capacity provider strategy")
    if len(set(names) & set(FARGATE_PROVIDERS)) not in {0, len(set(names))}:
        rule = "not mix Fargate with instances"
        yield Problem(path, rule, ", ".join(names), "otherwise ECS refuses the capacity provider strategy")
