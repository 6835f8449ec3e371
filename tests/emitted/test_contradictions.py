"""That the search finds rules which exclude each other, and finds none. ``make emitted`` searches all classes."""

from collections.abc import Iterator

import pytest

from modules.batch.settings.retries import RetryStrategy, SpotRetryStrategy
from modules.efs.settings import FileSystemSettings
from modules.problems import Problem, format_value
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings
from reference.classes import settings_classes
from tests.emitted.contradictions import UNREACHED, contradictions
from tests.emitted.generated import bases

SEARCHED = (DeadLetterQueueSettings, FileSystemSettings, MessageQueueSettings, RetryStrategy, SpotRetryStrategy)


def test_every_edge_of_a_setting_is_one_that_some_environment_can_have() -> None:
    assert list(contradictions(SEARCHED)) == []


def test_rules_that_exclude_each_other_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept_longer_than_anything(queue: MessageQueueSettings) -> Iterator[Problem]:
        kept, dead = queue.message_retention_seconds, queue.own_dead_letter_queue
        if dead is None:
            yield Problem("max_receive_count", "be given", None)
        elif dead.message_retention_seconds <= kept:
            rule = f"exceed message_retention_seconds ({kept:,})"
            got = format_value(dead.message_retention_seconds)
            yield Problem("dead_letter_queue.message_retention_seconds", rule, got)

    bases()  # which are good by the rules that there are
    # Nothing can be kept longer than the largest retention that SQS has.
    monkeypatch.setattr(MessageQueueSettings, "check_dead_letter_retention", kept_longer_than_anything)
    found = {(item.setting, item.value) for item in contradictions([MessageQueueSettings])}
    assert ("MessageQueueSettings.message_retention_seconds", 1_209_600) in found


def test_what_is_left_out_of_the_search_is_there() -> None:
    names = {f"{kind.__name__}.{name}" for kind in settings_classes() for name in kind.model_fields}
    assert set(UNREACHED) <= names
