"""What a pipe is told of its target.

Source: PipeTargetParameters in the EventBridge Pipes API reference.
"""

from collections.abc import Mapping
from typing import Any

from cdktf_cdktf_provider_aws.pipes_pipe import (
    PipesPipeTargetParameters,
    PipesPipeTargetParametersBatchJobParameters,
    PipesPipeTargetParametersBatchJobParametersArrayProperties,
    PipesPipeTargetParametersBatchJobParametersContainerOverrides,
    PipesPipeTargetParametersBatchJobParametersContainerOverridesEnvironment,
    PipesPipeTargetParametersBatchJobParametersContainerOverridesResourceRequirement,
    PipesPipeTargetParametersBatchJobParametersDependsOn,
    PipesPipeTargetParametersBatchJobParametersRetryStrategy,
    PipesPipeTargetParametersEcsTaskParameters,
    PipesPipeTargetParametersEcsTaskParametersCapacityProviderStrategy,
    PipesPipeTargetParametersEcsTaskParametersNetworkConfiguration,
    PipesPipeTargetParametersEcsTaskParametersNetworkConfigurationAwsVpcConfiguration,
    PipesPipeTargetParametersEcsTaskParametersOverrides,
    PipesPipeTargetParametersEcsTaskParametersOverridesContainerOverride,
    PipesPipeTargetParametersEcsTaskParametersOverridesContainerOverrideEnvironment,
    PipesPipeTargetParametersLambdaFunctionParameters,
    PipesPipeTargetParametersSqsQueueParameters,
    PipesPipeTargetParametersStepFunctionStateMachineParameters,
)

from modules.batch.submission import resource_requirements
from modules.canonical_json import exact_json
from modules.targets.targets import (
    FunctionTarget,
    JobTarget,
    PipelineTarget,
    QueueTarget,
    Target,
    TaskTarget,
    TopicTarget,
)
from modules.terraform_literal import terraform_literal

# What FIFO queues tell a repeated message by.
DEDUPLICATION = "$.messageId"


def target_arguments(target: Target) -> dict[str, Any]:
    """Return the arguments of a pipe that say what it starts, and with what."""
    match target:
        case JobTarget():
            arn, parameters = target.job_queue_arn, PipesPipeTargetParameters(batch_job_parameters=_job(target))
        case TaskTarget():
            arn, parameters = target.task.cluster_arn, PipesPipeTargetParameters(ecs_task_parameters=_task(target))
        case QueueTarget():
            arn, parameters = target.queue.queue_arn, _message(target)
        case TopicTarget():
            arn = target.topic.topic_arn
            parameters = PipesPipeTargetParameters(input_template=_template(target.settings.body or "$.body"))
        case PipelineTarget():
            arn = target.alias_arn
            parameters = PipesPipeTargetParameters(
                step_function_state_machine_parameters=PipesPipeTargetParametersStepFunctionStateMachineParameters(
                    invocation_type="FIRE_AND_FORGET"
                ),
                input_template=_execution_template(target.input),
            )
        case FunctionTarget():
            arn = target.function.function_arn
            parameters = PipesPipeTargetParameters(
                # Waited for: what fails comes back into the queue.
                lambda_function_parameters=PipesPipeTargetParametersLambdaFunctionParameters(
                    invocation_type="REQUEST_RESPONSE"
                ),
                input_template=_template(target.settings.payload),
            )
        case _:
            raise TypeError(f"{type(target).__name__} is nothing that a pipe starts")
    return {"target": arn, "target_parameters": parameters}


def _template(text: str | None) -> str | None:
    if text is None:
        return None
    return str(terraform_literal(f"<{text}>" if text.startswith("$.") else text))


def _execution_template(told: Mapping[str, str]) -> str:
    """Return the input of an execution; parts of the message stand inside the quotes, as parameters are texts."""
    return exact_json({name: f"<{text}>" if text.startswith("$.") else text for name, text in told.items()})


def _job(target: JobTarget) -> PipesPipeTargetParametersBatchJobParameters:
    settings = target.settings
    environment = [
        PipesPipeTargetParametersBatchJobParametersContainerOverridesEnvironment(
            name=name, value=terraform_literal(value)
        )
        for name, value in sorted(settings.environment.items())
    ]
    return PipesPipeTargetParametersBatchJobParameters(
        # Without a revision: the newest is used.
        job_definition=target.job_definition_arn,
        job_name=target.name,
        array_properties=PipesPipeTargetParametersBatchJobParametersArrayProperties(size=settings.array_size)
        if settings.array_size
        else None,
        container_overrides=PipesPipeTargetParametersBatchJobParametersContainerOverrides(
            environment=environment or None,
            command=terraform_literal(list(settings.command)) if settings.command else None,
            resource_requirement=[
                PipesPipeTargetParametersBatchJobParametersContainerOverridesResourceRequirement(**item)
                for item in resource_requirements(settings)
            ]
            or None,
        )
        if environment or settings.container_changes
        else None,
        depends_on=[PipesPipeTargetParametersBatchJobParametersDependsOn(type="SEQUENTIAL")]
        if settings.sequential
        else None,
        parameters=terraform_literal(dict(sorted(settings.parameters.items()))) or None,
        retry_strategy=PipesPipeTargetParametersBatchJobParametersRetryStrategy(attempts=settings.attempts)
        if settings.attempts
        else None,
    )


def _task(target: TaskTarget) -> PipesPipeTargetParametersEcsTaskParameters:
    return PipesPipeTargetParametersEcsTaskParameters(
        **target.run_arguments(PipesPipeTargetParametersEcsTaskParametersCapacityProviderStrategy, _network),
        overrides=_overrides(target),
    )


def _network(
    subnets: list[str], security_groups: list[str], *, assign_public_ip: bool
) -> PipesPipeTargetParametersEcsTaskParametersNetworkConfiguration:
    return PipesPipeTargetParametersEcsTaskParametersNetworkConfiguration(
        aws_vpc_configuration=PipesPipeTargetParametersEcsTaskParametersNetworkConfigurationAwsVpcConfiguration(
            subnets=subnets,
            security_groups=security_groups,
            assign_public_ip="ENABLED" if assign_public_ip else "DISABLED",
        )
    )


def _overrides(target: TaskTarget) -> PipesPipeTargetParametersEcsTaskParametersOverrides | None:
    containers = terraform_literal(target.overrides.get("containerOverrides", []))
    if not containers:
        return None
    return PipesPipeTargetParametersEcsTaskParametersOverrides(
        container_override=[
            PipesPipeTargetParametersEcsTaskParametersOverridesContainerOverride(
                name=item["name"],
                command=item.get("command"),
                environment=[
                    PipesPipeTargetParametersEcsTaskParametersOverridesContainerOverrideEnvironment(**variable)
                    for variable in item.get("environment", [])
                ]
                or None,
            )
            for item in containers
        ]
    )


def _message(target: QueueTarget) -> PipesPipeTargetParameters:
    group = target.settings.message_group_id
    return PipesPipeTargetParameters(
        # Without it, the record that SQS hands over would be sent, with the message inside.
        input_template=_template(target.settings.body or "$.body"),
        sqs_queue_parameters=PipesPipeTargetParametersSqsQueueParameters(
            message_group_id=group, message_deduplication_id=DEDUPLICATION
        )
        if group
        else None,
    )
