"""The RegisterJobDefinition request of a job definition, whose size Batch limits. No constructs."""

from collections.abc import Mapping
from typing import Any

from modules.batch.settings.job_definitions import JobDefinitionSettings, MultiNodeJobDefinition
from modules.batch.settings.retries import RetryRule

# "Maximum job definition size (for RegisterJobDefinition API operations)" in the Batch user guide.
MAX_REGISTRATION_BYTES = 24 * 1_024


def registration(
    name: str, settings: JobDefinitionSettings, of_its_kind: Mapping[str, Any], tags: Mapping[str, str]
) -> dict[str, Any]:
    """Return the request in the keys of the API. ``of_its_kind`` comes from ``documents.ecs_job`` or ``pods.eks_job``.

    ``tags`` are those that every resource has, besides the definition's own.
    """
    return {
        "jobDefinitionName": name,
        "type": "multinode" if isinstance(settings, MultiNodeJobDefinition) else "container",
        "parameters": dict(sorted(settings.parameters.items())),
        "retryStrategy": {
            "attempts": settings.retry.attempts,
            "evaluateOnExit": [_retry_rule(rule) for rule in settings.retry.evaluate_on_exit],
        },
        "timeout": {"attemptDurationSeconds": settings.timeout_seconds},
        "schedulingPriority": settings.scheduling_priority,
        "tags": dict(sorted({**tags, **settings.tags}.items())),
        **of_its_kind,
    }


def _retry_rule(rule: RetryRule) -> Mapping[str, str | None]:
    return {
        "action": rule.action,
        "onStatusReason": rule.on_status_reason,
        "onReason": rule.on_reason,
        "onExitCode": rule.on_exit_code,
    }
