"""Functions of others that are given messages of an environment's queues."""

from collections.abc import Iterator, Mapping

from constructs import Construct

from modules.iam.policy import policy_document
from modules.lambda_functions.queue_consumer import QueueConsumer, role_statements
from modules.lambda_functions.settings import QueueConsumption
from modules.sqs.queue import Queue
from stacks.base import PlatformStack
from stacks.environment_settings import EnvironmentSettings


def consumers(environment: EnvironmentSettings) -> Iterator[tuple[str, str, QueueConsumption]]:
    """Yield function, queue and settings of each consumption, by short name."""
    for name, function in sorted(environment.functions.items()):
        for queue, settings in sorted(function.consumes.items()):
            yield name, queue, settings


def define_consumers(stack: PlatformStack, queues: Mapping[str, Queue]) -> None:
    """Define what hands messages of ``queues`` to functions."""
    scope = stack.map_scope("functions")
    scopes: dict[str, Construct] = {}
    for name, queue, settings in consumers(stack.environment):
        if name not in scopes:
            scopes[name] = Construct(Construct(scope, name), "consumes")
        arn = stack.environment.functions[name].function_arn
        QueueConsumer(scopes[name], queue, function_arn=arn, queue=queues[queue], settings=settings)


def add_policies(stack: PlatformStack, queues: Mapping[str, Queue]) -> None:
    """Put out, for the owners of functions, what the roles of these must be allowed: Lambda asks for it at once."""
    policies: dict[str, dict[str, str]] = {}
    for name, queue, _ in consumers(stack.environment):
        policies.setdefault(name, {})[queue] = policy_document(role_statements(queues[queue]))
    description = "Policies that the roles of functions need, by function and by the queue that it consumes"
    stack.add_output("function_policies", description, policies)
