"""A good environment file, and what is reported of files that are not."""

import pytest

from stacks.loading import EnvironmentsError, load_environments
from tests.problems import in_short

GOOD = """\
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.state import LocalState

DEV = Environment(
    name="dev",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=LocalState(),
    queues={
        "requests": MessageQueueSettings(visibility_timeout_seconds=60),
    },
)
"""
# The line of whatever is appended to it.
AFTER = len(GOOD.splitlines()) + 1


def reported(package: str) -> list[tuple[str, str | None]]:
    """Return every problem, led by what it is of, and the place beside it."""
    with pytest.raises(EnvironmentsError) as raised:
        load_environments(package=package)
    return [
        (f"{error.subject}: {short}", problem.where)
        for error in raised.value.errors
        for short, problem in zip(in_short(error.problems), error.problems, strict=True)
    ]


def doctored(find: str, replacement: str) -> str:
    assert GOOD.count(find) == 1
    return GOOD.replace(find, replacement)
