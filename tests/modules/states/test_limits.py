from modules.states.calls import count_call, receive_call
from modules.states.limits import longest_seconds, most_events
from modules.states.settings.retries import StageRetry
from modules.states.settings.stages import QueueStage, ReceiveStage
from tests.modules.states.pipelines import calls, document_of, job, pipeline
from tests.modules.states.test_results import QUEUE_URL
from tests.state_machines import client, run


def test_an_execution_takes_as_long_as_its_longest_path() -> None:
    stages = {
        "a": job(timeout_seconds=10),
        "b": job(["a"], timeout_seconds=200),
        "c": job(["a"], timeout_seconds=3_000),
        "d": job(["b", "c"], timeout_seconds=40_000),
        "e": job(array_size=2),
        "f": job(array_size=2, n_to_n=["e"]),
    }
    assert longest_seconds(stages, lambda stage: stage.most_seconds(5)) == 10 + 3_000 + 40_000


def test_jobs_that_are_submitted_together_take_as_long_as_the_longest() -> None:
    stages = {"e": job(array_size=2), "f": job(array_size=2, n_to_n=["e"]), "g": job(["f"])}
    assert longest_seconds(stages, lambda stage: 7) == 14


def test_every_attempt_and_every_look_counts_as_events() -> None:
    one = pipeline({"a": job()})
    again = pipeline({"a": job(retry=StageRetry(attempts=11))})
    events = [most_events(item, document_of(item, calls(item))) for item in (one, again)]
    assert events[1] - events[0] == 10 * 4
    waits = [
        pipeline({"q": QueueStage(queue="x", poll_seconds=10, timeout_seconds=seconds)}) for seconds in (10, 1_010)
    ]
    few, many = (most_events(item, document_of(item, {"q": [count_call("url")]})) for item in waits)
    assert many - few > 100 * 9


def test_a_look_is_eleven_events_and_what_comes_after_the_last_counts_once() -> None:
    def executed(seconds: int) -> int:
        stage = ReceiveStage(queue="x", poll_seconds=10, timeout_seconds=seconds)
        settings = pipeline({"q": stage, "a": job(["q"])})
        document = document_of(settings, {**calls(settings), "q": [receive_call(QUEUE_URL)]})
        result = run(document, prepare=lambda: client("sqs").create_queue(QueueName="answers"))
        assert 0 < result.events <= most_events(settings, document)
        return result.events

    assert executed(30) - executed(10) == 2 * 11


def test_no_execution_has_more_events_than_were_counted() -> None:
    settings = pipeline({"a": job(), "b": job(retry=StageRetry()), "c": job(["a", "b"])}, clean_up={"d": job()})
    document = document_of(settings, calls(settings))
    result = run(document, fails={"b": 1, "c": 1})
    assert 0 < result.events <= most_events(settings, document)
