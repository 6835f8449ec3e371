"""What is proved of environments as they are shipped."""

from functools import cache

from proofs.environment import Proofs
from proofs.world import EmittedWorld
from tests.shipped import PACKAGES, shipped_stacks
from tests.worlds import as_shipped

ENVIRONMENTS = as_shipped(*PACKAGES)


@cache
def shipped_world(name: str) -> EmittedWorld:
    """Return the policies of an environment, read once."""
    package, environment = ENVIRONMENTS[name]
    stacks = {stack: item for stack, item in shipped_stacks(package).items() if stack.rpartition("-")[0] == name}
    return EmittedWorld(environment, stacks)


def proofs_of(name: str) -> Proofs:
    """Return the proofs of an environment, whose policies may be changed."""
    return Proofs(shipped_world(name))
