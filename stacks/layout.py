"""How an environment is cut into Terraform root modules: one settings class for each way."""

from typing import ClassVar

from modules.settings import Settings

# What an environment consists of, each after those whose outputs it reads or that it starts.
PARTS = ("network", "queues", "storage", "batch", "services", "pipeline", "triggers", "operations")


class LayoutSettings(Settings, abstract=True):
    """Base of the layouts. ``stacks`` has what the names of an environment's stacks end in, in the order of apply."""

    stacks: ClassVar[tuple[str, ...]]

    def stack_of(self, part: str) -> str:
        """Return which of ``stacks`` a part is in."""
        raise NotImplementedError


class LayeredStacks(LayoutSettings):
    """A stack with a state of its own for each part: small plans, and who deploys services cannot touch buckets."""

    stacks: ClassVar = PARTS

    def stack_of(self, part: str) -> str:
        """Return the part itself."""
        return part


class OneStack(LayoutSettings):
    """Everything in one stack with one state: the first plan shows all there will be, and one workspace is enough."""

    stacks: ClassVar = ("platform",)

    def stack_of(self, part: str) -> str:
        """Return the only stack, whatever the part."""
        del part
        return self.stacks[0]


LAYOUTS: tuple[type[LayoutSettings], ...] = (LayeredStacks, OneStack)
