import json
import re
from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.naming import AwsLocation
from modules.states.calls import count_call, job_call, message_call, pipeline_call, publish_call, report
from modules.states.document import pipeline_document
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import MessageStage, PipelineStage, QueueStage, TopicStage
from modules.targets.settings import PipelineExecution, QueueMessage, TopicMessage
from tests.modules.states.pipelines import calls, document_of, executed, job, pipeline
from tests.state_machines import ACCOUNT, REGION, client, run

SPOT_FIRST = [CapacityStep(job_queue="spot", attempts=2), CapacityStep(job_queue="on-demand")]
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/requests"


def test_stages_run_one_after_the_other() -> None:
    result = executed(pipeline({"merge": job(["embed"]), "embed": job(["shard"]), "shard": job()}))
    assert (result.status, result.jobs) == ("SUCCEEDED", ["shard", "embed", "merge"])


def test_stages_that_do_not_wait_for_each_other_are_all_done_before_what_waits_for_them() -> None:
    stages = {"images": job(), "documents": job(), "merge": job(["images", "documents"])}
    result = executed(pipeline(stages))
    assert (sorted(result.jobs[:2]), result.jobs[2:]) == (["documents", "images"], ["merge"])


def test_nothing_runs_after_a_stage_that_fails() -> None:
    result = executed(pipeline({"shard": job(), "embed": job(["shard"]), "merge": job(["embed"])}), embed=1)
    assert (result.status, result.error, result.jobs) == ("FAILED", "States.TaskFailed", ["shard", "embed"])


def test_a_stage_is_tried_again_after_longer_and_longer_waits() -> None:
    stages = {"embed": job(retry=StageRetry(attempts=4, first_wait_seconds=10, most_wait_seconds=25))}
    result = executed(pipeline(stages), embed=3)
    assert (result.status, result.jobs, result.waits) == ("SUCCEEDED", ["embed"] * 4, [10, 20, 25])


def test_a_stage_that_has_no_attempts_left_fails() -> None:
    result = executed(pipeline({"embed": job(retry=StageRetry(attempts=2, first_wait_seconds=10))}), embed=2)
    assert (result.status, result.jobs, result.waits) == ("FAILED", ["embed"] * 2, [10])


@pytest.mark.parametrize(
    ("failures", "queues", "status"),
    [
        (0, ["spot"], "SUCCEEDED"),
        (1, ["spot", "spot"], "SUCCEEDED"),
        (2, ["spot", "spot", "on-demand"], "SUCCEEDED"),
        (3, ["spot", "spot", "on-demand"], "FAILED"),
    ],
)
def test_a_stage_goes_on_to_its_next_capacity(failures: int, queues: list[str], status: str) -> None:
    result = executed(pipeline({"embed": job(capacity=SPOT_FIRST), "merge": job(["embed"])}), embed=failures)
    embedded = [call.request["jobQueue"] for call in result.calls if call.job == "embed"]
    assert (embedded, result.status) == (queues, status)
    assert ("merge" in result.jobs) == (status == "SUCCEEDED")


def test_each_step_has_its_own_timeout() -> None:
    steps = [CapacityStep(job_queue="spot", timeout_seconds=600), CapacityStep(job_queue="on-demand")]
    settings = pipeline({"embed": job(capacity=steps)})
    states = document_of(settings, calls(settings))["States"]
    assert states["embed"]["TimeoutSeconds"] == 600
    assert states["embed"]["Catch"][0]["ErrorEquals"] == ["States.TaskFailed", "States.Timeout"]
    assert "TimeoutSeconds" not in states["embed: step 2"]


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """Return a state machine whose timeouts are a second each, so that a test can wait for them."""
    return json.loads(re.sub(r'"TimeoutSeconds": \d+', '"TimeoutSeconds": 1', json.dumps(document)))  # type: ignore[no-any-return]


def test_a_stage_that_finds_no_capacity_in_time_goes_on_to_the_next() -> None:
    steps = [CapacityStep(job_queue="spot", timeout_seconds=600), CapacityStep(job_queue="on-demand")]
    settings = pipeline({"embed": job(capacity=steps)})
    document = document_of(settings, calls(settings))
    document["States"] = shortened(document["States"])
    result = run(document, waits_forever=["spot"])
    assert [call.request["jobQueue"] for call in result.calls if call.operation == "SubmitJob"] == ["spot", "on-demand"]
    assert result.status == "SUCCEEDED", result.cause


