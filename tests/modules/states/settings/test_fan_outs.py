from typing import Any

import pytest

from modules.batch.settings.submissions import JobRequest
from modules.states.settings.fan_outs import FanOutStage, PipelineFanOutStage, TaskFanOutStage
from modules.states.settings.items import CsvManifest, JsonManifest, ObjectsBelow
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import FileStage
from modules.targets.settings import PipelineExecution, TaskRun
from tests.problems import refused

ITEMS = ObjectsBelow(bucket="data", prefix="incoming/")


def values(**changes: Any) -> dict[str, Any]:
    base = {"items": ITEMS, "item_parameter": "file", "results_bucket": "data"}
    return {"job": JobRequest(job_definition="any"), **base} | changes


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"batch_size": 0}, "batch_size: 1, 1,000, got 0"),
        ({"max_concurrency": 10_001}, "max_concurrency: 1, 10,000, got 10,001"),
        ({"tolerated_failure_percentage": 100.5}, "tolerated_failure_percentage: 0, 100, got 100.5"),
        ({"results_prefix": "done"}, "results_prefix: got 'done'"),
    ],
)
def test_a_fan_out_stays_within_what_step_functions_takes(changes: dict[str, Any], problem: str) -> None:
    assert refused(FanOutStage, **values(**changes)) == [problem]


def test_the_parameter_of_the_item_is_said_by_nothing_else() -> None:
    twice = JobRequest(job_definition="any", parameters={"file": "x"})
    assert refused(FanOutStage, **values(job=twice)) == ["job.parameters.file: got 'x'"]
    base: dict[str, Any] = {"items": ITEMS, "results_bucket": "data"}
    task = TaskRun(task_definition="any", environment={"FILE": "x"})
    assert TaskFanOutStage(task=task, item_variable="ITEM", **base)
    assert refused(TaskFanOutStage, task=task, item_variable="FILE", **base) == ["task.environment.FILE: got 'x'"]
    execution = PipelineExecution(pipeline="any", parameters={"file": "x"})
    assert refused(PipelineFanOutStage, pipeline=execution, item_parameter="file", **base) == [
        "pipeline.parameters.file: got 'x'"
    ]


def test_keys_have_parameters_of_the_pipeline() -> None:
    assert JsonManifest(bucket="data", key="{year}/{day}.json").placeholders == ["year", "day"]
    assert CsvManifest(bucket="data", key="a.csv", column="key").placeholders == []
    stage = FanOutStage(**values(items=ObjectsBelow(bucket="data", prefix="{day}/")))
    made: dict[str, Any] = {"stages": {"each": stage}, "timeout_seconds": 600}
    assert PipelineSettings(**made, required_parameters=["day"])
    assert refused(PipelineSettings, **made) == ["stages.each.items: got 'day'"]
    file = {"stages": {"file": FileStage(bucket="data", key="{day}.json")}, "timeout_seconds": 600}
    assert refused(PipelineSettings, **file) == ["stages.file.key: got 'day'"]


def test_a_key_has_no_quotes() -> None:
    assert refused(JsonManifest, bucket="data", key="it's") == ['key: got "it\'s"']
