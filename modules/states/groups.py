"""Stages that are submitted together: jobs whose children wait for each other's. No constructs.

Nothing but Batch itself can let child n wait for child n; so the jobs have to be there before the others are done.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from modules.states.settings.stages import JobStage, StageSettings


def groups_of(stages: Mapping[str, StageSettings]) -> Mapping[str, tuple[str, ...]]:
    """Return the stages that each is submitted with, itself included, in an order that their edges allow."""
    groups = {name: {name} for name in stages}
    for name, stage in stages.items():
        for other in stage.n_to_n if isinstance(stage, JobStage) else ():
            if other in groups:
                together = groups[name] | groups[other]
                groups |= dict.fromkeys(together, together)
    order = {name: number for number, name in enumerate(_in_order(stages))}
    return {name: tuple(sorted(group, key=order.__getitem__)) for name, group in groups.items()}


def order_of(stages: Mapping[str, StageSettings]) -> Mapping[str, set[str]]:
    """Return what waits for what, each group under the name of its first stage."""
    groups = groups_of(stages)
    waits_for: dict[str, set[str]] = {group[0]: set() for group in groups.values()}
    for name, stage in stages.items():
        for other in stage.waits_for:
            first = groups[name][0]
            if other in groups and (other in stage.after or groups[other][0] != first):
                waits_for[first].add(groups[other][0])
    return waits_for


def _in_order(stages: Mapping[str, StageSettings]) -> list[str]:
    """Return the names, each after those it waits for where that is possible."""
    edges = {name: [item for item in stages[name].waits_for if item in stages] for name in sorted(stages)}
    try:
        return list(TopologicalSorter(edges).static_order())
    except CycleError:
        return sorted(stages)