def test_a_stage_that_takes_too_long_fails_and_so_does_an_execution() -> None:
    settings = pipeline({"embed": job(timeout_seconds=600), "merge": job(["embed"])}, clean_up={"sweep": job()})
    document = document_of(settings, calls(settings))
    document["States"]["sweep"]["Parameters"]["JobQueue"] = "other"
    document["States"] = shortened(document["States"])
    result = run(document, waits_forever=["usual"])
    assert (result.error, result.cause.partition(":")[0], result.jobs) == (
        "StageFailed",
        "States.Timeout",
        ["embed", "sweep"],
    )
    assert document["TimeoutSeconds"] == settings.timeout_seconds
    endless = pipeline({"embed": job()})
    whole = run(shortened(document_of(endless, calls(endless))), waits_forever=["usual"])
    assert (whole.status, whole.jobs) == ("TIMED_OUT", ["embed"])


def test_what_cleans_up_runs_after_a_failure_only_and_the_execution_fails_all_the_same() -> None:
    settings = pipeline({"embed": job(), "merge": job(["embed"])}, clean_up={"sweep": job()})
    assert executed(settings).jobs == ["embed", "merge"]
    for failing, jobs in (("embed", ["embed", "sweep"]), ("merge", ["embed", "merge", "sweep"])):
        result = executed(settings, **{failing: 1})
        assert (result.status, result.error, result.jobs) == ("FAILED", "StageFailed", jobs)
        assert result.cause.startswith("States.TaskFailed: ")


def test_a_failure_inside_branches_is_cleaned_up_after_too() -> None:
    stages = {"images": job(), "documents": job(), "merge": job(["images", "documents"])}
    result = executed(pipeline(stages, clean_up={"sweep": job()}), images=1)
    assert (result.status, result.error, result.jobs[-1]) == ("FAILED", "StageFailed", "sweep")
    assert "merge" not in result.jobs


def test_a_clean_up_that_fails_does_not_hide_what_failed_first() -> None:
    settings = pipeline({"embed": job()}, clean_up={"sweep": job(), "report": job(["sweep"])})
    result = executed(settings, embed=1, sweep=1)
    assert (result.error, result.jobs) == ("StageFailed", ["embed", "sweep"])
    assert '"JobName": "embed"' in result.cause


def test_children_wait_for_children_of_jobs_that_are_submitted_together() -> None:
    stages = {
        "shard": job(),
        "embed": job(["shard"], array_size=2),
        "score": job(array_size=2, n_to_n=["embed"]),
        "merge": job(["score"]),
    }
    result = executed(pipeline(stages))
    assert (result.status, result.jobs) == ("SUCCEEDED", ["shard", "embed", "score", "merge"])
    [dependency] = result.calls[2].request["dependsOn"]
    assert dependency["type"] == "N_TO_N"
    assert len(dependency["jobId"]) == 36
    resources = document_of(pipeline(stages), calls(pipeline(stages)))["States"]
    assert resources["embed"]["Resource"].endswith(":batch:submitJob")
    assert resources["score"]["Resource"].endswith(":batch:submitJob.sync")


def test_several_jobs_may_wait_for_the_children_of_one() -> None:
    stages = {
        "embed": job(array_size=2),
        "score": job(array_size=2, n_to_n=["embed"]),
        "index": job(array_size=2, n_to_n=["embed"]),
        "merge": job(["score", "index"]),
    }
    result = executed(pipeline(stages))
    assert (result.jobs[0], sorted(result.jobs[1:3]), result.jobs[3]) == ("embed", ["index", "score"], "merge")
    assert len({call.request["dependsOn"][0]["jobId"] for call in result.calls[1:3]}) == 1


def test_an_execution_says_what_stages_are_told_and_defaults_say_the_rest() -> None:
    settings = pipeline({"embed": job()}, parameters={"date": "today", "model": "small"})
    request = {"jobName": "embed", "jobQueue": "usual", "jobDefinition": "embed", "parameters": {"kind": "images"}}
    call = job_call(request, parameters=["date", "model"])
    document = document_of(settings, {"embed": [call]})
    [submitted] = run(document, {"date": "2027-01-31"}).calls
    assert submitted.request["parameters"] == {"date": "2027-01-31", "kind": "images", "model": "small"}


