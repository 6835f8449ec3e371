"""The states of one stage. No constructs.

Source: Amazon States Language, in "Using Amazon States Language to define Step Functions workflows".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules import arns
from modules.naming import AwsLocation
from modules.states.calls import ServiceCall
from modules.states.conditions import condition_rules, result_path
from modules.states.fan_out_states import map_state, with_item
from modules.states.settings.fan_outs import FanOutSettings
from modules.states.settings.retries import CapacityStep, StageRetry
from modules.states.settings.stages import JobStage, RetriedStage, StageSettings

State = dict[str, Any]
States = dict[str, State]

# Tries of a request that AWS could not answer.
PASSING_RETRY = {"BackoffRate": 2, "IntervalSeconds": 5, "MaxAttempts": 5}
JOB_ERRORS = ("States.TaskFailed", "States.Timeout")


@dataclass(frozen=True)
class Exits:
    """Where it goes on after a stage; None as ``done``: the branch or the execution ends.

    ``failed``: after an error, which is then found at ``failure_path``; None: the branch or the execution fails.
    """

    done: str | None = None
    failed: str | None = None
    failure_path: str = "$.failure"


def stage_states(
    name: str, stage: StageSettings, calls: Sequence[ServiceCall], location: AwsLocation, exits: Exits
) -> States:
    """Return the states of a stage that is one call; the one with its name is the first.

    ``calls``: what it says to AWS; on each step of its capacity, where it has some.
    """
    if isinstance(stage, JobStage) and stage.capacity:
        return _capacity_states(name, stage.capacity, calls, location, exits)
    [call] = calls
    if isinstance(stage, FanOutSettings):
        task = retried_state(name, stage, with_item(call, stage), location)
        return {name: leaving(map_state(name, stage, task, location, call.bucket_names), exits)}
    return {name: leaving(retried_state(name, stage, call, location), exits)}


def keeping(name: str, stage: StageSettings, state: State) -> State:
    """Return the state of a call with what others ask of its stage kept."""
    return {**state, "ResultSelector": stage.result, "ResultPath": result_path(name)}


def retried_state(name: str, stage: StageSettings, call: ServiceCall, location: AwsLocation) -> State:
    """Return the state of a call with the stage's attempts and timeout, without what comes after it."""
    if not isinstance(stage, RetriedStage):
        return task_state(name, call, location)
    timeout = {"TimeoutSeconds": stage.timeout_seconds} if stage.timeout_seconds else {}
    return task_state(name, call, location, retry=stage.retry) | timeout


def task_state(name: str, call: ServiceCall, location: AwsLocation, *, retry: StageRetry | None = None) -> State:
    """Return the state of a call, without what comes after it. What it returns is left out, whatever its size."""
    retries = [{"ErrorEquals": call.passing_faults, **PASSING_RETRY}]
    return {
        "Type": "Task",
        "Resource": arns.integration(location, call.action),
        "Parameters": dict(call.arguments),
        "ResultSelector": {"stage": name},
        "ResultPath": "$.last",
        "Retry": [*retries, *([_retrier(retry)] if retry else [])],
    }


def leaving(state: State, exits: Exits) -> State:
    """Return the state with where it goes on."""
    caught = {"ErrorEquals": ["States.ALL"], "ResultPath": exits.failure_path, "Next": exits.failed}
    return {**state, **going_on(exits.done), **({"Catch": [caught]} if exits.failed else {})}


def going_on(next_name: str | None) -> State:
    """Return what says which state is next, or that it is the last."""
    return {"Next": next_name} if next_name else {"End": True}


def choice_states(name: str, stage: StageSettings, exits: Exits) -> States:
    """Return the state that leads to a stage where its conditions hold, and past it elsewhere; none without any."""
    rules = condition_rules(stage)
    if not rules:
        return {}
    skipped = f"{name}: skipped"
    choice = {"Type": "Choice", "Choices": [{"And": rules, "Next": name}], "Default": exits.done or skipped}
    return {f"{name}: if": choice, **({} if exits.done else {skipped: {"Type": "Succeed"}})}


def failing(error: str, cause: str, exits: Exits) -> State:
    """Return a state that fails the stage."""
    if exits.failed is None:
        return {"Type": "Fail", "Error": error, "Cause": cause}
    failure = {"Error": error, "Cause": cause}
    return {"Type": "Pass", "Result": failure, "ResultPath": exits.failure_path, "Next": exits.failed}


def _retrier(retry: StageRetry) -> Mapping[str, Any]:
    return {
        "ErrorEquals": ["States.TaskFailed"],
        "MaxAttempts": retry.attempts - 1,
        "IntervalSeconds": retry.first_wait_seconds,
        "BackoffRate": retry.backoff_rate,
        **({"MaxDelaySeconds": retry.most_wait_seconds} if retry.most_wait_seconds else {}),
    }


def _capacity_states(
    name: str, steps: Sequence[CapacityStep], calls: Sequence[ServiceCall], location: AwsLocation, exits: Exits
) -> States:
    """Return a state for each step, the first with the name of the stage; each but the last leads to the next."""
    names = [name, *(f"{name}: step {number}" for number in range(2, len(steps) + 1))]
    states = {}
    for number, (step, call) in enumerate(zip(steps, calls, strict=True)):
        again = (
            StageRetry(attempts=step.attempts, first_wait_seconds=1, backoff_rate=1.0) if step.attempts > 1 else None
        )
        state = task_state(name, call, location, retry=again)
        if step.timeout_seconds:
            state["TimeoutSeconds"] = step.timeout_seconds
        state = leaving(state, exits)
        if number + 1 < len(steps):
            elsewhere = {"ErrorEquals": list(JOB_ERRORS), "ResultPath": "$.last", "Next": names[number + 1]}
            state["Catch"] = [elsewhere, *state.get("Catch", [])]
        states[names[number]] = state
    return states
