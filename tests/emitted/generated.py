"""Good environments that nobody wrote: shipped ones and examples with values replaced, here and there or at edges."""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from modules.settings import collect_problems, nested_problems
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.generated import drawn, objects_in, parts_of, replaced, value_of
from tests.shipped import PACKAGES
from tests.stacks.environments import environment

MOST_REPLACED = 8


@cache
def bases() -> list[Environment]:
    """Return whole environments and, of each, the parts that stand by themselves."""
    wholes = [environment(), *chain.from_iterable(load_environments(package=package) for package in PACKAGES)]
    return [*wholes, *chain.from_iterable(map(parts_of, wholes))]


def generated_environments(count: int) -> Iterator[Environment]:
    """Yield good environments, each with several values replaced by others of the same kind; the same in every run."""
    made: list[Environment] = []

    @settings(max_examples=count, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(some.data())
    def make(data: some.DataObject) -> None:
        kept = drawn(data, bases())
        for _ in range(data.draw(some.integers(1, MOST_REPLACED))):
            path, holder = drawn(data, [item for item in objects_in(kept) if type(item[1]).model_fields])
            name = drawn(data, list(type(holder).model_fields))
            with collect_problems():
                changed = replaced(kept, (*path, name), data.draw(value_of(type(holder), name)))
            kept = kept if list(nested_problems(changed)) else changed
        made.append(kept)

    make()
    yield from made
