from modules.batch.settings.submissions import JobRequest
from modules.events.matching import EndsWith, EqualsIgnoreCase, Match, StartsWith
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import JobStage, MessageStage, QueueStage
from modules.targets.settings import QueueMessage
from tests.problems import refused

ANY = JobRequest(job_definition="any")
ARRAY = JobRequest(job_definition="any", array_size=2)
STEPS = [CapacityStep(job_queue="spot", attempts=2, timeout_seconds=600), CapacityStep(job_queue="on-demand")]


def test_only_children_of_arrays_wait_for_children() -> None:
    assert refused(JobStage, job=ANY, n_to_n=["embed"]) == ["n_to_n: got ['embed']"]
    assert JobStage(job=ARRAY, n_to_n=["embed"]).waits_for == ("embed",)


def test_a_job_depends_on_as_many_others_as_batch_takes() -> None:
    names = [f"stage-{number}" for number in range(21)]
    sequential = JobRequest(job_definition="any", array_size=2, sequential=True)
    assert JobStage(job=ARRAY, n_to_n=names[:20])
    assert refused(JobStage, job=ARRAY, n_to_n=names) == ["n_to_n: 20, got 21"]
    assert JobStage(job=sequential, n_to_n=names[:19])
    assert refused(JobStage, job=sequential, n_to_n=names[:20]) == ["n_to_n: 19, got 20"]


def test_with_steps_of_capacity_each_step_says_what_it_does() -> None:
    assert refused(JobStage, job=ANY, capacity=STEPS, retry=StageRetry()) == ["retry: got a StageRetry"]
    assert refused(JobStage, job=ANY, capacity=STEPS, timeout_seconds=60) == ["timeout_seconds: got 60"]
    elsewhere = JobRequest(job_definition="any", job_queue="gpu")
    assert refused(JobStage, job=elsewhere, capacity=STEPS) == ["job.job_queue: got 'gpu'"]


def test_a_stage_takes_as_long_as_all_its_attempts_and_the_waits_between_them() -> None:
    retry = StageRetry(attempts=3, first_wait_seconds=10, backoff_rate=1.0)
    assert JobStage(job=ANY).most_seconds(100) == 100
    assert JobStage(job=ANY, timeout_seconds=30).most_seconds(100) == 30
    assert JobStage(job=ANY, retry=retry).most_seconds(100) == 3 * 100 + 20
    assert JobStage(job=ANY, capacity=STEPS).most_seconds(100) == 2 * 600 + 100
    assert QueueStage(queue="requests", timeout_seconds=60).most_seconds(100) == 60
    assert MessageStage(message=QueueMessage(queue="requests")).most_seconds(100) == 0


def test_a_wait_looks_once_more_when_its_time_is_over() -> None:
    assert QueueStage(queue="requests", poll_seconds=60, timeout_seconds=120).polls == 2
    assert QueueStage(queue="requests", poll_seconds=60, timeout_seconds=121).polls == 3


def test_an_answer_is_not_tried_again() -> None:
    assert JobStage(job=ANY, accepted_exit_codes=[1, 255])
    assert refused(JobStage, job=ANY, accepted_exit_codes=[0, 256]) == [
        "accepted_exit_codes[0]: 1, 255, got 0",
        "accepted_exit_codes[1]: 1, 255, got 256",
    ]
    assert refused(JobStage, job=ANY, accepted_exit_codes=[3], retry=StageRetry()) == ["retry: got a StageRetry"]
    assert refused(JobStage, job=ANY, accepted_exit_codes=[3], capacity=STEPS) == ["accepted_exit_codes: got [3]"]


def test_results_are_compared_as_they_are_written() -> None:
    assert JobStage(job=ANY, only_if_results={"a.body": ["x", StartsWith(text="x")]})
    matches: tuple[Match, ...] = (
        StartsWith(text="x", ignore_case=True),
        EndsWith(text="x", ignore_case=True),
        EqualsIgnoreCase(text="x"),
    )
    for match in matches:
        [problem] = refused(JobStage, job=ANY, only_if_results={"a.body": ["x", match]})
        assert problem.startswith("only_if_results.a.body[1]: got ")
    assert refused(JobStage, job=ANY, only_if_results={"a": ["x"]}) == ["only_if_results.a: got 'a'"]
