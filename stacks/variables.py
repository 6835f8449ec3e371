"""Which settings of an environment are variables, and whether all rules hold wherever these may lead.

A number is tried at both ends of its range, a switch both ways, a text with another value of the same length, and any
two of them together. What the rules refuse there is told before anything is written.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import Any

from modules.limits import Limits, Steps, limits_of
from modules.problems import Problem, SettingsError, format_value
from modules.settings import Settings
from modules.variables import TerraformVariable
from stacks.environment import Environment
from stacks.late_orders import ORDERS, order_of, rows_of_pairs

Value = bool | int | str
MOST_TRIED = 8  # of each kind of letter: each is a whole environment that is checked
# Texts of which hardly any other one of the same length is valid.
FORMS = ("rate(7 minutes)", "cron(7 3 * * ? *)", "Africa/Accra", "UTC")


@dataclass
class LateValue:
    """A variable, the settings that it stands for, what all of these allow, and the values that it was tried with.

    ``orders``: the sign that holds between it and other variables, by their names.
    """

    variable: TerraformVariable
    places: dict[Steps, Limits] = field(default_factory=dict)
    tried: list[Value] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The first of the settings, as a user writes its path."""
        return path_text(next(iter(self.places)))

    @property
    def choices(self) -> set[int | str]:
        """What it may be; empty where that is no list."""
        lists = [set(limits.choices) for limits in self.places.values() if limits.choices]
        return set.intersection(*lists) if lists else set()

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The least and the most that a number may be."""
        least = [self.variable.at_least, *(limits.least for limits in self.places.values())]
        most = [self.variable.at_most, *(limits.most for limits in self.places.values())]
        return (
            max((end for end in least if end is not None), default=None),
            min((end for end in most if end is not None), default=None),
        )

    @property
    def whole_range(self) -> tuple[int, int]:
        """The least and the most that a number may be, once it is known that it has both."""
        least, most = self.ends
        return least or 0, most or 0

    @property
    def known(self) -> list[Value]:
        """What is known to be allowed: of a number both ends, of all else the default and what it was tried with."""
        return list(self.whole_range) if self.variable.is_number else [self.variable.default, *self.tried]

    @property
    def farthest(self) -> tuple[Value, Value]:
        """Two values as different as there are."""
        return self.known[0], self.known[-1]


def late_values(environment: Environment) -> tuple[list[LateValue], list[Problem]]:
    """Return the variables of an environment by name, and what is wrong with them."""
    found: dict[str, LateValue] = {}
    problems: list[Problem] = []
    for path, variable, limits in _placed(environment, ()):
        late = found.setdefault(variable.name, LateValue(variable))
        if late.variable != variable:
            rule = f"say the same as at {late.path}, or have another name"
            problems.append(Problem(path_text(path), rule, f"a second variable {variable.name!r}"))
        late.places[path] = limits
    for late in found.values():
        problems += _trial_problems(environment, late)
    if not problems and len(found) > 1:
        problems += _combination_problems(environment, list(found.values()))
    return [found[name] for name in sorted(found)], problems


def has_variables(environment: Environment) -> bool:
    """Return whether anything in an environment is a variable."""
    return next(_placed(environment, ()), None) is not None


def with_values(environment: Environment, values: Mapping[Steps, Value]) -> Environment:
    """Return an environment with other values at these paths, checked like any other. Raises SettingsError."""
    changed: Environment = _changed(environment, values)
    return changed


def path_text(path: Steps) -> str:
    """Return a path as users write it, e.g. ``network.subnet_ids[0]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _placed(settings: Settings, path: Steps) -> Iterator[tuple[Steps, TerraformVariable, Limits]]:
    for own, variable in settings.late_values.items():
        yield (*path, *own), variable, limits_of(type(settings), own)
    for name in type(settings).model_fields:
        yield from _placed_within(settings.__dict__.get(name), (*path, name))