def test_jobs_count_against_the_share_of_the_execution() -> None:
    settings = pipeline({"embed": job()}, share_identifier="search")
    call = job_call({"jobName": "embed", "jobQueue": "usual", "jobDefinition": "embed"}, takes_share=True)
    document = document_of(settings, {"embed": [call]})
    shares = [run(document, told).calls[0].request["shareIdentifier"] for told in ({}, {"share_identifier": "ads"})]
    assert shares == ["search", "ads"]


def test_an_execution_without_what_is_required_submits_nothing() -> None:
    settings = pipeline({"embed": job()}, required_parameters=["date", "model"])
    result = executed(settings, {"date": "2027-01-31"})
    assert (result.status, result.error, result.jobs) == ("FAILED", "ParameterMissing", [])
    assert result.cause.endswith("date, model")
    assert executed(settings, {"date": "2027-01-31", "model": "small"}).status == "SUCCEEDED"


def test_a_message_tells_of_the_execution() -> None:
    settings = pipeline({"notify": MessageStage(message=QueueMessage(queue="requests"))})
    document = document_of(settings, {"notify": [message_call(QUEUE_URL, report())]})
    result = run(document, {"date": "today"}, prepare=lambda: client("sqs").create_queue(QueueName="requests"))
    assert result.status == "SUCCEEDED"
    [sent] = result.calls
    assert sent.request["QueueUrl"] == QUEUE_URL
    for part in ('"pipeline":"pipeline"', '"stage":"notify"', '"input":{"date":"today"}', ":execution:pipeline:"):
        assert part in sent.request["MessageBody"].replace(": ", ":").replace(", ", ",")


def test_a_topic_is_told_of_the_execution() -> None:
    settings = pipeline({"notify": TopicStage(topic=TopicMessage(topic="on-call"))})
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:on-call"
    document = document_of(settings, {"notify": [publish_call(arn, report())]})
    result = run(document, {"date": "today"}, prepare=lambda: client("sns").create_topic(Name="on-call"))
    assert result.status == "SUCCEEDED", result.cause
    [sent] = result.calls
    assert (sent.operation, sent.request["TopicArn"]) == ("Publish", arn)
    assert json.loads(sent.request["Message"])["stage"] == "notify"


def test_a_message_to_a_fifo_queue_is_sent_once() -> None:
    settings = pipeline({"notify": MessageStage(message=QueueMessage(queue="requests"))})
    url = f"{QUEUE_URL}.fifo"
    document = document_of(settings, {"notify": [message_call(url, "done", group_id="all", fifo=True)]})
    attributes = {"FifoQueue": "true"}
    prepare = lambda: client("sqs").create_queue(QueueName="requests.fifo", Attributes=attributes)  # noqa: E731
    [sent] = run(document, prepare=prepare).calls
    assert sent.request["MessageGroupId"] == "all"
    assert len(sent.request["MessageDeduplicationId"]) == 64


@pytest.mark.parametrize(("messages", "status", "looks"), [(0, "SUCCEEDED", 1), (1, "FAILED", 4)])
def test_a_wait_for_a_queue_ends_when_it_is_empty_or_too_late(messages: int, status: str, looks: int) -> None:
    settings = pipeline(
        {"drain": QueueStage(queue="requests", poll_seconds=20, timeout_seconds=60), "merge": job(["drain"])}
    )

    def prepare() -> None:
        url = client("sqs").create_queue(QueueName="requests")["QueueUrl"]
        for number in range(messages):
            client("sqs").send_message(QueueUrl=url, MessageBody=f"{number}")

    document = document_of(settings, {"drain": [count_call(QUEUE_URL)], **calls(settings)})
    result = run(document, prepare=prepare)
    assert (result.status, result.waits) == (status, [20] * (looks - 1))
    assert [call.operation for call in result.calls].count("GetQueueAttributes") == looks
    assert result.jobs == (["merge"] if status == "SUCCEEDED" else [])


