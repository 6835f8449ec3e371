from typing import Any

from modules.batch.settings.submissions import JobRequest
from modules.events.matching import IsNumber
from modules.states.calls import count_call
from modules.states.limits import most_events
from modules.states.settings.fan_outs import FanOutStage, PipelineFanOutStage
from modules.states.settings.items import ObjectsBelow
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import MessageStage, PipelineStage, QueueStage, TaskStage
from modules.targets.settings import PipelineExecution, QueueMessage, TaskRun
from stacks.environment import Environment
from tests.modules.ecs.samples import cluster_settings
from tests.modules.states.pipelines import document_of
from tests.problems import refused
from tests.stacks.environments import environment
from tests.stacks.pipelines import pipeline, score, with_pipelines
from tests.stacks.rules.service_samples import run_task


def one(**stages: object) -> Environment:
    return with_pipelines(nightly=pipeline(stages))  # type: ignore[arg-type]


def executing(name: str = "inner", **values: object) -> PipelineStage:
    return PipelineStage(pipeline=PipelineExecution(pipeline=name, **values))  # type: ignore[arg-type]


def test_a_stage_asks_for_a_job_that_batch_takes() -> None:
    assert one(a=score(job_queue="light"))
    assert refused(lambda: one(a=score(job_queue="large"))) == ["pipelines.nightly.stages.a.job.job_queue: got 'large'"]
    message = MessageStage(message=QueueMessage(queue="requests", message_group_id="all"))
    assert refused(lambda: one(a=message)) == ["pipelines.nightly.stages.a.message.message_group_id: got 'all'"]


def test_the_share_is_the_jobs_or_the_pipelines() -> None:
    shared = score(job_queue="shared")
    assert with_pipelines(nightly=pipeline({"a": shared}, share_identifier="search"))
    assert one(a=score(job_queue="shared", share_identifier="search"))
    assert refused(lambda: one(a=shared)) == ["pipelines.nightly.stages.a.job.share_identifier"]
    # A job on a queue without shares does not take the pipeline's.
    assert with_pipelines(nightly=pipeline({"a": shared, "b": score()}, share_identifier="search"))


def test_every_step_has_a_queue_that_the_job_may_use() -> None:
    steps = [CapacityStep(job_queue="light"), CapacityStep(job_queue="large")]
    assert refused(lambda: one(a=score(stage={"capacity": steps}))) == [
        "pipelines.nightly.stages.a.capacity[1].job_queue: got 'large'"
    ]
    assert one(a=score(stage={"capacity": steps[:1]}))


def test_a_parameter_goes_to_some_stage() -> None:
    assert with_pipelines(nightly=pipeline({"a": score()}, parameters={"model": "x"}))
    unused = pipeline({"a": score()}, parameters={"date": "x"}, required_parameters=["size"])
    assert refused(lambda: with_pipelines(nightly=unused)) == [
        "pipelines.nightly.parameters.date: got 'date'",
        "pipelines.nightly.required_parameters[0]: got 'size'",
    ]
    fixed = pipeline({"a": score(parameters={"model": "y"})}, parameters={"model": "x"})
    assert refused(lambda: with_pipelines(nightly=fixed)) == ["pipelines.nightly.parameters.model: got 'model'"]


def test_an_execution_may_take_as_long_as_its_stages() -> None:
    stages = {"a": score(), "b": score(["a"], stage={"timeout_seconds": 100, "retry": StageRetry(attempts=2)})}
    assert with_pipelines(nightly=pipeline(stages, timeout_seconds=600 + 2 * 100 + 60))
    assert refused(lambda: with_pipelines(nightly=pipeline(stages, timeout_seconds=859))) == [
        "pipelines.nightly.timeout_seconds: 860, got 859"
    ]
    assert refused(
        lambda: with_pipelines(nightly=pipeline({"a": score(array_size=3, sequential=True)}, timeout_seconds=900))
    ) == ["pipelines.nightly.timeout_seconds: 1,800, got 900"]
    inner, outer = pipeline({"a": score()}, timeout_seconds=700), pipeline({"a": executing()}, timeout_seconds=699)
    assert refused(lambda: with_pipelines(inner=inner, outer=outer)) == [
        "pipelines.outer.timeout_seconds: 700, got 699"
    ]


