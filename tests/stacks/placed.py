"""One part of an environment, in the stack that it has by itself."""

from cdktf import App

from stacks.environment import Environment
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from tests.conftest import Synthesized


def queues_stack(settings: Environment) -> Synthesized:
    """Return the stack of the queues."""
    placement = Placement(App(stack_traces=False), settings)
    EnvironmentQueues(placement)
    return Synthesized(placement.stack("queues"))
