"""The state machine that counts the messages of a queue and submits a job for them: Amazon States Language. Pure.

JSONPath has no division, so there is a state for each number of children, and a choice among them.
"""

from collections.abc import Mapping
from typing import Any

from modules.backlogs.settings import BacklogSettings
from modules.naming import AwsLocation
from modules.states.calls import ServiceCall, count_call
from modules.states.stage_states import State, States, task_state
from modules.targets.documents import pascal_case

COUNT, CHOOSE, NOTHING, SUBMIT, SUBMIT_ONE = "Count", "Choose", "Nothing", "Submit", "SubmitOne"
# Counting and submitting take seconds.
TIMEOUT_SECONDS = 300


def backlog_document(
    settings: BacklogSettings, request: Mapping[str, Any], queue_url: str, location: AwsLocation
) -> dict[str, Any]:
    """Return the definition; ``request`` is that of SubmitJob, in the keys of the API."""
    counted = task_state(COUNT, count_call(queue_url), location) | {
        "ResultSelector": {"messages.$": "States.StringToJson($.Attributes.ApproximateNumberOfMessages)"},
        "Next": CHOOSE,
    }
    sizes = settings.sizes
    states: States = {
        COUNT: counted,
        CHOOSE: _choice(sizes, settings.messages_per_child),
        NOTHING: {"Type": "Succeed"},
        **{_name(size): _taken(size) for size in sizes},
        SUBMIT_ONE: _submitted(SUBMIT_ONE, request, {}, location),
    }
    if settings.max_children > 1:
        states[SUBMIT] = _submitted(SUBMIT, request, {"ArrayProperties": {"Size.$": "$.size"}}, location)
    return {"StartAt": COUNT, "States": states, "TimeoutSeconds": TIMEOUT_SECONDS}


def _name(size: int) -> str:
    return f"Take{size}"


def _choice(sizes: list[int], messages_per_child: int) -> State:
    messages = "$.last.messages"
    empty = {"Variable": messages, "NumericEquals": 0, "Next": NOTHING}
    enough = [
        {"Variable": messages, "NumericLessThanEquals": size * messages_per_child, "Next": _name(size)}
        for size in sizes[:-1]
    ]
    return {"Type": "Choice", "Choices": [empty, *enough], "Default": _name(sizes[-1])}


def _taken(size: int) -> State:
    """Return the state that says how many children there are; Batch knows no array of one."""
    return {"Type": "Pass", "Result": {"size": size}, "Next": SUBMIT if size > 1 else SUBMIT_ONE}


def _submitted(name: str, request: Mapping[str, Any], array: Mapping[str, Any], location: AwsLocation) -> State:
    call = ServiceCall("batch:submitJob", {**pascal_case(request), **array})
    return task_state(name, call, location) | {"End": True}
