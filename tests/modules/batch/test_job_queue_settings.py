"""Every rule of queues and shares, on both edges and one step outside, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.job_queues import FairSharePolicySettings, JobQueueSettings, JobStateTimeLimits
from modules.problems import format_value
from tests.problems import refused

LIMITS = ("insufficient_capacity_seconds", "exceeds_environments_seconds", "unmet_requirement_seconds")


@pytest.mark.parametrize("names", [("a",), ("a", "b", "c")])
def test_a_queue_has_one_to_three_environments(names: tuple[str, ...]) -> None:
    assert tuple(JobQueueSettings(compute_environments=names).compute_environments) == names


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"compute_environments": ()}, "compute_environments: 1, got 0"),
        (
            {"compute_environments": ("a", "b", "c", "d")},
            "compute_environments: 3, got 4",
        ),
        (
            {"compute_environments": ("a", "b", "a")},
            "compute_environments[2]: got 'a'",
        ),
        (
            {"compute_environments": ("a",), "priority": -1},
            "priority: 0, 1,000, got -1",
        ),
        ({"compute_environments": ("a",), "priority": 1_001}, "priority: 0, 1,000, got 1,001"),
    ],
)
def test_other_queues_are_refused(values: dict[str, Any], message: str) -> None:
    assert refused(lambda: JobQueueSettings(**values)) == [message]


def test_by_default_no_job_waits_for_ever() -> None:
    limits = JobQueueSettings(compute_environments=("a",)).job_state_time_limits
    assert {name: getattr(limits, name) for name in LIMITS} == {
        "insufficient_capacity_seconds": 86_400,
        "exceeds_environments_seconds": 3_600,
        "unmet_requirement_seconds": 3_600,
    }
    assert tuple(JobStateTimeLimits.model_fields) == LIMITS


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seconds", [600, 86_400, None])
def test_a_time_limit_is_ten_minutes_to_a_day_or_none(limit: str, seconds: int | None) -> None:
    values: dict[str, Any] = {limit: seconds}
    assert getattr(JobStateTimeLimits(**values), limit) == seconds


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("seconds", [599, 86_401])
def test_another_time_limit_is_refused(limit: str, seconds: int) -> None:
    values: dict[str, Any] = {limit: seconds}
    assert refused(lambda: JobStateTimeLimits(**values)) == [f"{limit}: 600, 86,400, got {seconds:,}"]


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


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"shares": {"a": 0.00009}}, "shares.a: 0.0001, 999.9999, got 9e-05"),
        ({"shares": {"a": 1000.0}}, "shares.a: 0.0001, 999.9999, got 1000.0"),
        ({"share_decay_seconds": -1}, "share_decay_seconds: 0, 604,800, got -1"),
        (
            {"share_decay_seconds": 604_801},
            "share_decay_seconds: 0, 604,800, got 604,801",
        ),
        ({"compute_reservation": -1}, "compute_reservation: 0, 99, got -1"),
        ({"compute_reservation": 100}, "compute_reservation: 0, 99, got 100"),
        (
            {"shares": {"UserA*": 1.0, "UserA1": 1.0}},
            "shares.UserA1: got 'UserA1'",
        ),
        (
            {"shares": {"User*": 1.0, "UserA*": 1.0}},
            "shares.UserA*: got 'UserA*'",
        ),
        (
            {"shares": {"UserA": 1.0, "UserA*": 1.0}},
            "shares.UserA*: got 'UserA*'",
        ),
    ],
)
def test_what_batch_refuses_is_refused(values: dict[str, Any], message: str) -> None:
    assert refused(lambda: FairSharePolicySettings(**values)) == [message]


@pytest.mark.parametrize("share", ["", "*", "a-b", "a*b", "x" * 256, "x" * 255 + "*"])
def test_a_share_identifier_is_letters_and_digits(share: str) -> None:
    assert refused(FairSharePolicySettings, shares={share: 1.0}) == [f"shares.{share}: got {format_value(share)}"]


def test_there_are_at_most_five_hundred_shares() -> None:
    shares = {f"s{index:03}": 1.0 for index in range(501)}
    assert refused(lambda: FairSharePolicySettings(shares=shares)) == ["shares: 500, got 501"]
