"""Every rule of retries, on both edges and one step outside, with its whole message."""

from fnmatch import fnmatchcase

import pytest

from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from tests.modules.batch.samples import ec2_job, fargate_job
from tests.problems import refused


def test_retries_are_one_to_ten_and_the_rules_at_most_five() -> None:
    rules = [RetryRule(action="EXIT", on_exit_code=str(code)) for code in range(6)]
    assert RetryStrategy(attempts=1)
    assert RetryStrategy(attempts=10, evaluate_on_exit=rules[:5])
    assert refused(lambda: RetryStrategy(attempts=11, evaluate_on_exit=rules)) == [
        "attempts: 1, 10, got 11",
        "evaluate_on_exit: 5, got 6",
    ]
    assert refused(lambda: RetryStrategy(attempts=0)) == ["attempts: 1, 10, got 0"]


def test_a_retry_rule_has_a_pattern_that_batch_can_read() -> None:
    assert refused(lambda: RetryRule(action="EXIT")) == ["on_reason"]
    assert refused(lambda: RetryRule(action="EXIT", on_exit_code="1x")) == ["on_exit_code: got '1x'"]
    assert refused(lambda: RetryRule(action="EXIT", on_reason="a*b")) == ["on_reason: got 'a*b'"]
    assert RetryRule(action="EXIT", on_reason="x" * 511 + "*")
    assert refused(lambda: RetryRule(action="EXIT", on_reason="x" * 513)) == [f"on_reason: 512, got '{'x' * 75} ..."]


def test_the_spot_preset_gives_up_only_on_what_is_the_jobs_own_fault() -> None:
    rules = SpotRetryStrategy().evaluate_on_exit

    assert [(rule.action, rule.on_status_reason or rule.on_reason) for rule in rules] == [
        ("RETRY", "Host EC2*"),
        ("RETRY", "Your Spot Task was interrupted*"),
        ("RETRY", "Cannot*"),
        ("RETRY", "DockerTimeoutError*"),
        ("EXIT", "*"),
    ]


@pytest.mark.parametrize(
    ("status_reason", "reason", "action"),
    [
        ("Host EC2 (instance i-0) terminated.", None, "RETRY"),
        ("Your Spot Task was interrupted.", None, "RETRY"),
        ("Task failed to start", "CannotPullContainerError: timeout", "RETRY"),
        ("Task failed to start", "CannotInspectContainerError: Could not transition", "RETRY"),
        ("Task failed to start", "CannotCreateContainerError: API error", "RETRY"),
        ("Task failed to start", "DockerTimeoutError: Could not transition to created", "RETRY"),
        ("Essential container in task exited", "OutOfMemoryError: Container killed", "EXIT"),
        ("Essential container in task exited", None, "EXIT"),
    ],
)
def test_faults_of_the_host_are_retried(status_reason: str, reason: str | None, action: str) -> None:
    def matches(pattern: str | None, text: str | None) -> bool:
        return pattern is None or fnmatchcase(text or "", pattern)

    first = next(
        rule.action
        for rule in SpotRetryStrategy().evaluate_on_exit
        if matches(rule.on_status_reason, status_reason) and matches(rule.on_reason, reason)
    )
    assert first == action


RECLAIMED = RetryRule(action="RETRY", on_status_reason="Host EC2*")
PULLED = RetryRule(action="RETRY", on_reason="CannotPull*")
ANYTHING = RetryRule(action="EXIT", on_reason="*")


@pytest.mark.parametrize(
    ("attempts", "rules", "messages"),
    [
        (2, [RECLAIMED, ANYTHING], []),
        (1, [], []),
        (1, [RECLAIMED], ["attempts: 2, 1, got 1"]),
        (2, [ANYTHING], ["attempts: 1, got 2"]),
        (1, [ANYTHING], ["attempts: 2, 1, got 1"]),
        (2, [RetryRule(action="RETRY", on_reason="*"), RECLAIMED], ["evaluate_on_exit[1]: got a RetryRule with RETRY"]),
        (
            2,
            [ANYTHING, RECLAIMED],
            ["evaluate_on_exit[1]: got a RetryRule with RETRY", "attempts: 1, got 2"],
        ),
        (
            2,
            [RetryRule(action="RETRY", on_reason="Cannot*"), PULLED],
            ["evaluate_on_exit[1]: got a RetryRule with RETRY"],
        ),
        (2, [PULLED, RetryRule(action="RETRY", on_reason="Cannot*")], []),
        (2, [PULLED, PULLED], ["evaluate_on_exit[1]: got a RetryRule with RETRY"]),
        (
            2,
            [RetryRule(action="EXIT", on_exit_code="1", on_reason="A*"), RetryRule(action="RETRY", on_exit_code="1")],
            [],
        ),
    ],
)
def test_a_rule_that_can_never_act_is_refused(attempts: int, rules: list[RetryRule], messages: list[str]) -> None:
    if messages:
        assert refused(RetryStrategy, attempts=attempts, evaluate_on_exit=rules) == messages
    else:
        assert RetryStrategy(attempts=attempts, evaluate_on_exit=rules)


def test_jobs_on_fargate_and_on_instances_end_each_in_their_way() -> None:
    task = RetryRule(action="RETRY", on_status_reason="Your Spot Task was interrupted*")
    where = "retry.evaluate_on_exit[0].on_status_reason"
    for job, right, wrong in ((fargate_job, task, RECLAIMED), (ec2_job, RECLAIMED, task)):
        assert job(retry=RetryStrategy(attempts=2, evaluate_on_exit=[right]))
        assert job(retry=SpotRetryStrategy())
        assert refused(job, retry=RetryStrategy(attempts=2, evaluate_on_exit=[wrong])) == [
            f"{where}: got {wrong.on_status_reason!r}"
        ]