def test_no_pipeline_executes_itself() -> None:
    circle = {"inner": pipeline({"a": executing("outer")}), "outer": pipeline({"a": executing("inner")})}
    assert refused(lambda: with_pipelines(**circle)) == ["pipelines: got inner → outer → inner"]


def test_another_pipeline_gets_the_parameters_that_it_needs_and_no_others() -> None:
    inner = pipeline({"a": score()}, required_parameters=["model"], timeout_seconds=600)
    given = pipeline({"a": executing(parameters={"model": "x"})})
    handed_on = pipeline({"a": executing()}, parameters={"model": "x"})
    assert with_pipelines(inner=inner, given=given, on=handed_on)
    assert refused(lambda: with_pipelines(inner=inner, outer=pipeline({"a": executing()}))) == [
        "pipelines.outer.stages.a.pipeline.parameters"
    ]
    unknown = pipeline({"a": executing(parameters={"model": "x", "date": "y"})})
    assert refused(lambda: with_pipelines(inner=inner, outer=unknown)) == [
        "pipelines.outer.stages.a.pipeline.parameters.date: got 'date'"
    ]


def each(**values: Any) -> FanOutStage:
    base: dict[str, Any] = {"items": ObjectsBelow(bucket="data", prefix="in/"), "item_parameter": "model"}
    return FanOutStage(**{"job": JobRequest(job_definition="score"), "results_bucket": "data", **base} | values)


def test_an_item_is_given_by_a_parameter_that_the_job_has() -> None:
    assert one(a=each())
    assert refused(lambda: one(a=each(item_parameter="file"))) == [
        "pipelines.nightly.stages.a.item_parameter: got 'file'"
    ]
    elsewhere = JobRequest(job_definition="score", job_queue="large")
    assert refused(lambda: one(a=each(job=elsewhere))) == ["pipelines.nightly.stages.a.job.job_queue: got 'large'"]


def test_a_stage_runs_a_task_as_ecs_takes_it() -> None:
    wrong = TaskStage(task=TaskRun(task_definition="index", commands={"other": ["x"]}))
    made = {"clusters": {"main": cluster_settings()}, "task_definitions": {"index": run_task()}}
    assert refused(lambda: environment(**made, pipelines={"nightly": pipeline({"a": wrong})})) == [
        "pipelines.nightly.stages.a.task.commands.other: got 'other'"
    ]


def test_a_share_changes_something() -> None:
    unused = pipeline({"a": score()}, share_identifier="search")
    assert refused(lambda: with_pipelines(nightly=unused)) == ["pipelines.nightly.share_identifier: got 'search'"]
    outer = pipeline({"a": executing(share_identifier="search")})
    inner = pipeline({"a": score()}, timeout_seconds=600)
    assert refused(lambda: with_pipelines(inner=inner, outer=outer)) == [
        "pipelines.outer.stages.a.pipeline.share_identifier: got 'search'"
    ]


def test_a_history_has_only_so_many_events() -> None:
    def waiting(seconds: int) -> Environment:
        wait = QueueStage(queue="requests", poll_seconds=10, timeout_seconds=seconds)
        return with_pipelines(nightly=pipeline({"a": wait}, timeout_seconds=864_000))

    # Two of the execution, two of a state before, and each look with the wait after it.
    most = next(seconds for seconds in range(60_000, 0, -10) if events_of(seconds) <= 25_000)
    assert waiting(most)
    assert refused(lambda: waiting(most + 10)) == [f"pipelines.nightly.stages: 25,000, got {events_of(most + 10):,}"]
    assert 25_000 < events_of(most + 10) <= 25_100


def events_of(seconds: int) -> int:
    """Return how many events a wait for a queue has at most that looks every 10 seconds."""
    settings = pipeline({"a": QueueStage(queue="requests", poll_seconds=10, timeout_seconds=seconds)})
    return most_events(settings, document_of(settings, {"a": [count_call("url")]}))


def test_an_executions_input_has_only_so_many_bytes() -> None:
    # The defaults, and what an execution says in their place.
    room = (262_144 - len('{"defaults":{"model":""},"given":{"model":""}}')) // 2
    assert with_pipelines(nightly=pipeline({"a": score()}, parameters={"model": "x" * room}))
    longer = pipeline({"a": score()}, parameters={"model": "x" * (room + 1)})
    assert refused(lambda: with_pipelines(nightly=longer)) == ["pipelines.nightly.parameters: 131,072, got 131,073"]


