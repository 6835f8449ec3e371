"""Pipelines of jobs that are called like their stages, and what these say to AWS."""

from collections.abc import Mapping
from typing import Any

from modules.batch.settings.submissions import JobRequest
from modules.naming import AwsLocation
from modules.states.calls import job_call
from modules.states.document import Calls, pipeline_document
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, StageSettings
from tests.state_machines import ACCOUNT, REGION, Run, run


def job(after: list[str] | None = None, *, array_size: int | None = None, **values: Any) -> JobStage:
    return JobStage(after=after or [], job=JobRequest(job_definition="any", array_size=array_size), **values)


def pipeline(stages: Mapping[str, StageSettings], **values: Any) -> PipelineSettings:
    made: dict[str, Any] = {"stages": dict(stages), "timeout_seconds": 86_400}
    return PipelineSettings(**made | values)


def calls(settings: PipelineSettings) -> Calls:
    """Return what each job says; one with steps of capacity goes to the queues of these."""
    names = {
        name: [step.job_queue for step in stage.capacity] or ["usual"]
        for name, stage in settings.all_stages.items()
        if isinstance(stage, JobStage)
    }
    return {
        name: [job_call({"jobName": name, "jobQueue": queue, "jobDefinition": name}) for queue in queues]
        for name, queues in names.items()
    }


def document_of(settings: PipelineSettings, said: Calls) -> dict[str, Any]:
    return pipeline_document(settings, said, AwsLocation(REGION, ACCOUNT))


def executed(settings: PipelineSettings, told: Mapping[str, Any] | None = None, /, **fails: int) -> Run:
    """Execute a pipeline of jobs; ``fails``: how often the job of each stage fails."""
    return run(document_of(settings, calls(settings)), told, fails=fails)
