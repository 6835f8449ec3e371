"""What stages return, whether others are run by it, and what becomes of a failure."""

import json
from typing import Any

import pytest

from modules.events.matching import AnythingBut, EndsWith, IsNumber, IsThere, IsTrue, Match, StartsWith, Wildcard
from modules.states.calls import function_call, pipeline_call, read_call, receive_call, task_call
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import (
    FileStage,
    FunctionStage,
    JobStage,
    PipelineStage,
    ReceiveStage,
    StageSettings,
    TaskStage,
)
from modules.targets.settings import FunctionCall, PipelineExecution, TaskRun
from tests.modules.states.pipelines import calls, document_of, executed, job, pipeline
from tests.state_machines import ACCOUNT, REGION, Run, client, run

ON_FARGATE = [{"capacityProvider": "FARGATE", "weight": 1}]
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/answers"


def after(stage: str, **values: Any) -> JobStage:
    return job([stage], **values)


def checked(*accepted: int) -> PipelineSettings:
    """Return a pipeline whose first job says by its exit code whether there is anything to do."""
    return pipeline(
        {
            "check": job(accepted_exit_codes=accepted),
            "embed": after("check", only_if_results={"check.exit_code": [IsNumber(equal=0)]}),
            "report": job(["embed"]),
        }
    )


@pytest.mark.parametrize(
    ("code", "jobs", "status"),
    [
        (0, ["check", "embed", "report"], "SUCCEEDED"),
        (3, ["check", "report"], "SUCCEEDED"),
        (4, ["check", "report"], "SUCCEEDED"),
        (5, ["check"], "FAILED"),
    ],
)
def test_an_exit_code_may_be_an_answer(code: int, jobs: list[str], status: str) -> None:
    settings = checked(3, 4)
    result = run(document_of(settings, calls(settings)), exit_codes={"check": code} if code else {})
    assert (result.jobs, result.status) == (jobs, status), result.cause
    assert result.error == ("StageFailed" if code == 5 else "")
    assert code != 5 or result.cause.startswith('States.TaskFailed: {"')


def test_a_job_that_was_never_started_has_no_answer() -> None:
    settings = checked(3)
    document = document_of(settings, calls(settings))
    del document["States"]["check"]["Parameters"]["JobDefinition"]
    document["States"]["check"]["Parameters"]["JobDefinition.$"] = "$.input.definition"
    result = run(document, {"definition": "unknown"})
    assert (result.status, result.error, result.cause[:6]) == ("FAILED", "StageFailed", "Batch.")


def test_a_refused_answer_is_cleaned_up_after() -> None:
    settings = pipeline({"check": job(accepted_exit_codes=[3])}, clean_up={"sweep": job()})
    said = calls(settings)
    assert run(document_of(settings, said), exit_codes={"check": 3}).jobs == ["check"]
    result = run(document_of(settings, said), exit_codes={"check": 4})
    assert (result.error, result.jobs) == ("StageFailed", ["check", "sweep"])
    assert result.cause.startswith("States.TaskFailed: {")


@pytest.mark.parametrize(("code", "jobs"), [(0, []), (7, ["repair"])])
def test_a_task_has_an_exit_code_too(code: int, jobs: list[str]) -> None:
    task = TaskStage(task=TaskRun(task_definition="check"), accepted_exit_codes=[7])
    repair = after("task", only_if_results={"task.exit_code": [IsNumber(above=0)]})
    settings = pipeline({"task": task, "repair": repair})
    request = {"cluster": "main", "taskDefinition": "check", "capacityProviderStrategy": ON_FARGATE}
    document = document_of(settings, {**calls(settings), "task": [task_call(request)]})

    def prepare() -> None:
        client("ecs").create_cluster(clusterName="main")
        container = {"name": "main", "image": "local", "memory": 128}
        client("ecs").register_task_definition(family="check", containerDefinitions=[container])

    result = run(document, exit_codes={"main": code}, prepare=prepare)
    assert (result.status, result.jobs) == ("SUCCEEDED", jobs), result.cause
    assert code == 0 or run(document, exit_codes={"main": 8}, prepare=prepare).status == "FAILED"


CONTENT = {"images": 12, "kind": "images/cats", "ready": True, "note": "a*b", "inner": {"name": "x"}}


