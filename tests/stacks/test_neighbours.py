from typing import Any

import pytest

from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.neighbours import shared_names
from stacks.state import LocalState
from tests.stacks.conftest import Package
from tests.stacks.environment_files import GOOD, reported

QUEUE = MessageQueueSettings(visibility_timeout_seconds=60)
ACCOUNT: dict[str, Any] = {
    "account_id": "111122223333",
    "region": "us-east-1",
    "production": False,
    "state": LocalState(),
}


def found(*environments: dict[str, Any]) -> list[str]:
    return [str(error) for error in shared_names([Environment(**ACCOUNT | values) for values in environments])]


def test_two_environments_that_give_one_name_are_refused() -> None:
    assert found(
        {"name": "eu", "queues": {"gpu-requests": QUEUE, "requests": QUEUE}},
        {"name": "eu-gpu", "queues": {"requests": QUEUE}},
    ) == [
        "eu-gpu: queues.requests must be given another name than queues.gpu-requests of eu; "
        "both would be terrabatch-eu-gpu-requests in account 111122223333, and the second is the first"
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"queues": {"answers": QUEUE}},
        {"account_id": "222233334444"},
        {"project": "research"},
        {"name": "us-gpu"},
        {"tags": {"gpu-requests": "x"}, "queues": {}},
    ],
)
def test_what_differs_anywhere_is_told_apart(other: dict[str, Any]) -> None:
    first = {"name": "eu", "queues": {"gpu-requests": QUEUE}}
    assert found(first, {"name": "eu-gpu", "queues": {"requests": QUEUE}} | other) == []


def test_loading_holds_environments_against_each_other(package: Package) -> None:
    other = GOOD.replace("DEV", "DEV_B").replace('"dev"', '"dev-b"')
    ours = GOOD.replace('"requests"', '"b-requests"')
    assert reported(package(dev=ours, dev_b=other)) == [
        (
            "dev-b: queues.requests must be given another name than queues.b-requests of dev; "
            "both would be terrabatch-dev-b-requests in account 111122223333, and the second is the first",
            "doctored/dev_b.py:1",
        )
    ]