def test_a_wait_that_is_too_late_is_cleaned_up_after() -> None:
    stages = {"drain": QueueStage(queue="requests", poll_seconds=20, timeout_seconds=20)}
    settings = pipeline(stages, clean_up={"sweep": job()})

    def prepare() -> None:
        url = client("sqs").create_queue(QueueName="requests")["QueueUrl"]
        client("sqs").send_message(QueueUrl=url, MessageBody="late")

    result = run(document_of(settings, {"drain": [count_call(QUEUE_URL)], **calls(settings)}), prepare=prepare)
    assert (result.error, result.jobs) == ("StageFailed", ["sweep"])
    assert result.cause == "QueueNotEmpty: It was not empty after 20 seconds"


def test_another_pipeline_is_executed_with_the_parameters_it_has() -> None:
    inner = pipeline({"embed": job()})
    settings = pipeline(
        {"nested": PipelineStage(pipeline=PipelineExecution(pipeline="inner")), "merge": job(["nested"])},
        parameters={"date": "today"},
    )
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:inner"
    told = {"nested": [pipeline_call(arn, {"model": "small"}, ["date"])], **calls(settings)}
    result = run(document_of(settings, told), machines={"inner": document_of(inner, calls(inner))})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["embed", "merge"])
    [started] = [call for call in result.calls if call.operation == "StartExecution"]
    assert '"date":"today"' in started.request["input"]
    assert '"model":"small"' in started.request["input"]


def test_the_names_of_states_are_short_enough_and_no_two_are_the_same() -> None:
    stages = {f"{'x' * 40}-{number}": job() for number in range(9)}
    settings = pipeline({**stages, "end": job(list(stages))})
    states = document_of(settings, calls(settings))["States"]
    assert max(map(len, states)) <= 80
    assert {name for name in states if name.startswith("Parallel")} == {f"Parallel: {'x' * 40}-0 and 8 more"}


def test_a_sequential_array_keeps_waiting_for_itself() -> None:
    settings = pipeline({"embed": job(array_size=2), "score": job(array_size=2, n_to_n=["embed"])})
    sequential = {
        "jobName": "score",
        "jobQueue": "usual",
        "jobDefinition": "score",
        "dependsOn": [{"type": "SEQUENTIAL"}],
    }
    document = document_of(settings, {**calls(settings), "score": [job_call(sequential)]})
    result = run(document)
    assert (result.status, result.jobs) == ("SUCCEEDED", ["embed", "score"]), result.cause
    assert [item["type"] for item in result.calls[1].request["dependsOn"]] == ["N_TO_N", "SEQUENTIAL"]
    types = [item["Type"] for item in document["States"]["score"]["Parameters"]["DependsOn"]]
    assert types == ["N_TO_N", "SEQUENTIAL"]
    assert JobRequest(job_definition="any", array_size=2, sequential=True).sequential


def test_a_stage_runs_only_where_the_execution_says_so() -> None:
    stages = {
        "shard": job(only_if={"size": "large", "kind": "all"}),
        "embed": job(["shard"]),
        "report": job(["embed"], only_if={"kind": "all"}),
    }
    settings = pipeline(stages, parameters={"size": "small", "kind": "all"})
    assert executed(settings).jobs == ["embed", "report"]
    assert executed(settings, {"size": "large"}).jobs == ["shard", "embed", "report"]
    result = executed(settings, {"size": "large", "kind": "some"})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["embed"])


def test_a_branch_may_be_skipped() -> None:
    stages = {"a": job(only_if={"kind": "all"}), "b": job(), "c": job(["a", "b"])}
    settings = pipeline(stages, parameters={"kind": "some"})
    assert executed(settings).jobs == ["b", "c"]
    assert sorted(executed(settings, {"kind": "all"}).jobs[:2]) == ["a", "b"]


@pytest.mark.parametrize("told", [{"date": "today"}, [{"date": "today"}]])
@pytest.mark.parametrize("defaults", [{}, {"model": "large"}])
def test_a_pipe_hands_the_input_over_in_a_list_and_others_do_not(told: Any, defaults: dict[str, str]) -> None:
    settings = pipeline({"embed": job()}, required_parameters=["date"], parameters=defaults)
    said = {
        "embed": [job_call({"jobName": "embed", "jobQueue": "usual", "jobDefinition": "embed"}, parameters=["date"])]
    }
    document = pipeline_document(settings, said, AwsLocation(REGION, ACCOUNT), from_pipe=True)
    result = run(document, told)
    assert result.status == "SUCCEEDED", result.cause
    assert [call.request["parameters"] for call in result.calls if call.operation == "SubmitJob"] == [{"date": "today"}]
