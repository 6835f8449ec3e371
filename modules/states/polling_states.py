"""The states of stages that look at a queue again and again. No constructs."""

from dataclasses import replace

from modules.naming import AwsLocation
from modules.states.calls import ServiceCall
from modules.states.settings.stages import PollingStage, ReceiveStage
from modules.states.stage_states import Exits, State, States, failing, leaving, task_state

# What is done again at each look.
LOOP = ("count", "empty", "wait", "again")


def polling_states(name: str, stage: PollingStage, call: ServiceCall, location: AwsLocation, exits: Exits) -> States:
    """Return a loop that looks at a queue until there is what it waits for, or until it has looked often enough."""
    count, empty, wait, again, late, done = (f"{name}: {word}" for word in (*LOOP, "late", "done"))
    looking, found, what, after = (_receiving if isinstance(stage, ReceiveStage) else _counting)(call)
    looked = {"Variable": "$.looked.times", "NumericGreaterThanEquals": stage.polls}
    cause = f"{what} after {stage.timeout_seconds:,} seconds"
    states = {
        name: {"Type": "Pass", "Result": {"times": 0}, "ResultPath": "$.looked", "Next": count},
        count: leaving({**task_state(name, call, location), **looking}, replace(exits, done=empty)),
        empty: {
            "Type": "Choice",
            "Choices": [{**found, "Next": done if after else exits.done or done}, {**looked, "Next": late}],
            "Default": wait,
        },
        wait: {"Type": "Wait", "Seconds": stage.poll_seconds, "Next": again},
        again: {
            "Type": "Pass",
            "Parameters": {"times.$": "States.MathAdd($.looked.times, 1)"},
            "ResultPath": "$.looked",
            "Next": count,
        },
        late: failing("QueueNotEmpty" if not after else "NoMessage", cause, exits),
    }
    if after:
        states[done] = leaving(task_state(name, after, location), exits)
    elif not exits.done:
        states[done] = {"Type": "Succeed"}
    return states


Looking = tuple[State, State, str, ServiceCall | None]


def _counting(call: ServiceCall) -> Looking:
    """Return how messages are counted, that there are none, what is said if there are, and what is done then."""
    none_left = [
        {"Variable": f"$.counted.messages.{attribute}", "StringEquals": "0"}
        for attribute in call.arguments["AttributeNames"]
    ]
    kept = {"ResultSelector": {"messages.$": "$.Attributes"}, "ResultPath": "$.counted"}
    return kept, {"And": none_left}, "It was not empty", None


def _receiving(call: ServiceCall) -> Looking:
    """Return the same of a message that is received, and then deleted."""
    message = "$.received.answer.Messages[0]"
    kept = {"ResultSelector": {"answer.$": "$"}, "ResultPath": "$.received"}
    deletion = {"QueueUrl": call.arguments["QueueUrl"], "ReceiptHandle.$": f"{message}.ReceiptHandle"}
    there = {"Variable": message, "IsPresent": True}
    return kept, there, "No message came", ServiceCall("aws-sdk:sqs:deleteMessage", deletion)
