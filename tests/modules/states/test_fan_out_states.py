import json
from dataclasses import replace
from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.states.calls import ServiceCall, job_call, pipeline_call, task_call
from modules.states.settings.fan_outs import FanOutSettings, FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.items import CsvManifest, ItemsSettings, JsonManifest, ObjectsBelow
from modules.states.settings.retries import StageRetry
from modules.targets.settings import PipelineExecution, TaskRun
from tests.modules.states.pipelines import calls, document_of, job, pipeline
from tests.state_machines import ACCOUNT, REGION, SESSION, Run, client, run

TODAY = "manifests/{date}.json"


def fan_out(items: ItemsSettings, **values: Any) -> FanOutStage:
    told: dict[str, Any] = {"items": items, "item_parameter": "file", "results_bucket": "data", "max_concurrency": 1}
    return FanOutStage(job=JobRequest(job_definition="any"), **told | values)


def document(stage: FanOutStage, **values: Any) -> dict[str, Any]:
    """Return a pipeline in which a job comes after the fan-out."""
    settings = pipeline({"each": stage, "merge": job(["each"])}, parameters={"date": "monday"}, **values)
    request = {"jobName": "each", "jobQueue": "usual", "jobDefinition": "each"}
    each = replace(job_call(request, parameters=["date"]), bucket_names=("data", "data"))
    return document_of(settings, {**calls(settings), "each": [each]})


def executed(stage: FanOutStage, objects: dict[str, str], told: dict[str, str] | None = None, **fails: int) -> Run:
    def prepare() -> None:
        client("s3").create_bucket(Bucket="data")
        for key, text in objects.items():
            client("s3").put_object(Bucket="data", Key=key, Body=text)

    return run(document(stage), told, fails=fails, prepare=prepare)


def submitted(result: Run) -> list[dict[str, str]]:
    """Return the parameters of the jobs for items."""
    jobs = [call for call in result.calls if call.operation == "SubmitJob"]
    return [call.request["parameters"] for call in jobs if call.job == "each"]


def files(result: Run) -> list[str]:
    return sorted(parameters["file"] for parameters in submitted(result))


def test_there_is_a_job_for_each_item_of_a_manifest() -> None:
    stage = fan_out(JsonManifest(bucket="data", key=TODAY))
    result = executed(stage, {"manifests/monday.json": json.dumps(["a", "b", 7])})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["each"] * 3 + ["merge"])
    assert files(result) == ["7", "a", "b"]
    assert {
        call.request["parameters"]["date"]
        for call in result.calls
        if call.operation == "SubmitJob" and call.job == "each"
    } == {"monday"}


def test_an_execution_says_which_manifest_it_is() -> None:
    stage = fan_out(JsonManifest(bucket="data", key=TODAY, field="key"))
    result = executed(stage, {"manifests/friday.json": json.dumps([{"key": "x"}])}, {"date": "friday"})
    assert (result.status, files(result)) == ("SUCCEEDED", ["x"])


def test_an_empty_manifest_is_done_at_once() -> None:
    result = executed(fan_out(JsonManifest(bucket="data", key=TODAY)), {"manifests/monday.json": "[]"})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["merge"])


def test_a_prefix_without_objects_is_done_at_once() -> None:
    result = executed(fan_out(ObjectsBelow(bucket="data", prefix="incoming/{date}/")), {"incoming/friday/c": "3"})
    assert (result.status, result.jobs) == ("SUCCEEDED", ["merge"])


def test_s3_says_nothing_of_objects_where_there_are_none() -> None:
    output = SESSION.get_service_model("s3").operation_model("ListObjectsV2").output_shape
    assert "Contents" in output.members
    assert "Contents" not in output.required_members


def test_a_table_has_a_job_for_each_row() -> None:
    stage = fan_out(CsvManifest(bucket="data", key="all.csv", column="key"))
    result = executed(stage, {"all.csv": "size,key\n1,x\n2,y\n"})
    assert (result.status, files(result)) == ("SUCCEEDED", ["x", "y"])


def test_there_is_a_job_for_each_object_below_a_prefix() -> None:
    stage = fan_out(ObjectsBelow(bucket="data", prefix="incoming/{date}/"))
    result = executed(stage, {"incoming/monday/a": "1", "incoming/monday/b": "2", "incoming/friday/c": "3"})
    assert (result.status, files(result)) == ("SUCCEEDED", ["incoming/monday/a", "incoming/monday/b"])


def test_a_manifest_that_is_not_there_fails_the_stage() -> None:
    result = executed(fan_out(JsonManifest(bucket="data", key=TODAY)), {})
    assert (result.status, result.jobs) == ("FAILED", [])


@pytest.mark.parametrize(("tolerated", "status"), [(0.0, "FAILED"), (50.0, "SUCCEEDED")])
def test_some_of_the_items_may_fail(tolerated: float, status: str) -> None:
    stage = fan_out(JsonManifest(bucket="data", key=TODAY), tolerated_failure_percentage=tolerated)
    result = executed(stage, {"manifests/monday.json": '["a", "b"]'}, each=1)
    assert (result.status, "merge" in result.jobs) == (status, status == "SUCCEEDED")


