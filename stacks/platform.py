"""Wire the stacks of one environment. A stack with nothing in it is not emitted."""

from cdktf import App

from modules.sqs.message_queue import MessageQueue
from stacks.access import SharedResources
from stacks.batch import BatchStack
from stacks.environment import Environment
from stacks.network import define_network
from stacks.queues import define_queues
from stacks.services import ServicesStack
from stacks.storage import define_storage


def build_platform(app: App, environment: Environment) -> None:
    """Define every stack of ``environment`` in ``app``; later stacks refer to earlier ones through their states."""
    network = define_network(app, environment)
    queues = define_queues(app, environment)
    own_queues = {name: queue for name, queue in queues.items() if isinstance(queue, MessageQueue)}
    shared = SharedResources(environment, network, queues, define_storage(app, environment, network, own_queues))
    if environment.compute_environments or environment.job_definitions:
        BatchStack(app, environment, shared)
    if environment.clusters:
        ServicesStack(app, environment, shared)
