"""What an execution of a pipeline is told, and what its stages see of it. No constructs.

An execution's input is one JSON object: the pipeline's parameters by name, and the share identifier. The states see it,
completed by the defaults, at ``$.input``.
"""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from modules.states.conditions import key_of
from modules.states.settings.pipelines import SHARE, PipelineSettings

# The alias by which a state machine is started.
LIVE = "live"
# State names of ours begin with a capital, so that none is that of a stage.
DEFAULTS, INPUT, COMPLETE, INCOMPLETE = "Defaults", "Input", "Complete", "Incomplete"
LISTED, UNWRAP = "Listed", "Unwrap"


def execution_input(parameters: Mapping[str, str], share_identifier: str | None) -> dict[str, str]:
    """Return the input of an execution with these parameters and this share."""
    return dict(sorted(parameters.items())) | ({SHARE: share_identifier} if share_identifier else {})


def example_input(pipeline: PipelineSettings) -> dict[str, str]:
    """Return an input that says everything, with the defaults, and the names of what has none."""
    required = {name: f"<{name}>" for name in pipeline.required_parameters}
    return execution_input({**pipeline.parameters, **required}, pipeline.share_identifier)


def start_command(region: str, state_machine_arn: str, pipeline: PipelineSettings) -> str:
    """Return the AWS CLI line that starts an execution and prints its ARN."""
    told = shlex.quote(json.dumps(example_input(pipeline)))
    return (
        f"aws stepfunctions start-execution --region {region} --state-machine-arn {state_machine_arn} --input {told}"
        " --query executionArn --output text"
    )


def input_states(pipeline: PipelineSettings, next_name: str, *, from_pipe: bool = False) -> dict[str, dict[str, Any]]:
    """Return the states that complete the input and refuse one without what is required, the first one first.

    ``from_pipe``: the input may be a list of one, as pipes hand it over.
    """
    completed = _completed_input(pipeline, next_name, "$" if from_pipe else "$$.Execution.Input")
    if not from_pipe:
        return completed
    first = next(iter(completed))
    listed = [{"Variable": "$[0]", "IsPresent": True, "Next": UNWRAP}]
    return {
        LISTED: {"Type": "Choice", "Choices": listed, "Default": first},
        UNWRAP: {"Type": "Pass", "InputPath": "$[0]", "Next": first},
        **completed,
    }


def _completed_input(pipeline: PipelineSettings, next_name: str, told: str) -> dict[str, dict[str, Any]]:
    defaults = execution_input(pipeline.parameters, pipeline.share_identifier)
    skipped = {key_of(name): {"status": "SKIPPED"} for name in sorted(pipeline.asked)}
    complete = {"input.$": "States.JsonMerge($.defaults, $.given, false)" if defaults else told}
    complete_state = {"Type": "Pass", "Parameters": complete | ({"results": skipped} if skipped else {})}
    states: dict[str, dict[str, Any]] = {INPUT: {**complete_state, "Next": next_name}}
    if defaults:
        begin = {"Type": "Pass", "Parameters": {"defaults": defaults, "given.$": told}, "Next": INPUT}
        states = {DEFAULTS: begin, **states}
    if not pipeline.required_parameters:
        return states
    states[INPUT]["Next"] = COMPLETE
    names = sorted(pipeline.required_parameters)
    return states | {
        COMPLETE: {
            "Type": "Choice",
            "Choices": [
                {"And": [{"Variable": f"$.input.{name}", "IsPresent": True} for name in names], "Next": next_name}
            ],
            "Default": INCOMPLETE,
        },
        INCOMPLETE: {
            "Type": "Fail",
            "Error": "ParameterMissing",
            "Cause": f"The input of an execution must have {', '.join(names)}",
        },
    }
