"""What decides whether a stage is run, as rules of a choice. No constructs.

Source: "Choice workflow state" in the Step Functions developer guide.
"""

from collections.abc import Sequence
from typing import Any

from modules.events.matching import AnythingBut, EndsWith, IsNumber, IsThere, IsTrue, Match, StartsWith, Wildcard
from modules.events.patterns import escaped
from modules.states.settings.stages import StageSettings

Rule = dict[str, Any]

NUMERIC = {
    "=": "NumericEquals",
    ">": "NumericGreaterThan",
    ">=": "NumericGreaterThanEquals",
    "<": "NumericLessThan",
    "<=": "NumericLessThanEquals",
}


def key_of(stage_name: str) -> str:
    """Return a stage's name as paths can have it."""
    return stage_name.replace("-", "_")


def result_path(stage_name: str) -> str:
    """Return where the results of a stage are."""
    return f"$.results.{key_of(stage_name)}"


def condition_rules(stage: StageSettings) -> list[Rule]:
    """Return the rules that hold in executions that run a stage; none where all do."""
    told = [{"Variable": f"$.input.{name}", "StringEquals": value} for name, value in sorted(stage.only_if.items())]
    returned = [rule for path, values in sorted(stage.only_if_results.items()) for rule in _result_rules(path, values)]
    return [*told, *returned]


def any_of(rules: Sequence[Rule]) -> Rule:
    """Return the rule that one of these holds."""
    return rules[0] if len(rules) == 1 else {"Or": list(rules)}


def all_of(rules: Sequence[Rule]) -> Rule:
    """Return the rule that all of these hold."""
    return rules[0] if len(rules) == 1 else {"And": list(rules)}


def _result_rules(path: str, values: Sequence[str | Match]) -> list[Rule]:
    variable = f"$.results.{key_of(path)}"
    rule = any_of([_rule(variable, value) for value in values])
    if any(isinstance(value, IsThere) for value in values):
        return [rule]
    return [{"Variable": variable, "IsPresent": True}, rule]  # else it fails where it is not there


def _rule(variable: str, value: str | Match) -> Rule:
    match value:
        case str():
            return {"Variable": variable, "StringEquals": value}
        case StartsWith(text=text):
            return {"Variable": variable, "StringMatches": f"{escaped(text)}*"}
        case EndsWith(text=text):
            return {"Variable": variable, "StringMatches": f"*{escaped(text)}"}
        case Wildcard(pattern=pattern):
            return {"Variable": variable, "StringMatches": pattern}
        case AnythingBut(texts=texts):
            return {"Not": any_of([{"Variable": variable, "StringEquals": text} for text in texts])}
        case IsNumber():
            return all_of([{"Variable": variable, NUMERIC[sign]: bound} for sign, bound in value.bounds])
        case IsTrue(value=truth):
            return {"Variable": variable, "BooleanEquals": truth}
        case IsThere(value=is_there):
            return {"Variable": variable, "IsPresent": is_there}
    raise TypeError(f"{type(value).__name__} is nothing that Step Functions compares")
