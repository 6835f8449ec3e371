"""Every rule of queues and shares, on both edges and one step outside, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings, JobStateTimeLimits
from tests.problems import problems

LIMITS = {
    "insufficient_capacity_seconds": "AWS has no such instance at the moment; None: wait indefinitely",
    "exceeds_environments_seconds": "no environment is large enough, which waiting never changes; None: wait "
    "indefinitely",
    "unmet_requirement_seconds": "no instance type has what the job asks for; None: wait indefinitely",
}
ORDER = "tried in this order: Spot first and on demand last, for instance"


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_a_queue_has_one_to_three_environments(names: tuple[str, ...]) -> None:
    assert tuple(JobQueueSettings(compute_environments=names).compute_environments) == names


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"compute_environments": ()}, f"compute_environments must have at least 1 item, got 0; {ORDER}"),
        (
            {"compute_environments": ("a", "b", "c", "d")},
            f"compute_environments must have at most 3 items, got 4; {ORDER}",
        ),
        (
            {"compute_environments": ("a", "b", "a")},
            "compute_environments[2] must be named once, got 'a'; Batch refuses the queue",
        ),
        (
            {"compute_environments": ("a",), "priority": -1},
            "priority must be at least 0, got -1; among queues that share an environment, the highest is served first, "
            "always",
        ),
    ],
)
def test_other_queues_are_refused(values: dict[str, Any], message: str) -> None:
    assert problems(lambda: JobQueueSettings(**values)) == [message]


def test_by_default_no_job_waits_for_ever() -> None:
    limits = JobQueueSettings(compute_environments=("a",)).job_state_time_limits
    assert {name: getattr(limits, name) for name in LIMITS} == {
        "insufficient_capacity_seconds": 86_400,
        "exceeds_environments_seconds": 3_600,
        "unmet_requirement_seconds": 3_600,
    }
    assert list(JobStateTimeLimits.model_fields) == list(LIMITS)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seconds", [600, 86_400, None])
def test_a_time_limit_is_ten_minutes_to_a_day_or_none(limit: str, seconds: int | None) -> None:
    values: dict[str, Any] = {limit: seconds}
    assert getattr(JobStateTimeLimits(**values), limit) == seconds


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seconds", [599, 86_401])
def test_another_time_limit_is_refused(limit: str, seconds: int) -> None:
    values: dict[str, Any] = {limit: seconds}
    assert problems(lambda: JobStateTimeLimits(**values)) == [
        f"{limit} must be from 600 to 86,400 seconds, got {seconds:,}; {LIMITS[limit]}"
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"shares": {"a": 0.0001, "b": 999.9999, "c": 1}},
        {"shares": {"UserA": 1.0, "UserB*": 1.0, "userA": 1.0}},
        {"shares": {"UserA": 1.0, "UserA1": 1.0}},
        {"shares": {"x" * 255: 1.0}},
        {"shares": {"x" * 254 + "*": 1.0}},
        {"shares": {f"s{index:03}": 1.0 for index in range(500)}},
        {"share_decay_seconds": 0},
        {"share_decay_seconds": 604_800},
        {"compute_reservation": 0},
        {"compute_reservation": 99},
    ],
)
def test_fair_shares_have_wide_limits(values: dict[str, Any]) -> None:
    assert FairSharePolicySettings(**values)


WEIGHTS = "weights by share identifier, 1.0 for one that is not here; 0.125 gets eight times what 1.0 gets"
DECAY = "how long past use counts against a share; 0: ten minutes"
RESERVED = "kept free for shares that are not active: (this / 100) to the number of active shares"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"shares": {"a": 0.00009}}, f"shares.a must be at least 0.0001, got 9e-05; {WEIGHTS}"),
        ({"shares": {"a": 1000.0}}, f"shares.a must be at most 999.9999, got 1000.0; {WEIGHTS}"),
        ({"share_decay_seconds": -1}, f"share_decay_seconds must be from 0 to 604,800 seconds, got -1; {DECAY}"),
        (
            {"share_decay_seconds": 604_801},
            f"share_decay_seconds must be from 0 to 604,800 seconds, got 604,801; {DECAY}",
        ),
        ({"compute_reservation": -1}, f"compute_reservation must be from 0 to 99, got -1; {RESERVED}"),
        ({"compute_reservation": 100}, f"compute_reservation must be from 0 to 99, got 100; {RESERVED}"),
        (
            {"shares": {"UserA*": 1.0, "UserA1": 1.0}},
            "shares.UserA1 must not overlap with UserA*, got 'UserA1'; a job would belong to both shares",
        ),
        (
            {"shares": {"User*": 1.0, "UserA*": 1.0}},
            "shares.UserA* must not overlap with User*, got 'UserA*'; a job would belong to both shares",
        ),
        (
            {"shares": {"UserA": 1.0, "UserA*": 1.0}},
            "shares.UserA* must not overlap with UserA, got 'UserA*'; a job would belong to both shares",
        ),
    ],
)
def test_what_batch_refuses_is_refused(values: dict[str, Any], message: str) -> None:
    assert problems(lambda: FairSharePolicySettings(**values)) == [message]


@pytest.mark.parametrize("share", ["", "*", "a-b", "a*b", "x" * 256, "x" * 255 + "*"])
def test_a_share_identifier_is_letters_and_digits(share: str) -> None:
    (message,) = problems(lambda: FairSharePolicySettings(shares={share: 1.0}))
    assert "must match ^[0-9A-Za-z]{1,254}[0-9A-Za-z*]?$" in message


def test_there_are_at_most_five_hundred_shares() -> None:
    shares = {f"s{index:03}": 1.0 for index in range(501)}
    assert problems(lambda: FairSharePolicySettings(shares=shares)) == [
        f"shares must have at most 500 items, got 501; {WEIGHTS}"
    ]
