from collections.abc import Mapping
from typing import Any

import pytest

from modules.naming import AwsLocation
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import FileStage, MessageStage, StageSettings
from modules.targets.settings import QueueMessage
from tests.modules.states.pipelines import job
from tests.problems import refused


def problems(stages: Mapping[str, StageSettings], **values: Any) -> list[str]:
    return refused(PipelineSettings, **{"stages": dict(stages), "timeout_seconds": 3_600} | values)


def test_a_pipeline_has_a_stage_and_an_end() -> None:
    assert problems({}) == ["stages: 1, got 0"]
    assert problems({"embed": job()}, timeout_seconds=59) == ["timeout_seconds: 60, 31,536,000, got 59"]


def test_stages_wait_for_stages_that_are_there() -> None:
    assert problems({"embed": job(["shard"])}) == ["stages.embed.after[0]: got 'shard'"]
    assert problems({"embed": job(array_size=2, n_to_n=["shard"])}) == ["stages.embed.n_to_n[0]: got 'shard'"]
    of_another_map = {"sweep": job(["embed"])}
    assert problems({"embed": job()}, clean_up=of_another_map) == ["clean_up.sweep.after[0]: got 'embed'"]


def test_no_stage_waits_for_itself() -> None:
    assert problems({"a": job(["c"]), "b": job(["a"]), "c": job(["b"])}) == ["stages: got a → c → b → a"]
    circle = {"a": job(array_size=2, n_to_n=["b"]), "b": job(array_size=2, n_to_n=["a"])}
    assert problems(circle) == ["stages: got a → b → a"]
    assert problems({"a": job()}, clean_up={"b": job(["b"])}) == ["clean_up: got b → b"]


def test_what_is_submitted_together_cannot_wait_for_what_waits_for_it() -> None:
    joined = {"a": job(array_size=2), "b": job(["x"], array_size=2, n_to_n=["a"]), "x": job(["a"])}
    assert problems(joined) == ["stages: got a → x → a"]
    assert problems({"a": job(array_size=2), "b": job(["a"], array_size=2, n_to_n=["a"])}) == ["stages: got a → a"]


def test_only_arrays_of_the_same_size_have_children_to_pair() -> None:
    other = {"a": job(array_size=2), "b": job(array_size=3, n_to_n=["a"])}
    assert problems(other) == ["stages.b.job.array_size: 2, got 3"]
    message = MessageStage(message=QueueMessage(queue="requests"))
    assert problems({"a": message, "b": job(array_size=2, n_to_n=["a"])}) == ["stages.b.n_to_n[0]: got 'a'"]


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ({"retry": StageRetry()}, "retry: got a StageRetry"),
        ({"timeout_seconds": 60}, "timeout_seconds: got 60"),
        ({"capacity": [CapacityStep(job_queue="spot")]}, "capacity: got (a CapacityStep)"),
        ({"accepted_exit_codes": [3]}, "accepted_exit_codes: got 3"),
        ({"may_fail": True}, "may_fail: got True"),
    ],
)
def test_what_is_submitted_together_is_tried_by_batch_alone(values: dict[str, Any], got: str) -> None:
    joined = {"a": job(array_size=2, **values), "b": job(array_size=2, n_to_n=["a"])}
    [problem] = problems(joined)
    assert problem.partition(":")[0] == f"stages.a.{got.partition(':')[0]}"


def test_a_stage_that_cleans_up_has_a_name_of_its_own() -> None:
    assert problems({"a": job()}, clean_up={"a": job()}) == ["clean_up.a: got 'a'"]


def test_each_parameter_is_said_once_and_none_is_called_like_the_share() -> None:
    twice = {"parameters": {"date": "today"}, "required_parameters": ["date"]}
    assert problems({"a": job()}, **twice) == ["required_parameters[0]: got 'date'"]
    share = "share_identifier"
    assert problems({"a": job()}, parameters={share: "x"}) == [f"parameters.{share}: got 'share_identifier'"]
    assert problems({"a": job()}, required_parameters=[share]) == ["required_parameters[0]: got 'share_identifier'"]


