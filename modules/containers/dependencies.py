"""Containers that start and end together, as one task: which of them decide about its end, and who waits for whom.

Source: TaskContainerDependency in the Batch API reference, ContainerDependency in that of ECS.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from modules.cycles import cycle_in
from modules.naming import ShortName
from modules.problems import Problem
from modules.settings import Sequence, Settings


class ContainerDependency(Settings):
    """Another container of the same task that must have come this far first."""

    container: ShortName
    """the other container [required]"""
    condition: Literal["START", "COMPLETE", "SUCCESS", "HEALTHY"]
    """START: it runs; COMPLETE: it ended; SUCCESS: it ended with 0; HEALTHY: its health check passed, which only the
    containers of ECS services and tasks have [one of 'START', 'COMPLETE', 'SUCCESS', 'HEALTHY'; required]"""


class TaskMember(Settings, abstract=True):
    """What a container has besides, where there are several."""

    essential: bool = True
    """True: when it ends, all end; False: a helper [default True]"""
    depends_on: Sequence[ContainerDependency] = ()
    """containers to wait for [default empty]"""

    @property
    def has_health_check(self) -> bool:
        """Return whether anything tells that it works."""
        return False


def dependency_problems(containers: Mapping[str, TaskMember]) -> Iterator[Problem]:
    """Check that something ends the containers of a task, and that none waits for what never comes."""
    if not any(container.essential for container in containers.values()):
        yield Problem("containers", "have an essential container", "none", "otherwise nothing stops the others")
    for name, container in containers.items():
        named: set[str] = set()
        for index, dependency in enumerate(container.depends_on):
            path = f"containers.{name}.depends_on[{index}]"
            if dependency.container in named:
                reason = "AWS refuses a second dependency on the same container"
                yield Problem(f"{path}.container", "be named once", repr(dependency.container), reason)
            named.add(dependency.container)
            yield from _unmet_problems(path, dependency, {key: containers[key] for key in containers if key != name})
    cycle = cycle_in({name: [item.container for item in member.depends_on] for name, member in containers.items()})
    if cycle:
        yield Problem("containers", "have no cycle in depends_on", cycle, "none of them would start")


def _unmet_problems(path: str, dependency: ContainerDependency, others: Mapping[str, TaskMember]) -> Iterator[Problem]:
    name, condition = dependency.container, dependency.condition
    if name not in others:
        known = ", ".join(sorted(others)) or "no other"
        yield Problem(f"{path}.container", "name another container of the task", repr(name), fix=f"known: {known}")
        return
    if condition in {"COMPLETE", "SUCCESS"} and others[name].essential:
        rule = f"not be {condition} where {name} is essential"
        yield Problem(f"{path}.condition", rule, repr(condition), "all containers stop when an essential one does")
    if condition == "HEALTHY" and not others[name].has_health_check:
        rule = f"not be HEALTHY where {name} has no health_check"
        yield Problem(f"{path}.condition", rule, repr(condition), "its health is never checked")
