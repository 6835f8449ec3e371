"""What starts jobs and tasks: pipelines, schedules, messages, events."""

from modules.batch.settings.submissions import JobRequest
from modules.events.matching import IsThere
from modules.events.settings import RuleSettings
from modules.events.sources import JobStateChange
from modules.pipes.settings import MessageFilter, PipeSettings
from modules.scheduler.settings import ScheduleSettings
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, MessageStage
from modules.targets.settings import Drain, PipelineExecution, QueueMessage, TaskRun

SCHEDULES = {
    "recheck-nightly": ScheduleSettings(
        target=Drain(backlog="recheck"),
        expression="cron(0 22 * * ? *)",
        dead_letter_queue="unstarted",
    ),
    "embed-nightly": ScheduleSettings(
        target=PipelineExecution(pipeline="nightly", parameters={"date": "<aws.scheduler.scheduled-time>"}),
        expression="cron(0 1 * * ? *)",
        dead_letter_queue="unstarted",
    ),
    "reindex-weekly": ScheduleSettings(
        target=TaskRun(task_definition="reindex"),
        expression="cron(0 3 ? * SUN *)",
        dead_letter_queue="unstarted",
    ),
    "train-weekly": ScheduleSettings(
        target=PipelineExecution(pipeline="retraining"),
        expression="cron(0 6 ? * SAT *)",
        dead_letter_queue="unstarted",
    ),
}

PIPES = {
    # What somebody asks for: {"date": "2026-11-26"}.
    "embed-requests": PipeSettings(
        queue="requests",
        target=JobRequest(job_definition="embed-images", parameters={"date": "$.body.date"}),
        filters=[MessageFilter(matches={"body.date": [IsThere()]})],
    ),
}

RULES = {
    "failed-jobs": RuleSettings(
        event=JobStateChange(states=["FAILED"]),
        target=QueueMessage(queue="failed-jobs"),
        dead_letter_queue="unstarted",
    ),
}

PIPELINES = {
    "retraining": PipelineSettings(
        timeout_seconds=259_200,
        stages={
            "train": JobStage(job=JobRequest(job_definition="train")),
            "notify": MessageStage(after=["train"], message=QueueMessage(queue="notices")),
        },
        clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
    ),
    "urgent": PipelineSettings(
        required_parameters=["key"],
        timeout_seconds=21_600,
        stages={
            "embed": JobStage(job=JobRequest(job_definition="embed-documents")),
            "notify": MessageStage(after=["embed"], message=QueueMessage(queue="notices")),
        },
        clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
    ),
}


def nightly(embed_jobs: int, shard_jobs: int) -> PipelineSettings:
    """Return the pipeline of each night, whose arrays have so many jobs."""
    return PipelineSettings(
        parameters={"date": "today"},
        timeout_seconds=129_600,
        stages={
            "embed": JobStage(job=JobRequest(job_definition="embed-images", array_size=embed_jobs)),
            "shard": JobStage(after=["embed"], job=JobRequest(job_definition="shard", array_size=shard_jobs)),
            "merge": JobStage(after=["shard"], job=JobRequest(job_definition="merge")),
            "notify": MessageStage(after=["merge"], message=QueueMessage(queue="notices")),
        },
        clean_up={"warn": MessageStage(message=QueueMessage(queue="notices"))},
    )
