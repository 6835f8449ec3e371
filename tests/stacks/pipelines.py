"""An environment with pipelines of a job that has a parameter, on queues with and without shares."""

from collections.abc import Mapping
from typing import Any

from modules.batch.settings.submissions import JobRequest
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, StageSettings
from stacks.environment import Environment
from tests.stacks.environments import environment, fargate_job

SCORE = fargate_job(
    job_queues=["light", "shared"],
    scheduling_priority=1,
    command=["score", "Ref::model"],
    parameters={"model": "baseline"},
)


def score(after: list[str] | None = None, *, stage: dict[str, Any] | None = None, **values: Any) -> JobStage:
    return JobStage(after=after or [], job=JobRequest(job_definition="score", **values), **(stage or {}))


def pipeline(stages: Mapping[str, StageSettings], **values: Any) -> PipelineSettings:
    made: dict[str, Any] = {"stages": dict(stages), "timeout_seconds": 86_400}
    return PipelineSettings(**made | values)


def with_pipelines(**pipelines: PipelineSettings) -> Environment:
    return environment(job_definitions={"score": SCORE}, pipelines=pipelines)