def test_a_pipeline_gives_the_names_of_its_machine_role_and_log_group() -> None:
    settings = PipelineSettings(stages={"a": job()}, timeout_seconds=3_600)
    names = [(item.kind, item.text) for item in settings.names("nightly", AwsLocation("us-east-1", "111122223333"))]
    assert names == [
        ("state machine", "nightly"),
        ("role", "nightly-states"),
        ("log group", "/aws/vendedlogs/states/nightly"),
    ]


def test_a_parameter_of_the_pipeline_decides_whether_a_stage_runs() -> None:
    stage = job(only_if={"kind": "all"})
    assert PipelineSettings(stages={"a": stage}, timeout_seconds=3_600, required_parameters=["kind"])
    assert problems({"a": stage}) == ["stages.a.only_if.kind: got 'kind'"]
    joined = {"a": job(array_size=2), "b": job(array_size=2, n_to_n=["a"], only_if={"kind": "all"})}
    [problem] = problems(joined, parameters={"kind": "all"})
    assert problem.startswith("stages.b.only_if: got ")


def made(stages: Mapping[str, StageSettings], **values: Any) -> PipelineSettings:
    base: dict[str, Any] = {"stages": dict(stages), "timeout_seconds": 3_600}
    return PipelineSettings(**base | values)


def asking(condition: str) -> dict[str, StageSettings]:
    stages = {"file": FileStage(bucket="data", key="a.json"), "other": job(), "check": job(["other"])}
    waiting = job(["check", "file"], only_if_results={condition: ["x"]})
    return {**stages, "embed": waiting, "late": job(["embed"])}


def test_a_stage_is_asked_for_what_it_returns() -> None:
    for condition in ("check.exit_code", "check.status", "other.status", "file.content", "file.content.a.b"):
        assert made(asking(condition))
    where = "stages.embed.only_if_results"
    assert problems(asking("none.status")) == [f"{where}.none.status: got 'none'"]
    assert problems(asking("check.body")) == [f"{where}.check.body: got 'body'"]
    assert problems(asking("check.exit_code.a")) == [f"{where}.check.exit_code.a: got 'check.exit_code.a'"]
    assert problems(asking("file.content.a-b")) == [f"{where}.file.content.a-b: got 'file.content.a-b'"]


def test_a_stage_asks_what_comes_before_it() -> None:
    assert problems(asking("late.status")) == ["stages.embed.only_if_results.late.status: got 'late'"]
    assert problems(asking("embed.status")) == ["stages.embed.only_if_results.embed.status: got 'embed'"]


def test_what_is_submitted_together_returns_nothing() -> None:
    joined = {"a": job(array_size=2), "b": job(array_size=2, n_to_n=["a"])}
    assert problems({**joined, "c": job(["b"], only_if_results={"b.status": ["FAILED"]})}) == [
        "stages.c.only_if_results.b.status: got 'b'"
    ]
    assert problems(joined, returns=["b"]) == ["returns[0]: got 'b'"]


def test_a_pipeline_returns_results_of_its_stages() -> None:
    assert made({"a": job()}, returns=["a"])
    assert problems({"a": job()}, returns=["b"]) == ["returns[0]: got 'b'"]


def test_a_clean_up_of_one_stage_is_that_of_one_stage() -> None:
    clean_up = {"drop": job(), "note": job(["drop"]), "sweep": job()}
    assert made({"a": job(clean_up=["drop", "note"])}, clean_up=clean_up)
    assert problems({"a": job(clean_up=["drop"])}, clean_up=clean_up) == ["clean_up.note.after[0]: got 'drop'"]
    twice = {"a": job(clean_up=["drop"]), "b": job(clean_up=["drop"])}
    assert problems(twice, clean_up={"drop": job()}) == ["stages.b.clean_up[0]: got 'drop'"]
    assert problems({"a": job(clean_up=["drop"])}) == ["stages.a.clean_up[0]: got 'drop'"]
    assert problems({"a": job()}, clean_up={"b": job(), "c": job(clean_up=["b"])}) == ["clean_up.c.clean_up: got ['b']"]


def test_what_cleans_up_asks_nobody() -> None:
    asking = job(only_if_results={"a.status": ["SKIPPED"]})
    [problem] = problems({"a": job()}, clean_up={"b": asking})
    assert problem.startswith("clean_up.b.only_if_results: got ")
