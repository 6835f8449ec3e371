"""What a pipe is told of its target, in the keys of its API. No constructs.

Source: PipeTargetParameters in the EventBridge Pipes API reference.
"""

from typing import Any

from modules.batch.submission import resource_requirements
from modules.canonical_json import Said, plain_json
from modules.targets.targets import (
    FunctionTarget,
    JobTarget,
    PipelineTarget,
    QueueTarget,
    Target,
    TaskTarget,
    TopicTarget,
)

Document = dict[str, Any]

# What FIFO queues tell a repeated message by.
DEDUPLICATION = "$.messageId"


def target_document(target: Target) -> tuple[str, Document]:
    """Return the ARN of what a pipe starts, and the parameters that say how, and with what."""
    match target:
        case JobTarget():
            return target.job_queue_arn, {"batchJobParameters": _job(target)}
        case TaskTarget():
            return target.task.cluster_arn, {"ecsTaskParameters": _task(target)}
        case QueueTarget():
            group = target.settings.message_group_id
            parameters = {"messageGroupId": group, "messageDeduplicationId": DEDUPLICATION} if group else None
            # Without a template, the record that SQS hands over would be sent, with the message inside.
            template = _template(target.settings.body or "$.body")
            return target.queue.queue_arn, {"inputTemplate": template, "sqsQueueParameters": parameters}
        case TopicTarget():
            return target.topic.topic_arn, {"inputTemplate": _template(target.settings.body or "$.body")}
        case PipelineTarget():
            # Parts of the message stand inside the quotes, as parameters are texts.
            template = plain_json({name: _template(text) for name, text in target.input.items()})
            parameters = {"invocationType": "FIRE_AND_FORGET"}
            return target.alias_arn, {"inputTemplate": template, "stepFunctionStateMachineParameters": parameters}
        case FunctionTarget():
            # Waited for: what fails comes back into the queue.
            parameters = {"invocationType": "REQUEST_RESPONSE"}
            template = _template(target.settings.payload)
            return target.function.function_arn, {"inputTemplate": template, "lambdaFunctionParameters": parameters}
    raise TypeError(f"{type(target).__name__} is nothing that a pipe starts")


def _template(text: str | None) -> str | None:
    return f"<{text}>" if text and text.startswith("$.") else text


def _job(target: JobTarget) -> Document:
    settings = target.settings
    return {
        # Without a revision: the newest is used.
        "jobDefinition": target.job_definition_arn,
        "jobName": target.name,
        "arrayProperties": {"size": settings.array_size},
        "containerOverrides": {
            "environment": [{"name": name, "value": value} for name, value in sorted(settings.environment.items())],
            "command": settings.command,
            "resourceRequirement": resource_requirements(settings),
        },
        "dependsOn": [{"type": "SEQUENTIAL"}] if settings.sequential else [],
        "parameters": {name: Said(value) for name, value in sorted(settings.parameters.items())},
        "retryStrategy": {"attempts": settings.attempts},
    }


def _task(target: TaskTarget) -> Document:
    document = target.run_document
    network = document["networkConfiguration"]
    if network:
        assigned = "ENABLED" if network["assignPublicIp"] else "DISABLED"
        document["networkConfiguration"] = {"awsVpcConfiguration": {**network, "assignPublicIp": assigned}}
    return document | {"overrides": {"containerOverride": target.overrides.get("containerOverrides")}}
