"""Put variables into Terraform: synthesize with other values, and see where exactly these went.

Nothing has to know of variables while Terraform is made. What differs by the value itself, and by nothing else, becomes
``${var.…}``; a value that decides anything more (a name, how many there are of something, a number that is computed
from it) is refused, with the place that it went to.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from modules.problems import Problem, SettingsError, format_value
from modules.terraform_literal import terraform_literal
from stacks.environment import Environment
from stacks.late_merging import merged
from stacks.late_orders import ORDERS
from stacks.late_text import UnexplainedError, Value, templated, used
from stacks.variables import LateValue, late_values, with_values

Documents = Mapping[str, Any]
Build = Callable[[Environment], Documents]
Round = Mapping[str, Value]


def with_variables(environment: Environment, documents: Documents, build: Build) -> Documents:
    """Return the stacks of an environment with its variables in place of their defaults.

    Raises SettingsError for what cannot be one.
    """
    lates = {late.variable.name: late for late in late_values(environment)[0]}
    if not lates:
        return documents
    # Comments tell of the defaults: quotas, waivers.
    comments = {name: {"//": document["//"]} if "//" in document else {} for name, document in documents.items()}
    documents = _uncommented(documents)
    templates: list[tuple[Round, Any]] = []
    problems: list[Problem] = []
    pending = _rounds(list(lates.values()))
    while pending:
        tried = pending.pop(0)
        try:
            templates.append((tried, _template(environment, documents, build, tried, lates)))
        except (SettingsError, UnexplainedError) as error:
            if len(tried) > 1:  # which of them it is shows when each is alone
                pending = [*({name: value} for name, value in tried.items()), *pending]
                continue
            problems.append(_problem(lates[next(iter(tried))], error))
    if not problems:
        try:
            whole = merged(documents, templates, {name: late.variable.default for name, late in lates.items()})
        except UnexplainedError as error:
            problems = [_problem(lates[name], error) for name in error.names]
        else:
            problems = [*_placement_problems(whole, lates), *_order_problems(whole, lates)]
    if problems:
        first = {problem.path: problem for problem in reversed(problems)}
        raise SettingsError(environment.name, list(reversed(first.values())))
    return {name: {**comments[name], **_declared(document, lates)} for name, document in whole.items()}


def _uncommented(documents: Documents) -> dict[str, Any]:
    return {name: {key: item for key, item in document.items() if key != "//"} for name, document in documents.items()}


def _rounds(lates: Sequence[LateValue]) -> list[dict[str, Value]]:
    """Return the values to try, as many together as can be told apart in what comes of them."""
    rounds: list[dict[str, tuple[Value, Value]]] = []
    for late in lates:
        for value in late.tried:
            pair = (late.variable.default, value)
            fitting = (
                others
                for others in rounds
                if late.variable.name not in others and not any(_can_clash(pair, other) for other in others.values())
            )
            others = next(fitting, None)
            if others is None:
                rounds.append(others := {})
            others[late.variable.name] = pair
    return [{name: value for name, (_, value) in others.items()} for others in rounds]


def _can_clash(pair: tuple[Value, Value], other: tuple[Value, Value]) -> bool:
    """Return whether one variable might be taken for another, or be found inside of it."""
    if isinstance(pair[0], str) and isinstance(other[0], str):
        return pair[0] in other[0] or other[0] in pair[0]
    return [*map(str, pair)] == [*map(str, other)]


def _template(
    environment: Environment, documents: Documents, build: Build, tried: Round, lates: Mapping[str, LateValue]
) -> Any:
    changed = {path: value for name, value in tried.items() for path in lates[name].places}
    values = {name: (lates[name].variable.default, value) for name, value in tried.items()}
    return templated(documents, _uncommented(build(with_values(environment, changed))), values)


def _problem(late: LateValue, error: SettingsError | UnexplainedError) -> Problem:
    if isinstance(error, SettingsError):
        reason = f"with another value: {error.problems[0]}"
    else:
        place = " of ".join(filter(None, (".".join(error.path[1:]), *error.path[:1])))
        reason = f"it decides more than its own value: {place or 'which stacks there are'}"
    return Problem(late.path, "be a plain value, no variable", format_value(late.variable.default), reason)


def _placement_problems(documents: Documents, lates: Mapping[str, LateValue]) -> Iterator[Problem]:
    unseen = set(lates)
    for stack, document in documents.items():
        unseen -= used(document)
        for path, block in _literal_blocks(document):
            for name in sorted(used(block)):
                got = format_value(lates[name].variable.default)
                reason = f"it goes into {path} of {stack}, where Terraform accepts no variable"
                yield Problem(lates[name].path, "be a plain value, no variable", got, reason)
        for name in sorted(used(document.get("output", {}))):
            if lates[name].variable.sensitive:
                reason = f"it goes into an output of {stack}, which shows it to everyone who can read that"
                yield Problem(lates[name].path, "not be sensitive", "sensitive=True", reason)
    for name in sorted(unseen):
        reason = "it is not part of the emitted Terraform"
        yield Problem(
            lates[name].path, "be a plain value, no variable", format_value(lates[name].variable.default), reason
        )


def _order_problems(documents: Documents, lates: Mapping[str, LateValue]) -> Iterator[Problem]:
    """Yield the variables that no root module can hold against each other, since none has both."""
    together = [used(document) for document in documents.values()]
    for late in lates.values():
        for other, sign in late.orders.items():
            if not any({late.variable.name, other} <= names for names in together):
                got = f"variables of different ones, {late.variable.name} and {other}"
                reason = f"the first must {ORDERS[sign][1]} the second, and Terraform checks each module separately"
                fix = "use layout=OneStack(), or ranges in which every value is valid"
                yield Problem(late.path, f"be in one root module with {lates[other].path}", got, reason, fix)


def _literal_blocks(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "terraform", document.get("terraform", {})
    for name, output in document.get("output", {}).items():
        yield f"output.{name}.description", output.get("description", "")
    for type_, items in document.get("resource", {}).items():
        for name, block in items.items():
            yield f"{type_}.{name}.lifecycle", block.get("lifecycle", {})


def _declared(document: Mapping[str, Any], lates: Mapping[str, LateValue]) -> Mapping[str, Any]:
    names = sorted(used(document))
    return {**document, "variable": {name: _block(lates[name], names) for name in names}} if names else document


def _block(late: LateValue, beside: Collection[str]) -> dict[str, Any]:
    variable = late.variable
    kind = "number" if variable.is_number else "bool" if isinstance(variable.default, bool) else "string"
    block = {"type": kind, "description": variable.description, "default": variable.default, "nullable": False}
    if variable.sensitive:
        block["sensitive"] = True
    conditions = dict.fromkeys([*_conditions(late, f"var.{variable.name}", kind), *_orders(late, beside)])
    validation = [
        {"condition": f"${{{condition}}}", "error_message": f"{variable.name} must {_escaped(rule)}."}
        for condition, rule in conditions
    ]
    return {**block, "validation": validation} if validation else block


def _conditions(late: LateValue, name: str, kind: str) -> Iterator[tuple[str, str]]:
    """Yield what Terraform checks of a variable: all that the types of its settings say, each with its words."""
    if kind == "number":
        least, most = late.ends
        yield (
            f"{name} >= {least} && {name} <= {most} && floor({name}) == {name}",
            f"be a whole number from {least} to {most}",
        )
        if late.choices:
            choices = ", ".join(map(str, sorted(late.choices, key=int)))
            yield f"contains([{choices}], {name})", f"be one of {choices}"
    if kind != "string":
        return
    if late.choices:
        allowed = sorted(map(str, {late.variable.default, *late.tried}))
        yield f"contains([{', '.join(map(_text, allowed))}], {name})", f"be one of {', '.join(allowed)}"
        return
    unsafe = json.dumps('["\\\\$%[:cntrl:]]')
    yield f"!can(regex({unsafe}, {name}))", "have no quotes, backslashes, $, % and line breaks"
    for limits in late.places.values():
        for rule in limits.rules:
            yield _escaped(rule.condition).replace("VALUE", name), rule.words
        if limits.longest is not None:
            yield f"length({name}) <= {limits.longest}", f"have at most {limits.longest} characters"
        if limits.shortest:
            yield f"length({name}) >= {limits.shortest}", f"have at least {limits.shortest} characters"


def _orders(late: LateValue, beside: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what holds between a variable and others of the same root module."""
    for other, sign in late.orders.items():
        if other in beside:
            yield f"var.{late.variable.name} {sign} var.{other}", f"{ORDERS[sign][1]} {other}"


def _text(text: str) -> str:
    """Return a string of Terraform's own language."""
    return _escaped(json.dumps(text))


def _escaped(text: str) -> str:
    return str(terraform_literal(text))
