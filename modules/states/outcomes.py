"""What becomes of a stage that is done, has failed, or was answered: states that come after its own. No constructs."""

from typing import Any

from modules.states.conditions import any_of, result_path
from modules.states.settings.stages import ProgramStage
from modules.states.stage_states import Exits, State, States, going_on

# What a job or task has ended with, where some exit codes are answers.
ANSWER = "$.answer"


def kept_state(name: str, result: dict[str, Any], exits: Exits, *, asked: bool = True) -> State:
    """Return the state that keeps what others ask of a stage; where nobody asks, it keeps it from failing."""
    return {
        "Type": "Pass",
        "Parameters": result,
        "ResultPath": result_path(name) if asked else "$.last",
        **going_on(exits.done),
    }


def raised(failure_path: str) -> State:
    """Return the state that fails with what was caught; of its own, since names of AWS's errors are kept for AWS."""
    cause = f"States.Format('{{}}: {{}}', {failure_path}.Error, {failure_path}.Cause)"
    return {"Type": "Fail", "Error": "StageFailed", "CausePath": cause}


def answered_states(name: str, stage: ProgramStage, states: States, exits: Exits, *, asked: bool) -> States:
    """Return the states of a stage, with those that tell its accepted exit codes from failures, if it has some.

    The exit code stands in the cause of the failure, which is JSON unless AWS could not even start the program.
    """
    if not stage.accepted_exit_codes:
        return states
    answer, read, code, accepted, refused = (
        f"{name}: {word}" for word in ("answer", "read", "code", "accepted", "refused")
    )
    cause, exit_code = f"{ANSWER}.Cause", f"{ANSWER}.said.program{stage.returned['exit_code'].removeprefix('$')}"
    caught = {"ErrorEquals": ["States.TaskFailed"], "ResultPath": ANSWER, "Next": answer}
    has_code = [{"Variable": cause, "IsPresent": True}, {"Variable": cause, "StringMatches": '{*"ExitCode":*}'}]
    is_accepted = any_of([{"Variable": exit_code, "NumericEquals": number} for number in stage.accepted_exit_codes])
    failure = {"Error.$": f"{ANSWER}.Error", "Cause.$": cause}
    return {
        **states,
        name: {**states[name], "Catch": [caught, *states[name].get("Catch", ())]},
        answer: {"Type": "Choice", "Choices": [{"And": has_code, "Next": read}], "Default": refused},
        read: {
            "Type": "Pass",
            "Parameters": {"program.$": f"States.StringToJson({cause})"},
            "ResultPath": f"{ANSWER}.said",
            "Next": code,
        },
        code: {
            "Type": "Choice",
            "Choices": [{"And": [{"Variable": exit_code, "IsPresent": True}, is_accepted], "Next": accepted}],
            "Default": refused,
        },
        accepted: kept_state(name, {"status": "SUCCEEDED", "exit_code.$": exit_code}, exits, asked=asked),
        refused: {"Type": "Pass", "Parameters": failure, "ResultPath": exits.failure_path, "Next": exits.failed}
        if exits.failed
        else raised(ANSWER),
    }
