"""Whatever pipeline there is: it ends in one of its ends, and what waits for something comes after it."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from modules.problems import SettingsError
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import JobStage
from tests.modules.states.pipelines import executed, job, pipeline

NAMES, EDGES = "abcde", ("after", "n_to_n")
# With a clean-up an execution ends with the first; without, a stage's own does, too.
ERRORS = ["StageFailed", "States.TaskFailed"]
EXTRAS: list[dict[str, Any]] = [
    {},
    {},
    {"retry": StageRetry(attempts=2)},
    {"capacity": [CapacityStep(job_queue="spot"), CapacityStep(job_queue="usual")]},
    {"may_fail": True},
    {"may_fail": True, "clean_up": ["drop"]},
    {"clean_up": ["drop"]},
]


@st.composite
def pipelines(draw: st.DrawFn) -> PipelineSettings:
    """Return a pipeline in which stages wait for those with earlier letters, some for children only."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    edges = {pair: draw(st.sampled_from(["", "", "after", "n_to_n"])) for pair in combinations(names, 2)}
    in_groups = {name for pair, kind in edges.items() if kind == "n_to_n" for name in pair}
    stages: dict[str, JobStage] = {}
    for name in names:
        waits = {kind: [one for (one, other), item in edges.items() if (other, item) == (name, kind)] for kind in EDGES}
        extra = {} if name in in_groups else draw(st.sampled_from(EXTRAS))
        if any("drop" in stage.clean_up for stage in stages.values()):
            extra = {key: value for key, value in extra.items() if key != "clean_up"}
        before = [other for other in waits["after"] if other not in in_groups]
        if before and name not in in_groups and draw(st.booleans()):
            extra |= {"only_if_results": {f"{before[0]}.status": ["SUCCEEDED"]}}
        stages[name] = job(waits["after"], array_size=2, n_to_n=waits["n_to_n"], **extra)
    own = {"drop": job()} if any(stage.clean_up for stage in stages.values()) else {}
    try:
        return pipeline(stages, clean_up=own | draw(st.sampled_from([{}, {"sweep": job()}])))
    except SettingsError:  # what waits in turn for stages that are submitted together
        reject()


def attempts(stage: JobStage) -> int:
    return len(stage.capacity) or (stage.retry.attempts if stage.retry else 1)


# Each example is an execution: one that fails is shown as it is, not searched for the smallest.
@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.data())
def test_every_pipeline_ends_in_one_of_its_ends_and_respects_every_edge(data: st.DataObject) -> None:
    made = data.draw(pipelines())
    fails: Mapping[str, int] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(made.stages, st.just(1))))
    result = executed(made, **fails)
    stages = {name: stage for name, stage in made.stages.items() if isinstance(stage, JobStage)}
    failed = {name for name, count in fails.items() if count >= attempts(stages[name])} & set(result.jobs)
    failing = {name for name in failed if not stages[name].may_fail}
    for name in failed:
        # Branches beside one that fails are ended.
        assert "drop" not in stages[name].clean_up or "drop" in result.jobs or len(failed) > 1
    if not failing:
        assert (result.status, result.error) == ("SUCCEEDED", ""), result.cause
        left_out = {name for name in stages if name not in result.jobs}
        assert all(skipped(stages[name], failed | left_out) for name in left_out)
    else:
        assert result.status == "FAILED"
        assert result.error in ERRORS[: 1 if "sweep" in made.clean_up else 2]
        assert "sweep" not in made.clean_up or result.jobs.count("sweep") == 1  # branches beside may still begin
    for name, stage in stages.items():
        if name in result.jobs:
            begun = result.jobs.index(name)
            for other in stage.waits_for:
                assert other in result.jobs[:begun] or stages[other].only_if_results
                assert other not in result.jobs[begun:]


def skipped(stage: JobStage, without_success: set[str]) -> bool:
    """Return whether a stage asks for the success of one that had none."""
    return any(path.partition(".")[0] in without_success for path in stage.only_if_results)