def test_a_definition_has_only_so_many_bytes() -> None:
    def with_characters(count: int) -> Environment:
        """Return an environment whose pipeline's first stage has variables of so many characters together."""
        told = {f"NAME_{number}": "x" * (count // 20 + (number < count % 20)) for number in range(20)}
        whole = {f"NAME_{number}": "x" * 1_000 for number in range(20)}
        stages = {f"stage-{number}": score(environment=whole) for number in range(1, 50)}
        return one(**stages, first=score(environment=told))

    [problem] = refused(lambda: with_characters(20_000))
    assert problem.startswith("pipelines.nightly.stages: 1,048,576, got ")
    most = 20_000 - int(problem.rpartition(" ")[2].replace(",", "")) + 1_048_576
    assert with_characters(most)
    assert refused(lambda: with_characters(most + 1)) == ["pipelines.nightly.stages: 1,048,576, got 1,048,577"]


def test_one_program_alone_has_an_exit_code() -> None:
    assert one(a=score(stage={"accepted_exit_codes": [3]}))
    of_array = score(array_size=2, stage={"accepted_exit_codes": [3]})
    assert refused(lambda: one(a=of_array)) == ["pipelines.nightly.stages.a.accepted_exit_codes: got 3"]
    asking = score(["a"], stage={"only_if_results": {"a.exit_code": [IsNumber(equal=0)]}})
    assert one(a=score(), b=asking)
    assert refused(lambda: one(a=score(array_size=2), b=asking)) == [
        "pipelines.nightly.stages.b.only_if_results.a.exit_code: got 'a'"
    ]
    made = {"clusters": {"main": cluster_settings()}, "task_definitions": {"index": run_task()}}
    tasks = {
        count: pipeline({"a": TaskStage(task=TaskRun(task_definition="index", task_count=count), **ANSWERED)})
        for count in (1, 2)
    }
    assert environment(**made, pipelines={"nightly": tasks[1]})
    assert refused(lambda: environment(**made, pipelines={"nightly": tasks[2]})) == [
        "pipelines.nightly.stages.a.accepted_exit_codes: got 3"
    ]


ANSWERED: dict[str, Any] = {"accepted_exit_codes": [3]}


def test_another_pipeline_is_asked_for_what_it_returns() -> None:
    inner = pipeline({"a": score(), "b": score()}, timeout_seconds=700, returns=["a"])

    def asking(field: str) -> Environment:
        stages = {"nested": executing(), "c": score(["nested"], stage={"only_if_results": {field: ["FAILED"]}})}
        return with_pipelines(inner=inner, outer=pipeline(stages))

    where = "pipelines.outer.stages.c.only_if_results"
    assert asking("nested.results.a.status")
    assert refused(lambda: asking("nested.results.b.status")) == [f"{where}.nested.results.b.status: got 'b'"]
    assert refused(lambda: asking("nested.results")) == [f"{where}.nested.results: got ''"]


def test_the_item_is_a_parameter_of_what_is_executed() -> None:
    inner = pipeline({"a": score()}, required_parameters=["model"], timeout_seconds=700)

    def each(name: str) -> Environment:
        stage = PipelineFanOutStage(
            items=ObjectsBelow(bucket="data", prefix="in/"),
            pipeline=PipelineExecution(pipeline="inner"),
            item_parameter=name,
            results_bucket="data",
        )
        return with_pipelines(inner=inner, outer=pipeline({"each": stage}))

    assert each("model")
    assert "pipelines.outer.stages.each.item_parameter: got 'other'" in refused(lambda: each("other"))


def test_what_cleans_up_before_others_go_on_takes_time_too() -> None:
    stages = {"a": score(stage={"may_fail": True, "clean_up": ["drop"]}), "b": score(["a"])}
    clean_up = {"drop": score()}
    assert with_pipelines(nightly=pipeline(stages, clean_up=clean_up, timeout_seconds=1_800))
    assert refused(lambda: with_pipelines(nightly=pipeline(stages, clean_up=clean_up, timeout_seconds=1_799))) == [
        "pipelines.nightly.timeout_seconds: 1,800, got 1,799"
    ]