@pytest.mark.parametrize(
    ("field", "value", "is_run"),
    [
        ("images", IsNumber(at_least=12, below=13), True),
        ("images", IsNumber(above=12), False),
        ("kind", "images/cats", True),
        ("kind", StartsWith(text="images/"), True),
        ("kind", EndsWith(text="dogs"), False),
        ("kind", Wildcard(pattern="im*cats"), True),
        ("kind", AnythingBut(texts=["images/cats", "x"]), False),
        ("kind", AnythingBut(texts=["x"]), True),
        ("ready", IsTrue(), True),
        ("ready", IsTrue(value=False), False),
        ("missing", IsThere(value=False), True),
        ("missing", IsThere(), False),
        ("missing", "anything", False),
        ("inner.name", "x", True),
    ],
)
def test_what_a_file_says_decides(field: str, value: str | Match, is_run: bool) -> None:
    result = answered(FileStage(bucket="data", key="{date}.json"), {f"file.content.{field}": [value]})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["embed"] if is_run else []), result.cause


def answered(stage: StageSettings, conditions: Any) -> Run:
    settings = pipeline(
        {"file": stage, "embed": after("file", only_if_results=conditions)}, parameters={"date": "monday"}
    )

    def prepare() -> None:
        client("s3").create_bucket(Bucket="data")
        client("s3").put_object(Bucket="data", Key="monday.json", Body=json.dumps(CONTENT))

    document = document_of(settings, {**calls(settings), "file": [read_call("data", "{date}.json")]})
    return run(document, prepare=prepare)


def test_one_of_several_values_is_enough_and_all_fields_have_to_fit() -> None:
    stage = FileStage(bucket="data", key="{date}.json")
    assert answered(stage, {"file.content.kind": ["x", StartsWith(text="images")]}).jobs == ["embed"]
    both = {"file.content.kind": [StartsWith(text="images")], "file.content.images": [IsNumber(equal=1)]}
    assert answered(stage, both).jobs == []


def test_another_pipeline_returns_what_its_stages_did() -> None:
    inner = pipeline({"check-all": job(accepted_exit_codes=[3])}, returns=["check-all"])
    condition = {"nested.results.check-all.exit_code": [IsNumber(equal=3)]}
    settings = pipeline(
        {
            "nested": PipelineStage(pipeline=PipelineExecution(pipeline="inner")),
            "embed": after("nested", only_if_results=condition),
        }
    )
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:inner"
    document = document_of(settings, {**calls(settings), "nested": [pipeline_call(arn, {}, [])]})
    machines = {"inner": document_of(inner, calls(inner))}
    assert run(document, machines=machines, exit_codes={"check-all": 3}).jobs == ["check-all", "embed"]
    assert run(document, machines=machines).jobs == ["check-all"]


def test_a_function_returns_a_payload() -> None:
    condition = {"count.payload.images": [IsNumber(above=0)]}
    stage = FunctionStage(function=FunctionCall(function="count"))
    settings = pipeline({"count": stage, "embed": after("count", only_if_results=condition)})
    document = document_of(settings, {**calls(settings), "count": [function_call("count", {})]})
    # What functions return, the local AWS does not run: so it is what it returns that is put there.
    state = document["States"]["count"]
    assert (state["ResultSelector"], state["ResultPath"]) == (
        {"status": "SUCCEEDED", "payload.$": "$.Payload"},
        "$.results.count",
    )
    returned = {"Type": "Pass", "Result": {"Payload": {"images": 2}}, "ResultPath": "$.answer", "Next": "kept"}
    kept = {"Type": "Pass", "Parameters": {"payload.$": "$.answer.Payload"}, "ResultPath": "$.results.count"}
    document["States"] |= {"count": returned, "kept": {**kept, "Next": state["Next"]}}
    assert run(document).jobs == ["embed"]


@pytest.mark.parametrize(("body", "jobs"), [("approved", ["embed"]), ("refused", [])])
def test_a_message_that_was_waited_for_decides(body: str, jobs: list[str]) -> None:
    settings = pipeline(
        {
            "approval": ReceiveStage(queue="answers", poll_seconds=10, timeout_seconds=60),
            "embed": after("approval", only_if_results={"approval.body": ["approved"]}),
        }
    )
    document = document_of(settings, {**calls(settings), "approval": [receive_call(QUEUE_URL)]})

    def prepare() -> None:
        client("sqs").create_queue(QueueName="answers")
        client("sqs").send_message(QueueUrl=QUEUE_URL, MessageBody=body)

    result = run(document, prepare=prepare)
    assert (result.status, result.jobs) == ("SUCCEEDED", jobs), result.cause
    assert [call.operation for call in result.calls][:2] == ["ReceiveMessage", "DeleteMessage"], result.calls