def test_each_item_has_attempts_of_its_own() -> None:
    retry = StageRetry(attempts=2, first_wait_seconds=9)
    result = executed(
        fan_out(JsonManifest(bucket="data", key=TODAY), retry=retry), {"manifests/monday.json": '["a"]'}, each=1
    )
    assert (result.status, files(result), result.waits) == ("SUCCEEDED", ["a", "a"], [9])


def test_a_batch_is_one_job_that_gets_an_array() -> None:
    made = document(fan_out(ObjectsBelow(bucket="data", prefix="all/"), batch_size=10))["States"]["each"]
    assert made["ItemBatcher"] == {
        "BatchInput": {"input.$": "$.input"},
        "MaxInputBytesPerBatch": 24_576,
        "MaxItemsPerBatch": 10,
    }
    # The interpreter has no batches; so it is given what Step Functions makes of one.
    processor = {key: made["ItemProcessor"][key] for key in ("StartAt", "States")}
    told = {"BatchInput": {"input": {"date": "monday"}}, "Items": [{"value": "a"}, {"value": "b"}]}
    [one] = run(processor, told).calls
    assert json.loads(one.request["parameters"]["file"]) == ["a", "b"]
    assert one.request["parameters"]["date"] == "monday"


def test_results_are_written_where_no_limit_of_a_state_holds() -> None:
    writer = document(fan_out(ObjectsBelow(bucket="data", prefix="all/")))["States"]["each"]["ResultWriter"]
    assert writer["Parameters"] == {"Bucket": "data", "Prefix": "fan-outs/"}


def other_fan_out(stage: FanOutSettings, call: ServiceCall) -> dict[str, Any]:
    settings = pipeline({"each": stage}, parameters={"date": "monday"})
    return document_of(settings, {"each": [replace(call, bucket_names=("data", "data"))]})


def lists(*items: str) -> None:
    client("s3").create_bucket(Bucket="data")
    client("s3").put_object(Bucket="data", Key="all.json", Body=json.dumps(items))


LISTED: dict[str, Any] = {
    "items": JsonManifest(bucket="data", key="all.json"),
    "results_bucket": "data",
    "max_concurrency": 1,
}
COUNT = {
    "cluster": "main",
    "taskDefinition": "count",
    "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
    "overrides": {
        "containerOverrides": [
            {"name": name, "environment": [{"name": "A", "value": "b"}, {"name": "FILE", "value": "item"}]}
            for name in ("main", "side")
        ]
    },
}


@pytest.mark.parametrize("items", [["a", "b"], []])
def test_there_is_a_task_for_each_item(items: list[str]) -> None:
    stage = TaskFanOutStage(task=TaskRun(task_definition="count"), item_variable="FILE", **LISTED)

    def prepare() -> None:
        lists(*items)
        client("ecs").create_cluster(clusterName="main")
        container = {"name": "main", "image": "local", "memory": 128}
        client("ecs").register_task_definition(family="count", containerDefinitions=[container])

    result = run(other_fan_out(stage, task_call(COUNT)), prepare=prepare)
    overrides = [
        call.request["overrides"]["containerOverrides"] for call in result.calls if call.operation == "RunTask"
    ]
    assert result.status == "SUCCEEDED", result.cause
    assert [container["name"] for container in overrides[0]] == ["main", "side"] if items else not overrides
    assert [[container["environment"][-1] for container in told] for told in overrides] == [
        [{"name": "FILE", "value": item}] * 2 for item in items
    ]


def test_there_is_an_execution_for_each_item() -> None:
    execution = PipelineExecution(pipeline="inner", parameters={"model": "small"})
    stage = PipelineFanOutStage(pipeline=execution, item_parameter="file", **LISTED)
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:inner"
    call = pipeline_call(arn, {"model": "small"}, ["date"])
    inner = pipeline({"embed": job()}, required_parameters=["file"])
    machines = {"inner": document_of(inner, calls(inner))}
    result = run(other_fan_out(stage, call), machines=machines, prepare=lambda: lists("a", "b"))
    told = [json.loads(call.request["input"]) for call in result.calls if call.operation == "StartExecution"]
    assert (result.status, result.jobs) == ("SUCCEEDED", ["embed", "embed"]), result.cause
    assert [(item["file"], item["date"], item["model"]) for item in told] == [
        ("a", "monday", "small"),
        ("b", "monday", "small"),
    ]


def test_a_batch_fits_into_what_starts_it() -> None:
    tasks = TaskFanOutStage(task=TaskRun(task_definition="count"), item_variable="FILE", batch_size=50, **LISTED)
    batcher = other_fan_out(tasks, task_call(COUNT))["States"]["each"]["ItemBatcher"]
    assert (batcher["MaxItemsPerBatch"], batcher["MaxInputBytesPerBatch"]) == (50, 3_072)
