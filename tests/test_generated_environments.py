"""Environments made up by Hypothesis, good and bad: each is synthesized or refused with the path of what is wrong.

Nothing else may happen, whatever is written into an environment file.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from modules.problems import Problem
from modules.settings import Settings, collect_problems, nested_problems
from reference.classes import concrete_settings
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.generated import Weird, arguments_of, drawn, mutated, parts_of
from tests.stacks.environments import environment
from tests.synthesized import synthesized

KINDS = concrete_settings()
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def assert_well_worded(problem: Problem, kind: type[Settings]) -> None:
    """A problem names a setting as the user typed it and reads as one line of ours, not pydantic's or Python's."""
    known = "|".join([*kind.model_fields, "nmae"])
    assert problem.path == "" or re.match(rf"({known})([.\[]|$)", problem.path), problem
    text = str(problem)
    assert " must " in f" {text}" or f"{problem.path} is not a setting of " in text
    assert "\n" not in text.replace(problem.path, "")
    for foreign in ("Input should", "Value error", "[type=", "pydantic", " at 0x", "Annotated[", "Error("):
        assert foreign not in text, problem


@EVERY_KIND
def test_no_setting_takes_what_is_of_no_type(kind: type[Settings]) -> None:
    with collect_problems():
        bad = kind(**{name: Weird() for name in kind.model_fields})

    found = list(nested_problems(bad))
    for name in kind.model_fields:
        assert [problem.got for problem in found if problem.path == name] == ["a Weird"], name
    for problem in found:
        assert_well_worded(problem, kind)


TEXTS = "\0", "a\0", "\ud800", "a\ud800"
NESTED = chain.from_iterable([[text], {text: "a"}, {"a": text}, {"a": [text]}] for text in ("a\0", "\ud800"))
UNWRITABLE = (*TEXTS, *NESTED)


@EVERY_KIND
def test_no_setting_takes_what_no_file_or_program_could(kind: type[Settings]) -> None:
    for value in UNWRITABLE:
        with collect_problems():
            bad = kind(**dict.fromkeys(kind.model_fields, value))

        found = list(nested_problems(bad))
        places = {re.split(r"[.\[]", problem.path)[0] for problem in found}
        assert kind.model_fields.keys() - places == set(), value
        assert json.dumps([str(problem) for problem in found])


@settings(max_examples=100)
@given(some.data())
def test_settings_of_every_class_are_made_or_refused(data: some.DataObject) -> None:
    kind = drawn(data, KINDS)
    with collect_problems():
        made = kind(**data.draw(arguments_of(kind, slips=True)))

    for problem in nested_problems(made):
        assert_well_worded(problem, kind)
    assert repr(made)


@settings(max_examples=8)
@given(some.data())
def test_environments_made_from_nothing_are_made_or_refused(data: some.DataObject) -> None:
    with collect_problems():
        made = Environment(**data.draw(arguments_of(Environment, slips=data.draw(some.booleans()))))

    for problem in nested_problems(made):
        assert_well_worded(problem, Environment)


def whole_environments() -> list[Environment]:
    return [environment(), *load_environments()]


def parts_of_them() -> list[Environment]:
    return [part for whole in whole_environments() for part in parts_of(whole)]


# Synthesizing is what takes time, of whole environments ten times that of their parts: the first good ones will do.
@pytest.mark.parametrize(("load", "examples", "syntheses"), [(whole_environments, 24, 2), (parts_of_them, 60, 10)])
def test_every_environment_a_few_values_away_from_a_good_one_is_refused_or_synthesized(
    load: Callable[[], Sequence[Environment]], examples: int, syntheses: int
) -> None:
    bases, outcomes = load(), Counter[str]()

    # A failing example is not made smaller: each attempt may synthesize.
    @settings(max_examples=examples, phases=[Phase.generate])
    @given(some.data())
    def refuse_or_synthesize(data: some.DataObject) -> None:
        with collect_problems():
            made = mutated(data, drawn(data, bases))
        found = list(nested_problems(made))
        for problem in found:
            assert_well_worded(problem, Environment)
        outcomes["refused" if found else "good"] += 1
        if not found and outcomes["synthesized"] < syntheses:
            outcomes["synthesized"] += 1
            stacks = synthesized(made)
            assert names_given_twice(stacks) == {}
            assert tags_that_differ_by_case(stacks) == {}

    refuse_or_synthesize()

    assert min(outcomes["refused"], outcomes["good"]) >= examples / 6, outcomes
    assert outcomes["synthesized"] == syntheses, outcomes


# What AWS tells a resource by, of its type and of what it is part of.
NAMES = ("alarm_name", "bucket", "creation_token", "family", "name")
PART_OF = (
    *("cluster", "group_name", "namespace_id", "resource_id", "role"),
    *("routing_configuration", "scalable_dimension", "vpc_id"),
)


def names_given_twice(stacks: Mapping[str, Any]) -> dict[Any, int]:
    """Return the names that two resources of one type have, in all stacks of an environment."""
    given = Counter(
        (type_, *(str(resource.get(key)).lower() for key in (*NAMES, *PART_OF)))
        for type_, _, resource in resources_of(stacks)
        if any(key in resource for key in NAMES)
    )
    return {name: count for name, count in given.items() if count > 1}


def tags_that_differ_by_case(stacks: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return keys of tags by resource, the provider's default ones included, that only their case tells apart."""
    found = {}
    for stack in stacks.values():
        (provider,) = stack["provider"]["aws"]
        default = set(provider["default_tags"][0]["tags"])
        for type_, name, resource in resources_of({"": stack}):
            keys = sorted(default | set(resource.get("tags") or ()))
            if len({key.lower() for key in keys}) < len(keys):
                found[f"{type_}.{name}"] = keys
    return found


def resources_of(stacks: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield type, logical name and block of every resource."""
    for stack in stacks.values():
        for type_, resources in stack.get("resource", {}).items():
            for name, resource in resources.items():
                yield type_, name, resource


def test_two_resources_of_one_name_would_be_found() -> None:
    queue, role = {"name": "a"}, {"name": "send", "role": "a"}
    good = {
        "aws_sqs_queue": {"a": queue, "b": {"name": "b"}},
        "aws_iam_role_policy": {"a": role, "b": role | {"role": "b"}},
    }
    assert names_given_twice({"x": {"resource": good}, "y": {"resource": {"aws_iam_role": {"a": queue}}}}) == {}
    twice = names_given_twice({"x": {"resource": good}, "y": {"resource": {"aws_sqs_queue": {"c": {"name": "A"}}}}})
    assert [(name[0], count) for name, count in twice.items()] == [("aws_sqs_queue", 2)]


def test_tags_that_differ_by_case_would_be_found() -> None:
    provider = {"aws": [{"default_tags": [{"tags": {"team": "a"}}]}]}

    def found(**tags: str) -> dict[str, list[str]]:
        return tags_that_differ_by_case({"x": {"provider": provider, "resource": {"aws_vpc": {"a": {"tags": tags}}}}})

    assert found(team="b", cost="7") == {}
    assert found(Team="b") == {"aws_vpc.a": ["Team", "team"]}
    assert found(Cost="7", cost="7") == {"aws_vpc.a": ["Cost", "cost", "team"]}