def test_a_message_that_does_not_come_is_waited_for_until_it_is_too_late() -> None:
    stage = ReceiveStage(queue="answers", poll_seconds=30, timeout_seconds=60)
    settings = pipeline({"approval": stage, "embed": job(["approval"])})
    document = document_of(settings, {**calls(settings), "approval": [receive_call(QUEUE_URL)]})
    result = run(document, prepare=lambda: client("sqs").create_queue(QueueName="answers"))
    assert (result.status, result.error, result.waits) == ("FAILED", "NoMessage", [30, 30])


def test_results_of_branches_are_known_after_them() -> None:
    conditions = {"b.status": ["SUCCEEDED"], "a.exit_code": [IsNumber(equal=3)], "c.status": ["SKIPPED"]}
    stages = {
        "a": job(accepted_exit_codes=[3]),
        "b": job(["a"]),
        "c": job(["a"], only_if_results={"a.exit_code": [IsNumber(equal=0)]}),
        "d": job(["b", "c"], only_if_results=conditions),
    }
    settings = pipeline(stages)
    assert run(document_of(settings, calls(settings)), exit_codes={"a": 3}).jobs == ["a", "b", "d"]
    assert "d" not in executed(settings).jobs


def test_a_stage_may_fail() -> None:
    stages = {
        "thumbnails": job(may_fail=True),
        "index": job(["thumbnails"]),
        "apologize": job(["index"], only_if_results={"thumbnails.status": ["FAILED"]}),
    }
    result = executed(pipeline(stages, clean_up={"sweep": job()}), thumbnails=1)
    assert (result.status, result.jobs) == ("SUCCEEDED", ["thumbnails", "index", "apologize"])
    assert executed(pipeline(stages)).jobs == ["thumbnails", "index"]
    assert executed(pipeline(stages), index=1).status == "FAILED"


def test_a_stage_that_may_fail_need_not_be_asked() -> None:
    result = executed(pipeline({"a": job(may_fail=True), "b": job(), "c": job(["a", "b"])}), a=1)
    assert (result.status, result.jobs[-1]) == ("SUCCEEDED", "c")


CLEAN_UP = {"drop": job(), "note": job(["drop"]), "sweep": job()}


def test_a_stage_has_a_clean_up_of_its_own_before_that_of_all() -> None:
    stages = {"shard": job(clean_up=["drop", "note"]), "merge": job(["shard"])}
    settings = pipeline(stages, clean_up=CLEAN_UP)
    assert executed(settings, shard=1).jobs == ["shard", "drop", "note", "sweep"]
    assert executed(settings, merge=1).jobs == ["shard", "merge", "sweep"]
    assert executed(settings, shard=1, drop=1).jobs == ["shard", "drop", "sweep"]
    assert executed(settings, shard=1, drop=1).error == "StageFailed"


def test_without_a_clean_up_of_all_the_execution_fails_after_that_of_the_stage() -> None:
    settings = pipeline({"a": job(clean_up=["drop"]), "b": job(["a"])}, clean_up={"drop": job()})
    result = executed(settings, a=1)
    assert (result.status, result.error, result.jobs) == ("FAILED", "StageFailed", ["a", "drop"])
    assert result.cause.startswith("States.TaskFailed: {")
    assert executed(settings, b=1).jobs == ["a", "b"]


def test_a_branch_cleans_up_after_its_own_stage() -> None:
    stages = {"a": job(clean_up=["drop"]), "b": job(), "c": job(["a", "b"])}
    result = executed(pipeline(stages, clean_up={"drop": job(), "sweep": job()}), a=1)
    assert (result.error, result.jobs.count("drop"), result.jobs.count("sweep")) == ("StageFailed", 1, 1)
    assert "c" not in result.jobs


def test_what_comes_after_a_stage_that_may_fail_goes_on_once_it_is_cleaned_up_after() -> None:
    settings = pipeline({"a": job(may_fail=True, clean_up=["drop"]), "b": job(["a"])}, clean_up={"drop": job()})
    result = executed(settings, a=1, drop=1)
    assert (result.status, result.jobs) == ("SUCCEEDED", ["a", "drop", "b"])
