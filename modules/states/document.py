"""A pipeline as a state machine: Amazon States Language, as plain data. No constructs.

It is written with JSONPath. JSONata is shorter, but the interpreters that run state machines outside of AWS do not have
it, and what has never been run is not known to work.

A state's input is an object: ``input``, what the execution was told; ``last``, what was done last; ``failure``, if
something failed. Results of stages are not kept: together they could exceed the 256 KiB that a state may be given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modules.naming import AwsLocation
from modules.states.calls import ServiceCall
from modules.states.execution import input_states
from modules.states.groups import groups_of, order_of
from modules.states.ordering import AtOnce, Block, InTurn, Leaf, block_of, leaves
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import StageSettings
from modules.states.stage_states import Exits, State, States, choice_states, leaving, stage_states, task_state

FAILED = "Failed"
MOST_NAME_LENGTH = 80

Calls = Mapping[str, Sequence[ServiceCall]]


def pipeline_document(
    pipeline: PipelineSettings, calls: Calls, location: AwsLocation, *, from_pipe: bool = False
) -> dict[str, Any]:
    """Return the definition of the state machine. ``calls``: what each stage says to AWS, by its name.

    ``from_pipe``: messages start it, too.
    """
    clean_up: States = {}
    failed = None
    if pipeline.clean_up:
        failed_exits = Exits(done=FAILED, failed=FAILED, failure_path="$.clean_up_failure")
        failed, clean_up = _Stages(pipeline.clean_up, calls, location).machine(failed_exits)
        clean_up[FAILED] = {
            "Type": "Fail",
            "Error": "StageFailed",
            "CausePath": "States.Format('{}: {}', $.failure.Error, $.failure.Cause)",
        }
    first, states = _Stages(pipeline.stages, calls, location).machine(Exits(failed=failed))
    begin = input_states(pipeline, first, from_pipe=from_pipe)
    return {
        "StartAt": next(iter(begin)),
        "States": begin | states | clean_up,
        "TimeoutSeconds": pipeline.timeout_seconds,
    }


@dataclass(frozen=True)
class _Stages:
    stages: Mapping[str, StageSettings]
    calls: Calls
    location: AwsLocation

    def machine(self, exits: Exits) -> tuple[str, States]:
        """Return the first state and all states."""
        return self._block(block_of(order_of(self.stages)), exits)

    def _block(self, block: Block, exits: Exits) -> tuple[str, States]:
        match block:
            case Leaf(name):
                return self._group(groups_of(self.stages)[name], exits)
            case AtOnce(blocks):
                return self._branches(blocks, exits)
            case InTurn(blocks):
                first, states = self._block(blocks[-1], exits)
                for inner in reversed(blocks[:-1]):
                    first, more = self._block(inner, replace(exits, done=first))
                    states = more | states
                return first, states

    def _group(self, names: Sequence[str], exits: Exits) -> tuple[str, States]:
        """Return the states of stages that are submitted together; those that no other waits for are waited for."""
        if len(names) == 1:
            name = names[0]
            states = stage_states(name, self.stages[name], self.calls[name], self.location, exits)
            condition = self.stages[name].only_if
            if not condition:
                return name, states
            asked = choice_states(name, condition, exits)
            return next(iter(asked)), asked | states
        awaited = {other for name in names for other in self.stages[name].waits_for}
        last = [name for name in names if name not in awaited]
        first, states = self._waiting(last, exits)
        for name in reversed([name for name in names if name in awaited]):
            submitted = self._call(name).but("batch:submitJob")
            state = task_state(name, submitted, self.location)
            state |= {"ResultSelector": {"id.$": "$.JobId"}, "ResultPath": f"$.jobs.{_key(name)}"}
            states = {name: leaving(state, replace(exits, done=first))} | states
            first = name
        return first, states

    def _waiting(self, names: Sequence[str], exits: Exits) -> tuple[str, States]:
        inner = exits if len(names) == 1 else Exits()
        ends = [
            (name, stage_states(name, self.stages[name], [self._call(name)], self.location, inner)) for name in names
        ]
        return ends[0] if len(names) == 1 else self._parallel(names, ends, exits)

    def _call(self, name: str) -> ServiceCall:
        """Return the call of a job with its dependencies, whose ids are those of jobs that were submitted."""
        [call] = self.calls[name]
        stage = self.stages[name]
        depends_on = [
            {"JobId.$": f"$.jobs.{_key(other)}.id", "Type": "N_TO_N"} for other in getattr(stage, "n_to_n", ())
        ]
        sequential = call.arguments.get("DependsOn", [])
        return call.but(DependsOn=[*depends_on, *sequential]) if depends_on else call

    def _branches(self, blocks: Sequence[Block], exits: Exits) -> tuple[str, States]:
        names = [name for block in blocks for first in leaves(block) for name in groups_of(self.stages)[first]]
        return self._parallel(names, [self._block(block, Exits()) for block in blocks], exits)

    def _parallel(
        self, names: Sequence[str], machines: Sequence[tuple[str, States]], exits: Exits
    ) -> tuple[str, States]:
        state: State = {
            "Type": "Parallel",
            "Branches": [{"StartAt": first, "States": states} for first, states in machines],
            "ResultSelector": {"stages": ", ".join(names)},
            "ResultPath": "$.last",
        }
        name = _parallel_name(names)
        return name, {name: leaving(state, exits)}


def _parallel_name(names: Sequence[str]) -> str:
    """Return the name of a state with these stages in its branches: no two that share one have as many."""
    whole = f"Parallel: {', '.join(names)}"
    if len(whole) <= MOST_NAME_LENGTH:
        return whole
    return f"Parallel: {names[0]} and {len(names) - 1} more"


def _key(name: str) -> str:
    """Return a stage's name as paths can have it."""
    return name.replace("-", "_")
