"""The RegisterJobDefinition request of a job definition: what the provider is told, and what Batch limits in size.

No constructs.
"""

from collections.abc import Mapping

from modules.batch.documents import JobContext, ecs_job
from modules.batch.pods import eks_job
from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.eks_job_definitions import EksJobDefinition
from modules.batch.settings.job_definitions import MultiNodeJobDefinition
from modules.containers.documents import Document

# "Maximum job definition size (for RegisterJobDefinition API operations)" in the Batch user guide.
MAX_REGISTRATION_BYTES = 24 * 1_024


def registration(
    name: str, settings: JobDefinitionSettings, context: JobContext, tags: Mapping[str, str] | None = None
) -> Document:
    """Return the request in the keys of the API. ``tags``: those that every resource has, besides the job's own."""
    of_its_kind = (
        eks_job(settings, context.repository_uris)
        if isinstance(settings, EksJobDefinition)
        else ecs_job(settings, context)
    )
    return {
        "jobDefinitionName": name,
        "type": "multinode" if isinstance(settings, MultiNodeJobDefinition) else "container",
        "parameters": dict(sorted(settings.parameters.items())),
        "retryStrategy": {
            "attempts": settings.retry.attempts,
            "evaluateOnExit": [
                {
                    "action": rule.action,
                    "onStatusReason": rule.on_status_reason,
                    "onReason": rule.on_reason,
                    "onExitCode": rule.on_exit_code,
                }
                for rule in settings.retry.evaluate_on_exit
            ],
        },
        "timeout": {"attemptDurationSeconds": settings.timeout_seconds},
        "schedulingPriority": settings.scheduling_priority,
        "tags": dict(sorted({**(tags or {}), **settings.tags}.items())),
        **of_its_kind,
    }
