"""Where the value of a variable stands in Terraform, told by how the Terraform differs when it is another one."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, TypeGuard

from modules.canonical_json import plain_json

Value = bool | int | str
# A variable's name, with its value in the first Terraform and in the other.
Values = Mapping[str, tuple[Value, Value]]
MOST_ADDED = 8  # variables in one sum: each set of them is looked at
MARK = "\N{OBJECT REPLACEMENT CHARACTER}"


# A variable, or the sum of several and what else there is.
EXPRESSION = re.compile(r"(?<!\$)\$\{(-?[0-9]+ \+ )?(var\.\w+(?: \+ var\.\w+)*)\}")


class UnexplainedError(Exception):
    """Terraform differs by more than the values of ``names``. ``path`` leads to where."""

    def __init__(self, path: tuple[str, ...], names: Iterable[str] = ()) -> None:
        self.path = path
        self.names = sorted(names)
        super().__init__(".".join(path))


def templated(one: Any, other: Any, values: Values, path: tuple[str, ...] = ()) -> Any:
    """Return what gives ``one`` with the first value of each variable and ``other`` with the second.

    Raises UnexplainedError where there is no such thing.
    """
    if one == other and type(one) is type(other):
        return one
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return {key: templated(item, other[key], values, (*path, key)) for key, item in one.items()}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [templated(*pair, values, (*path, str(index))) for index, pair in pairs]
    whole = _whole(one, other, values)
    if whole is None and isinstance(one, str) and isinstance(other, str):
        whole = _document(one, other, values) or _text(one, other, values)
    if whole is None:
        raise UnexplainedError(path, values)
    return whole


def _whole(one: Any, other: Any, values: Values) -> str | None:
    for name, (first, second) in values.items():
        for written in (lambda value: value, str):
            pair = written(first), written(second)
            if (one, other) == pair and type(one) is type(pair[0]) and not (written is str and isinstance(first, bool)):
                return f"${{var.{name}}}"
    return _sum(one, other, values)


def _sum(one: Any, other: Any, values: Values) -> str | None:
    """Return a number that changes by as much as some variables do together, and no others of them."""
    if not (_is_number(one) and _is_number(other)):
        return None
    numbers = {
        name: (first, second)
        for name, (first, second) in sorted(values.items())
        if _is_number(first) and _is_number(second)
    }
    if len(numbers) > MOST_ADDED:
        return None
    sums = [
        names
        for size in range(1, len(numbers) + 1)
        for names in combinations(numbers, size)
        if sum(numbers[name][1] - numbers[name][0] for name in names) == other - one
    ]
    return sum_of(one, {name: numbers[name][0] for name in sums[0]}) if len(sums) == 1 else None


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def sum_of(number: int, defaults: Mapping[str, int]) -> str:
    """Return the expression that gives a number with the defaults of these variables, all of which it counts in."""
    rest = number - sum(defaults.values())
    variables = " + ".join(f"var.{name}" for name in defaults)
    return f"${{{rest} + {variables}}}" if rest else f"${{{variables}}}"


def _document(one: str, other: str, values: Values) -> str | None:
    """Return a template of two JSON documents that differ inside."""
    if one[:1] not in ("{", "["):
        return None
    try:
        first, second = json.loads(one), json.loads(other)
        template = templated(first, second, values)
        if (plain_json(first), plain_json(second)) != (one, other):
            return None
    except (ValueError, UnexplainedError):
        return None
    return plain_json(_marked(template, first)).replace(f'"{MARK}', "").replace(f'{MARK}"', "")


def _marked(template: Any, first: Any) -> Any:
    """Return a template in which what was no text is marked: in JSON it stands without quotes."""
    if isinstance(template, dict):
        return {key: _marked(item, first[key]) for key, item in template.items()}
    if isinstance(template, list):
        return [_marked(*pair) for pair in zip(template, first, strict=True)]
    return template if type(template) is type(first) else f"{MARK}{template}{MARK}"


def _text(one: str, other: str, values: Values) -> str | None:
    """Return a template of two texts: each place where one has the first and the other the second value."""
    found = [place for name, pair in values.items() for place in _places(one, other, name, *map(str, pair))]
    if not found and (place := _number(one, other, values)):
        found = [place]
    template, at = "", 0
    for start, end, name in sorted(found):
        if start < at or _is_inside_expression(one[:start]):
            return None
        template += one[at:start] + f"${{var.{name}}}"
        at = end
    template += one[at:]
    rendered = (rendered_text(template, {name: pair[side] for name, pair in values.items()}) for side in (0, 1))
    return template if [*rendered] == [one, other] else None


def _places(one: str, other: str, name: str, first: str, second: str) -> Iterator[tuple[int, int, str]]:
    """Yield where both texts have a value of the same length at the same place."""
    if len(first) == len(second) and len(one) == len(other):
        for found in re.finditer(re.escape(second), other):
            if one[found.start() : found.end()] == first:
                yield found.start(), found.end(), name


def _number(one: str, other: str, values: Values) -> tuple[int, int, str] | None:
    """Return the only place where two texts differ, if it is a number there."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    while start and one[start - 1].isdigit():
        start -= 1
    while end and one[-end].isdigit():
        end -= 1
    between = one[start : len(one) - end], other[start : len(other) - end]
    for name, (first, second) in values.items():
        if between == (str(first), str(second)) and isinstance(first, int):
            return start, len(one) - end, name
    return None


def _is_inside_expression(before: str) -> bool:
    return before.replace("$${", "").count("${") > before.count("}")


def rendered_text(template: str, values: Mapping[str, Value]) -> str:
    """Return a text with the values of variables in it, as Terraform writes them."""
    return EXPRESSION.sub(lambda found: _written(found, values), template)


def names_in(expression: re.Match[str]) -> list[str]:
    """Return the names of the variables that are put in at one place."""
    return [name.removeprefix("var.") for name in expression[2].split(" + ")]


def used(template: Any) -> set[str]:
    """Return the names of the variables in a template."""
    return {name for found in EXPRESSION.finditer(json.dumps(template)) for name in names_in(found)}


def _written(expression: re.Match[str], values: Mapping[str, Value]) -> str:
    names = names_in(expression)
    if not values.keys() >= {*names}:
        return expression[0]
    rest = int((expression[1] or "0").removesuffix(" + "))
    if rest or len(names) > 1:
        return str(rest + sum(int(values[name]) for name in names))
    return written(values[names[0]])


def written(value: Value) -> str:
    """Return a value as Terraform writes it into a text."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
