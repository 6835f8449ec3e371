"""Every rule of retries, on both edges and one step outside, with its whole message."""

from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from tests.problems import problems


def test_retries_are_one_to_ten_and_the_rules_at_most_five() -> None:
    rule = RetryRule(action="EXIT", on_exit_code="1")
    assert RetryStrategy(attempts=1)
    assert RetryStrategy(attempts=10, evaluate_on_exit=[rule] * 5)
    assert problems(lambda: RetryStrategy(attempts=11, evaluate_on_exit=[rule] * 6)) == [
        "attempts must be from 1 to 10, got 11; 1: no retry; a job that reached its timeout is never retried",
        "evaluate_on_exit must have at most 5 items, got 6; in this order; what matches none is retried",
    ]
    assert problems(lambda: RetryStrategy(attempts=0)) == [
        "attempts must be from 1 to 10, got 0; 1: no retry; a job that reached its timeout is never retried"
    ]


def test_a_retry_rule_has_a_pattern_that_batch_can_read() -> None:
    assert problems(lambda: RetryRule(action="EXIT")) == [
        'on_reason must be given where no other pattern is; a rule for everything has on_reason="*"'
    ]
    assert problems(lambda: RetryRule(action="EXIT", on_exit_code="1x")) == [
        "on_exit_code must match ^[0-9]*\\*?$, got '1x'; the container's exit code; may end in *"
    ]
    assert problems(lambda: RetryRule(action="EXIT", on_reason="a*b")) == [
        "on_reason must match ^[0-9A-Za-z.:\\s]*\\*?$, got 'a*b'; the container's reason; may end in *"
    ]
    assert RetryRule(action="EXIT", on_reason="x" * 511 + "*")
    assert problems(lambda: RetryRule(action="EXIT", on_reason="x" * 513)) == [
        f"on_reason must have at most 512 characters, got '{'x' * 75} ...; the container's reason; may end in *"
    ]


def test_the_spot_preset_gives_up_only_on_what_is_the_jobs_own_fault() -> None:
    rules = SpotRetryStrategy().evaluate_on_exit

    assert [(rule.action, rule.on_status_reason or rule.on_reason) for rule in rules] == [
        ("RETRY", "Host EC2*"),
        ("RETRY", "Your Spot Task was interrupted*"),
        ("RETRY", "CannotPull*"),
        ("EXIT", "*"),
    ]
