"""Containers of a job that has several: which of them decide about its end, and who waits for whom.

Source: TaskContainerProperties in the Batch API reference.
"""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import ClassVar, Literal

from pydantic import Field

from modules.batch.settings.containers import ContainerSettings, Ec2ContainerSettings
from modules.naming import ShortName
from modules.problems import Problem
from modules.settings import Sequence, Settings


class ContainerDependency(Settings):
    """Another container of the same job that must have come this far first."""

    container: ShortName
    """the other container [required]"""
    condition: Literal["START", "COMPLETE", "SUCCESS"]
    """SUCCESS: ended with exit code 0 [one of 'START', 'COMPLETE', 'SUCCESS'; required]"""


class _GroupMember(Settings, abstract=True):
    """What a container has besides, where there are several."""

    refused: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("start_timeout_seconds", "stop_timeout_seconds"),
        "provider 6.25.0 drops startTimeout and stopTimeout without a word: Batch's defaults would hold",
    )

    essential: bool = True
    """True: when it ends, the job ends; False: a helper [default True]"""
    depends_on: Sequence[ContainerDependency] = ()
    """containers to wait for [default empty]"""


class FargateGroupContainer(_GroupMember, ContainerSettings):
    """One of several containers on Fargate; they share the job's size."""

    vcpus: float = Field(gt=0)
    """its part of the job's vCPUs [more than 0; required]"""
    memory_mib: int = Field(ge=4)
    """more than this and the container is killed [at least 4; required]"""


class Ec2GroupContainer(_GroupMember, Ec2ContainerSettings):
    """One of several containers on one EC2 instance."""


def group_problems(group: Mapping[str, _GroupMember]) -> Iterator[Problem]:
    """Yield a problem if nothing ends the job, or a container waits for what never comes."""
    if not any(container.essential for container in group.values()):
        yield Problem("group", "have an essential container", "none", "nothing would end the job")
    for name, container in group.items():
        named: set[str] = set()
        for index, dependency in enumerate(container.depends_on):
            path = f"group.{name}.depends_on[{index}].container"
            if dependency.container in named:
                yield Problem(path, "be named once", repr(dependency.container), "Batch refuses the job definition")
            named.add(dependency.container)
            others = sorted(set(group) - {name})
            if dependency.container not in others:
                yield Problem(path, f"name another container ({', '.join(others)})", repr(dependency.container), "")
            elif dependency.condition != "START" and group[dependency.container].essential:
                yield Problem(
                    path,
                    f"name a container that is not essential with {dependency.condition}",
                    repr(dependency.container),
                    "the job ends when an essential container does",
                )
    yield from _cycles({name: [item.container for item in container.depends_on] for name, container in group.items()})


def _cycles(edges: Mapping[str, Iterable[str]]) -> Iterator[Problem]:
    """Yield a problem if the containers wait for each other in a circle."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        yield Problem("group", "have no circle of depends_on", " → ".join(error.args[1]), "none of them would start")
