"""What a stage says to AWS, as service integrations of Step Functions: plain data with paths into the state's input.

``$.input`` is what the execution was told, completed by the pipeline's defaults. Source: "Integrating optimized
services with Step Functions" and "Passing parameters to a service API in Step Functions" in the Step Functions
developer guide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modules.states.settings.items import PLACEHOLDER, placeholders_in
from modules.targets.documents import pascal_case

# Faults of AWS that pass; "States.TaskFailed" would be the stage's own failure, too.
PASSING_FAULTS = {
    "ecs": ("ECS.AmazonECSException", "ECS.SdkClientException", "ECS.ServerException"),
    "lambda": ("Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.ServiceException"),
    "batch": ("Batch.AWSBatchException", "Batch.SdkClientException", "Batch.ServerException"),
    "sns": ("SNS.AmazonSNSException", "SNS.SdkClientException"),
    "sqs": ("SQS.AmazonSQSException", "SQS.SdkClientException"),
    "states": ("StepFunctions.AWSStepFunctionsException", "StepFunctions.SdkClientException"),
    # Calls of any other action have the names of the SDK for Java.
    "aws-sdk:s3": ("S3.S3Exception", "S3.SdkClientException"),
    "aws-sdk:sqs": ("Sqs.SdkClientException", "Sqs.SqsException"),
}

ONCE = "States.Format('{} {}', $$.Execution.Id, $$.State.Name)"


@dataclass(frozen=True)
class ServiceCall:
    """A request of a service's API: ``batch:submitJob.sync`` and its arguments, whose keys end in ``.$`` for paths.

    ``bucket_names``: where the items are that it is made for each of, and where their results go.
    """

    action: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    bucket_names: tuple[str, str] = ("", "")

    @property
    def passing_faults(self) -> list[str]:
        """The errors of the service that are worth another try."""
        return list(PASSING_FAULTS[self.action.rpartition(":")[0] if "aws-sdk" in self.action else self.service])

    @property
    def service(self) -> str:
        """The service that is called."""
        return self.action.partition(":")[0]

    def but(self, action: str | None = None, **arguments: Any) -> "ServiceCall":
        """Return the same request with another action or other arguments."""
        return replace(self, action=action or self.action, arguments={**self.arguments, **arguments})


def job_call(request: Mapping[str, Any], *, parameters: Iterable[str] = (), takes_share: bool = False) -> ServiceCall:
    """Return the call that submits a job and waits for it, from a SubmitJob request in the keys of the API.

    ``parameters`` are those that come from the execution's input; so does the share where ``takes_share``.
    """
    arguments = dict(pascal_case(request))
    given = arguments.pop("Parameters", {})
    named = {name: value for name, value in given.items() if name not in set(parameters)}
    if all_parameters := named | {f"{name}.$": f"$.input.{name}" for name in parameters}:
        arguments["Parameters"] = dict(sorted(all_parameters.items()))
    if takes_share:
        arguments["ShareIdentifier.$"] = "$.input.share_identifier"
    return ServiceCall("batch:submitJob.sync", arguments)


def task_call(request: Mapping[str, Any]) -> ServiceCall:
    """Return the call that runs a task and waits until it has stopped, from a RunTask request."""
    return ServiceCall("ecs:runTask.sync", pascal_case(request))


def function_call(function_arn: str, payload: Any) -> ServiceCall:
    """Return the call of a function, which is waited for."""
    return ServiceCall("lambda:invoke", {"FunctionName": function_arn, "Payload": payload})


def pipeline_call(state_machine_arn: str, execution_input: Mapping[str, Any], parameters: Iterable[str]) -> ServiceCall:
    """Return the call that executes another pipeline and waits for it."""
    told = {**execution_input, **{f"{name}.$": f"$.input.{name}" for name in parameters}}
    # Under this key the console shows which execution started which.
    told["AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$"] = "$$.Execution.Id"
    return ServiceCall("states:startExecution.sync:2", {"StateMachineArn": state_machine_arn, "Input": told})


def message_call(queue_url: str, body: Any, *, group_id: str | None = None, fifo: bool = False) -> ServiceCall:
    """Return the call that sends a message to a queue."""
    arguments: dict[str, Any] = {"QueueUrl": queue_url, "MessageBody": body}
    if group_id:
        arguments["MessageGroupId"] = group_id
    if fifo:  # one message for each stage of an execution, however often it is sent
        arguments["MessageDeduplicationId.$"] = f"States.Hash({ONCE}, 'SHA-256')"
    return ServiceCall("sqs:sendMessage", arguments)


def publish_call(topic_arn: str, body: Any) -> ServiceCall:
    """Return the call that sends a message to a topic."""
    return ServiceCall("sns:publish", {"TopicArn": topic_arn, "Message": body})


def count_call(queue_url: str) -> ServiceCall:
    """Return the call that counts the messages of a queue."""
    return ServiceCall(
        "aws-sdk:sqs:getQueueAttributes",
        {
            "QueueUrl": queue_url,
            "AttributeNames": [
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesDelayed",
                "ApproximateNumberOfMessagesNotVisible",
            ],
        },
    )


def receive_call(queue_url: str) -> ServiceCall:
    """Return the call that takes a message of a queue, which is hidden from then on, if there is one."""
    return ServiceCall(
        "aws-sdk:sqs:receiveMessage", {"QueueUrl": queue_url, "MaxNumberOfMessages": 1, "WaitTimeSeconds": 10}
    )


def read_call(bucket_name: str, key: str) -> ServiceCall:
    """Return the call that reads a file whose key may have parameters of the pipeline."""
    return ServiceCall("aws-sdk:s3:getObject", {"Bucket": bucket_name, **filled("Key", key)})


def filled(name: str, template: str) -> dict[str, str]:
    """Return a key or prefix as an argument, with what the execution says in place of ``{parameter}``."""
    names = placeholders_in(template)
    if not names:
        return {name: template}
    paths = ", ".join(f"$.input.{parameter}" for parameter in names)
    return {f"{name}.$": f"States.Format('{PLACEHOLDER.sub('{}', template)}', {paths})"}


def report() -> dict[str, str]:
    """Return what a notification says about an execution."""
    return {
        "execution.$": "$$.Execution.Id",
        "input.$": "$$.Execution.Input",
        "pipeline.$": "$$.StateMachine.Name",
        "stage.$": "$$.State.Name",
    }
