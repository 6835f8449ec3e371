from modules.targets.settings import FunctionCall, QueueMessage
from tests.problems import refused


def test_a_function_gets_json() -> None:
    assert FunctionCall(function="notify", payload='{"day": "today"}')
    assert refused(lambda: FunctionCall(function="notify", payload="today")) == ["payload: got 'today'"]


def test_a_group_id_is_as_short_as_rules_take_it() -> None:
    assert QueueMessage(queue="results", message_group_id="g" * 100)
    assert refused(lambda: QueueMessage(queue="results", message_group_id="g" * 101))
    assert refused(lambda: QueueMessage(queue="results", message_group_id="two words"))
