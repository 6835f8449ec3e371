"""Which stack each part of an environment is in, and what of a part other stacks see."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from cdktf import App

from stacks.base import PlatformStack
from stacks.environment import Environment

T = TypeVar("T")


class Placement:
    """The stacks of one environment, as its layout has them; each is defined when the first part asks for it."""

    def __init__(self, app: App, environment: Environment) -> None:
        self.environment = environment
        self._app = app
        self._stacks: dict[str, PlatformStack] = {}

    def stack(self, part: str) -> PlatformStack:
        """Return the stack that ``part`` is in."""
        name = self.environment.layout.stack_of(part)
        if name not in self._stacks:
            self._stacks[name] = PlatformStack(self._app, self.environment, name)
        return self._stacks[name]

    @property
    def stacks(self) -> list[PlatformStack]:
        """Return all that there are so far."""
        return list(self._stacks.values())


class Seen(Mapping[str, T]):
    """The things of one map as one stack sees them, by short name.

    Each is made when it is first asked for, so that a stack reads nothing that it does not use.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names, self._make = sorted(names), make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
