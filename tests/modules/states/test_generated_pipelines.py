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
EXTRAS: list[dict[str, Any]] = [
    {},
    {},
    {"retry": StageRetry(attempts=2)},
    {"capacity": [CapacityStep(job_queue="spot"), CapacityStep(job_queue="usual")]},
]


@st.composite
def pipelines(draw: st.DrawFn) -> PipelineSettings:
    """Return a pipeline in which stages wait for those with earlier letters, some for children only."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    edges = {pair: draw(st.sampled_from(["", "", "after", "n_to_n"])) for pair in combinations(names, 2)}
    in_groups = {name for pair, kind in edges.items() if kind == "n_to_n" for name in pair}
    stages = {}
    for name in names:
        waits = {kind: [one for (one, other), item in edges.items() if (other, item) == (name, kind)] for kind in EDGES}
        extra = {} if name in in_groups else draw(st.sampled_from(EXTRAS))
        stages[name] = job(waits["after"], array_size=2, n_to_n=waits["n_to_n"], **extra)
    try:
        return pipeline(stages, clean_up=draw(st.sampled_from([{}, {"sweep": job()}])))
    except SettingsError:  # what waits in turn for stages that are submitted together
        reject()


def attempts(stage: JobStage) -> int:
    return len(stage.capacity) or (stage.retry.attempts if stage.retry else 1)


# Each example is an execution: one that fails is shown as it is, not searched for the smallest.
@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.data())
def test_every_pipeline_ends_in_one_of_its_ends_and_respects_every_edge(data: st.DataObject) -> None:
    made = data.draw(pipelines())
    fails: Mapping[str, int] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(made.stages, st.just(1))))
    result = executed(made, **fails)
    stages = {name: stage for name, stage in made.stages.items() if isinstance(stage, JobStage)}
    failing = {name for name, count in fails.items() if count >= attempts(stages[name])}
    if not failing & set(result.jobs):
        assert (result.status, result.error) == ("SUCCEEDED", "")
        assert sorted(set(result.jobs)) == sorted(stages)
    else:
        assert (result.status, result.error) == ("FAILED", "StageFailed" if made.clean_up else "States.TaskFailed")
        assert not made.clean_up or result.jobs.count("sweep") == 1  # branches beside may still begin
    for name, stage in stages.items():
        if name in result.jobs:
            begun = result.jobs.index(name)
            for other in stage.waits_for:
                assert other in result.jobs[:begun]
                assert other not in result.jobs[begun:]
