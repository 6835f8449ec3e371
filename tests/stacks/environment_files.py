"""A good environment file, and what is reported of files that are not."""

import pytest

from stacks.loading import EnvironmentsError, load_environments

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


def reported(package: str) -> list[tuple[str, str | None]]:
    """Return every line that is printed, and the place beside it."""
    with pytest.raises(EnvironmentsError) as raised:
        load_environments(package=package)
    return [
        (f"{error.subject}: {problem}", problem.where) for error in raised.value.errors for problem in error.problems
    ]


def doctored(find: str, replacement: str) -> str:
    assert GOOD.count(find) == 1
    return GOOD.replace(find, replacement)