def _placed_within(value: Any, path: Steps) -> Iterator[tuple[Steps, TerraformVariable, Limits]]:
    if isinstance(value, Settings):
        yield from _placed(value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _placed_within(item, (*path, key))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _placed_within(item, (*path, index))


def _trial_problems(environment: Environment, late: LateValue) -> Iterator[Problem]:
    """Try a variable with other values; yield what the rules say of them."""
    default = late.variable.default
    if late.variable.is_number:
        yield from _range_problems(environment, late)
    elif isinstance(default, bool):
        yield from _value_problems(environment, late, [not default])
    elif choices := late.choices - {default}:
        allowed = [choice for choice in sorted(choices, key=str) if not _problem_with(environment, (late, choice))]
        yield from _value_problems(environment, late, sorted(choices, key=str)[:1] if not allowed else allowed[:1])
        late.tried = allowed
    elif any(limits.only_here for limits in late.places.values()):
        reason = "Terraform could not check later what it has to be"
        yield Problem(late.path, "be a plain value, no variable", format_value(default), reason)
    else:
        yield from _value_problems(environment, late, list(other_texts(str(default))))


def _range_problems(environment: Environment, late: LateValue) -> Iterator[Problem]:
    for name, end in zip(("at_least", "at_most"), late.ends, strict=True):
        if end is None:
            yield Problem(late.path, f"have {name}", None, "the setting itself has no such end", f"write {name}=…")
        elif end != late.variable.default and (refused := _problem_with(environment, (late, end))):
            rule = f"be allowed at both ends of its range, {name} included"
            yield Problem(late.path, rule, format_value(end), str(refused), f"write another {name}")
        elif end != late.variable.default:
            late.tried.append(end)


def _combination_problems(environment: Environment, lates: Sequence[LateValue]) -> Iterator[Problem]:
    """Try any two variables together: all pairs in a few environments, and each alone if one of these is refused."""
    rows = [
        [(late, late.farthest[side]) for late, side in zip(lates, row, strict=True)]
        for row in rows_of_pairs(len(lates))
    ]
    refused = [(row, problem) for row in rows if (problem := _problem_with(environment, *row))]
    if not refused and all(len(late.known) == len(late.farthest) for late in lates):
        return
    found = [problem for one, other in combinations(lates, 2) for problem in _pair_problems(environment, one, other)]
    yield from found
    # Three that are not allowed together, though any two of them are, cannot be said to Terraform.
    unsaid = (problem for row, problem in refused if not found and _keeps_orders(row))
    for problem in islice(unsaid, 1):
        paths = ", ".join(late.path for late in lates[1:])
        rule = f"be allowed with every value of {paths} together"
        yield Problem(lates[0].path, rule, None, str(problem), "allow fewer values of them")


def _keeps_orders(row: Sequence[tuple[LateValue, Value]]) -> bool:
    """Return whether Terraform would take these values together."""
    values = {late.variable.name: value for late, value in row}
    return all(ORDERS[sign][0](value, values[other]) for late, value in row for other, sign in late.orders.items())


def _pair_problems(environment: Environment, one: LateValue, other: LateValue) -> Iterator[Problem]:
    """Try two variables together: an order of two numbers is noted, any other rule is told."""
    refused: dict[tuple[Value, Value], Problem] = {}

    def is_allowed(first: Value, second: Value) -> bool:
        if problem := _problem_with(environment, (one, first), (other, second)):
            refused[first, second] = problem
        return problem is None

    if one.variable.is_number and other.variable.is_number:
        sign = order_of(one.whole_range, other.whole_range, is_allowed)
    else:
        are_free = [is_allowed(*pair) for pair in product(one.known, other.known)]
        sign = "" if all(are_free) else None
    if sign:
        one.orders[other.variable.name] = sign
    elif sign is None:
        (first, second), problem = next(iter(refused.items()))
        rule = f"be allowed with every value of {other.path}"
        got = f"{format_value(first)} with {format_value(second)}"
        yield Problem(one.path, rule, got, str(problem), "let one of them take fewer values, or none but its default")


def _value_problems(environment: Environment, late: LateValue, values: list[Value]) -> Iterator[Problem]:
    """Try one value after another, until one is allowed."""
    refused: Problem | None = None
    for value in values:
        problem = _problem_with(environment, (late, value))
        if problem is None:
            late.tried.append(value)
            return
        refused = refused or problem
    reason = f"with another value: {refused}" if refused else "no other value is known to be allowed"
    yield Problem(late.path, "be a plain value, no variable", format_value(late.variable.default), reason)


def other_texts(text: str) -> Iterator[Value]:
    """Yield texts like this one: one digit or letter different, or another of a known form."""
    for base, size in (("0", 10), ("a", 26), ("A", 26)):
        places = [index for index in reversed(range(len(text))) if 0 <= ord(text[index]) - ord(base) < size]
        for index in places[:MOST_TRIED]:
            changed = chr(ord(base) + (ord(text[index]) - ord(base) + 1) % size)
            yield text[:index] + changed + text[index + 1 :]
    yield from (form for form in FORMS if form != text)


def _problem_with(environment: Environment, *choices: tuple[LateValue, Value]) -> Problem | None:
    values = {path: value for late, value in choices for path in late.places}
    try:
        with_values(environment, values)
    except SettingsError as error:
        return error.problems[0]
    return None


def _changed(value: Any, values: Mapping[Steps, Value]) -> Any:
    if () in values:
        return values[()]
    inner: dict[str | int, dict[Steps, Value]] = defaultdict(dict)
    for (step, *rest), new in values.items():
        inner[step][tuple(rest)] = new
    if isinstance(value, Settings):
        return value.model_copy(
            update={str(name): _changed(value.__dict__[str(name)], below) for name, below in inner.items()}
        )
    if isinstance(value, dict):
        return {key: _changed(item, inner[key]) if key in inner else item for key, item in value.items()}
    return [_changed(item, inner[index]) if index in inner else item for index, item in enumerate(value)]
