"""Every rule of retries, on both edges and one step outside, with its whole message."""

from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from tests.problems import refused


def test_retries_are_one_to_ten_and_the_rules_at_most_five() -> None:
    rule = RetryRule(action="EXIT", on_exit_code="1")
    assert RetryStrategy(attempts=1)
    assert RetryStrategy(attempts=10, evaluate_on_exit=[rule] * 5)
    assert refused(lambda: RetryStrategy(attempts=11, evaluate_on_exit=[rule] * 6)) == [
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
        ("RETRY", "CannotPull*"),
        ("EXIT", "*"),
    ]
