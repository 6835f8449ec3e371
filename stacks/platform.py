"""Wire the stacks of one environment. A stack with nothing in it is not emitted."""

from cdktf import App

from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.queues import QueuesStack


def build_platform(app: App, environment: Environment) -> None:
    """Define every stack of ``environment`` in ``app``; later stacks refer to earlier ones through their states."""
    if any(isinstance(queue, MessageQueueSettings) for queue in environment.queues.values()):
        QueuesStack(app, environment)
