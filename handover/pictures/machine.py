"""A state machine as boxes and edges: its states, what follows under which condition, what is done on failure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from handover.pictures.graph import Box, Edge, Graph

State = Mapping[str, Any]
# What something is called in the environment file, by the parameter that names it, and its value.
Called = Callable[[str, str], str]
START, END = "start", "end"
CALLS = {
    "batch:submitJob": ("job", "Batch job"),
    "ecs:runTask": ("task", "ECS task"),
    "sqs:sendMessage": ("queue", "SQS message"),
    "aws-sdk:sqs:getQueueAttributes": ("queue", "SQS queue's messages"),
    "states:startExecution": ("pipeline", "pipeline"),
    "lambda:invoke": ("function", "Lambda function"),
}
# What a task is about, by its parameters.
ABOUT = ("JobDefinition", "TaskDefinition", "StateMachineArn", "FunctionName", "QueueUrl")
PLAIN = {
    "Choice": ("choice", "choice"),
    "Fail": ("fail", "fails"),
    "Parallel": ("branches", "at the same time"),
    "Pass": ("pass", "data"),
    "Succeed": ("end", "succeeds"),
    "Wait": ("clock", "wait"),
}
SIGNS = {
    "Equals": "=",
    "LessThan": "<",
    "GreaterThan": ">",
    "LessThanEquals": "≤",
    "GreaterThanEquals": "≥",
    "Matches": "~",
}


def machine_graph(title: str, definition: State, called: Called) -> Graph:
    """Return the graph of a definition in the Amazon States Language; ``called`` tells what names of AWS stand for."""
    inner = _graph(title, definition, called, "")
    boxes = [Box(START, "ends", START), *inner.boxes]
    edges = [Edge(START, str(definition["StartAt"])), *inner.edges]
    ends = [name for name, state in definition["States"].items() if state.get("End")]
    if ends:
        boxes.append(Box(END, "ends", END))
        edges += [Edge(name, END) for name in ends]
    return Graph(title, boxes, edges)


def _graph(title: str, definition: State, called: Called, path: str) -> Graph:
    states = definition["States"]
    names = [definition["StartAt"], *(name for name in states if name != definition["StartAt"])]
    boxes = [_box(name, states[name], called, path) for name in names]
    edges: dict[Edge, None] = {}
    for name in names:
        for target, style, label in _following(states[name]):
            if target != name:
                edges[Edge(path + name, path + target, style, label)] = None
    return Graph(title, boxes, list(edges))


def _box(name: str, state: State, called: Called, path: str) -> Box:
    key = path + name
    definitions = [
        *state.get("Branches", ()),
        *(state[inner] for inner in ("ItemProcessor", "Iterator") if inner in state),
    ]
    inside = [_graph("", inner, called, f"{key}\0{place}\0") for place, inner in enumerate(definitions)]
    look, caption = _kind(state)
    details = [detail for detail in _details(state, called) if detail]
    details += [f"again {label}".rstrip() for target, _, label in _following(state) if target == name]
    return Box(key, look, name, caption, details, inside)


def _kind(state: State) -> tuple[str, str]:
    if state["Type"] == "Map":
        distributed = state.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED"
        return "branches", f"for each{' (distributed)' if distributed else ''}"
    if state["Type"] != "Task":
        return PLAIN.get(state["Type"], ("pass", state["Type"]))
    call = str(state.get("Resource", "")).partition(":::")[2]
    return CALLS.get(
        re.sub(r"\.(sync(:2)?|waitForTaskToken)$", "", call), ("function", call or str(state.get("Resource")))
    )


def _details(state: State, called: Called) -> Iterator[str]:
    parameters = state.get("Parameters", state.get("Arguments", {}))
    for key in ABOUT:
        if key in parameters:
            name = called(key, str(parameters[key]))
            queue = str(parameters.get("JobQueue", ""))
            yield f"{name} on {called('JobQueue', queue)}" if queue else name
    size = parameters.get("ArrayProperties", {}).get("Size")
    yield f"{size:,} children" if size else ""
    yield _items(state.get("ItemReader", {}), called)
    yield f"{state['MaxConcurrency']:,} at a time" if state.get("MaxConcurrency") else ""
    yield f"{state['ToleratedFailurePercentage']:g} % may fail" if state.get("ToleratedFailurePercentage") else ""
    yield f"for {state['Seconds']:,} s" if "Seconds" in state else ""
    yield f"at most {state['TimeoutSeconds']:,} s" if "TimeoutSeconds" in state else ""
    for retry in state.get("Retry", ()):
        yield f"{retry.get('MaxAttempts', 3)} tries more on {_errors(retry['ErrorEquals'])}"
    yield str(state["Error"]) if "Error" in state else ""


def _items(reader: State, called: Called) -> str:
    found = reader.get("Parameters", {})
    what = next((str(found[key]) for key in ("Key", "Prefix", "Key.$", "Prefix.$") if key in found), "")
    if formatted := re.fullmatch(r"States\.Format\('([^']*)'.*\)", what):
        what = formatted[1].replace("{}", "…")
    return f"of {what or 'all'} in {called('Bucket', found['Bucket'])}" if "Bucket" in found else ""


def _errors(errors: Sequence[str]) -> str:
    """Return errors in short: those of a service by its name."""
    short = [error if error.startswith("States.") else f"{error.partition('.')[0]}.*" for error in errors]
    return ", ".join(dict.fromkeys(error.replace("States.ALL", "any error").removeprefix("States.") for error in short))


def _following(state: State) -> Iterator[tuple[str, str, str]]:
    """Yield what may follow a state, with the style and the label of the edge."""
    if "Next" in state:
        yield state["Next"], "flow", ""
    for choice in state.get("Choices", ()):
        yield choice["Next"], "flow", _condition(choice)
    if "Default" in state:
        yield state["Default"], "flow", "else"
    for catch in state.get("Catch", ()):
        errors = _errors(catch["ErrorEquals"])
        yield catch["Next"], "fails", "" if errors == "any error" else f"on {errors}"


def _condition(choice: State) -> str:
    """Return a rule of a choice in words."""
    for word, joint in (("And", " and "), ("Or", " or ")):
        if word in choice:
            return joint.join(map(_condition, choice[word]))
    if "Not" in choice:
        return f"not {_condition(choice['Not'])}"
    if "Variable" not in choice:
        return str(choice.get("Condition", "")).removeprefix("{%").removesuffix("%}").strip()
    name = choice["Variable"].rpartition(".")[2]
    operator, value = next((key, value) for key, value in choice.items() if key not in ("Variable", "Next", "Comment"))
    if operator.startswith("Is"):
        told = {"IsPresent": "there"}.get(operator, operator.removeprefix("Is").lower())
        return f"{name} is {'' if value else 'not '}{told}"
    bare = re.sub(r"^(String|Numeric|Timestamp|Boolean)|Path$", "", operator)
    return f"{name} {SIGNS.get(bare, bare)} {str(value).rpartition('.')[2] if operator.endswith('Path') else value}"
