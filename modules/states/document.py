"""A pipeline as a state machine: Amazon States Language, as plain data. No constructs.

It is written with JSONPath. JSONata is shorter, but the interpreters that run state machines outside of AWS do not have
it, and what has never been run is not known to work.

A state's input is an object: ``input``, what the execution was told; ``last``, what was done last; ``failure``, if
something failed; ``results``, what others ask of stages, each under its name. Other results are not kept: together
they could exceed the 256 KiB that a state may be given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modules.naming import AwsLocation
from modules.states.calls import ServiceCall
from modules.states.conditions import key_of
from modules.states.execution import input_states
from modules.states.groups import groups_of, order_of
from modules.states.ordering import AtOnce, Block, InTurn, Leaf, block_of, leaves
from modules.states.outcomes import answered_states, kept_state, raised
from modules.states.polling_states import polling_states
from modules.states.settings.pipelines import PipelineSettings
from modules.states.settings.stages import JobStage, PollingStage, ProgramStage, StageSettings
from modules.states.stage_states import (
    Exits,
    State,
    States,
    choice_states,
    keeping,
    leaving,
    stage_states,
    task_state,
)

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
    if common := pipeline.common_clean_up:
        failed, clean_up = _Stages(common, pipeline, calls, location).machine(_then(FAILED))
        clean_up[FAILED] = raised("$.failure")
    first, states = _Stages(pipeline.stages, pipeline, calls, location).machine(Exits(failed=failed))
    begin = input_states(pipeline, first, from_pipe=from_pipe)
    return {
        "StartAt": next(iter(begin)),
        "States": begin | states | clean_up,
        "TimeoutSeconds": pipeline.timeout_seconds,
    }


def _then(end: str) -> Exits:
    """Return how it goes on after clean-up, whatever becomes of that."""
    return Exits(done=end, failed=end, failure_path="$.clean_up_failure")


@dataclass(frozen=True)
class _Stages:
    stages: Mapping[str, StageSettings]
    pipeline: PipelineSettings
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
            return self._single(names[0], exits)
        awaited = {other for name in names for other in self.stages[name].waits_for}
        last = [name for name in names if name not in awaited]
        first, states = self._waiting(last, exits)
        for name in reversed([name for name in names if name in awaited]):
            submitted = self._call(name).but("batch:submitJob")
            state = task_state(name, submitted, self.location)
            state |= {"ResultSelector": {"id.$": "$.JobId"}, "ResultPath": f"$.jobs.{key_of(name)}"}
            states = {name: leaving(state, replace(exits, done=first))} | states
            first = name
        return first, states

    def _single(self, name: str, exits: Exits) -> tuple[str, States]:
        """Return the states of a stage that is submitted by itself, with what comes after its failure."""
        stage, asked = self.stages[name], name in self.pipeline.asked
        failed, after_failure = self._after_failure(name, exits)
        inner = replace(exits, failed=failed)
        if isinstance(stage, PollingStage):
            kept = {f"{name}: kept": kept_state(name, stage.result, exits)} if asked else {}
            inner = replace(inner, done=next(iter(kept), exits.done))
            states = polling_states(name, stage, self.calls[name][0], self.location, inner) | kept
        else:
            states = stage_states(name, stage, self.calls[name], self.location, inner)
            states = {key: keeping(name, stage, state) if asked else state for key, state in states.items()}
            if isinstance(stage, ProgramStage):
                states = answered_states(name, stage, states, inner, asked=asked)
        conditions = choice_states(name, stage, exits)
        return next(iter(conditions), name), conditions | states | after_failure

    def _after_failure(self, name: str, exits: Exits) -> tuple[str | None, States]:
        """Return what comes after the failure of a stage: its own clean-up, and what there is after that, if any."""
        own, end = self.pipeline.own_clean_up(name), f"{name}: failed"
        if self.stages[name].may_fail:
            asked = name in self.pipeline.asked
            states = {end: kept_state(name, {"status": "FAILED"}, exits, asked=asked)}
        elif not own:
            return exits.failed, {}
        elif exits.failed:
            end, states = exits.failed, {}
        else:
            states = {end: raised(exits.failure_path)}
        if not own:
            return end, states
        first, clean_up = _Stages(own, self.pipeline, self.calls, self.location).machine(_then(end))
        return first, clean_up | states

    def _waiting(self, names: Sequence[str], exits: Exits) -> tuple[str, States]:
        inner = exits if len(names) == 1 else Exits()
        ends = [
            (name, stage_states(name, self.stages[name], [self._call(name)], self.location, inner)) for name in names
        ]
        return ends[0] if len(names) == 1 else self._parallel([[name] for name in names], ends, exits)

    def _call(self, name: str) -> ServiceCall:
        """Return the call of a job with its dependencies, whose ids are those of jobs that were submitted."""
        [call] = self.calls[name]
        stage = self.stages[name]
        joined = stage.n_to_n if isinstance(stage, JobStage) else ()
        depends_on = [{"JobId.$": f"$.jobs.{key_of(other)}.id", "Type": "N_TO_N"} for other in joined]
        sequential = call.arguments.get("DependsOn", [])
        return call.but(DependsOn=[*depends_on, *sequential]) if depends_on else call

    def _branches(self, blocks: Sequence[Block], exits: Exits) -> tuple[str, States]:
        names = [[name for first in leaves(block) for name in groups_of(self.stages)[first]] for block in blocks]
        return self._parallel(names, [self._block(block, Exits()) for block in blocks], exits)

    def _parallel(
        self, names_of: Sequence[Sequence[str]], machines: Sequence[tuple[str, States]], exits: Exits
    ) -> tuple[str, States]:
        names = [name for inner in names_of for name in inner]
        state: State = {
            "Type": "Parallel",
            "Branches": [{"StartAt": first, "States": states} for first, states in machines],
            **self._gathered(names_of),
        }
        name = _parallel_name(names)
        return name, {name: leaving(state, exits)}

    def _gathered(self, names_of: Sequence[Sequence[str]]) -> State:
        """Return what of the branches' ends goes on: the results that others ask for, each from where it was made."""
        branch_of = {name: number for number, inner in enumerate(names_of) for name in inner}
        asked = sorted(self.pipeline.asked)
        if not set(asked) & set(branch_of):
            return {"ResultSelector": {"stages": ", ".join(branch_of)}, "ResultPath": "$.last"}
        results = {f"{key_of(name)}.$": f"$[{branch_of.get(name, 0)}].results.{key_of(name)}" for name in asked}
        return {"ResultSelector": results, "ResultPath": "$.results"}


def _parallel_name(names: Sequence[str]) -> str:
    """Return the name of a state with these stages in its branches: no two that share one have as many."""
    whole = f"Parallel: {', '.join(names)}"
    if len(whole) <= MOST_NAME_LENGTH:
        return whole
    return f"Parallel: {names[0]} and {len(names) - 1} more"
