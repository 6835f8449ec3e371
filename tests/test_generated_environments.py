"""Environments made up by Hypothesis, good and bad: each is synthesized or refused with the path of what is wrong.

Nothing else may happen, whatever is written into an environment file.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from cdktf import App
from hypothesis import Phase, given, settings
from hypothesis import strategies as some

from modules.problems import Problem
from modules.settings import Settings, gathering, inherited
from stacks.environment import Environment
from stacks.loading import load_environments
from stacks.platform import build_platform
from tests.generated import SLIPS, Weird, arguments_of, objects_in, replaced, value_of
from tests.settings_classes import concrete_settings
from tests.stacks.environments import environment

Choice = TypeVar("Choice")
KINDS = concrete_settings()
FIELDS = [(kind, name) for kind in KINDS for name in kind.model_fields]


def assert_well_worded(problem: Problem, kind: type[Settings]) -> None:
    """A problem names a setting as the user typed it and reads as one line of ours, not pydantic's or Python's."""
    known = "|".join([*kind.model_fields, "nmae"])
    assert problem.path == "" or re.match(rf"({known})([.\[]|$)", problem.path), problem
    text = str(problem)
    assert " must " in f" {text}"
    assert "\n" not in text.replace(problem.path, "")
    for foreign in ("Input should", "Value error", "[type=", "pydantic", " at 0x", "Annotated[", "Error("):
        assert foreign not in text, problem


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", value))
def test_no_setting_takes_what_is_of_no_type(kind: type[Settings], name: str) -> None:
    with gathering():
        bad = kind(**{name: Weird()})

    found = [problem for problem in inherited(bad) if problem.path == name]
    assert [problem.got for problem in found] == ["a Weird"]
    for problem in inherited(bad):
        assert_well_worded(problem, kind)


@settings(max_examples=100)
@given(some.data())
def test_settings_of_every_class_are_made_or_refused(data: some.DataObject) -> None:
    kind = drawn(data, KINDS)
    with gathering():
        made = kind(**data.draw(arguments_of(kind, slips=True)))

    for problem in inherited(made):
        assert_well_worded(problem, kind)
    assert repr(made)


@settings(max_examples=15)
@given(some.data())
def test_environments_made_from_nothing_are_made_or_refused(data: some.DataObject) -> None:
    with gathering():
        made = Environment(**data.draw(arguments_of(Environment, slips=data.draw(some.booleans()))))

    for problem in inherited(made):
        assert_well_worded(problem, Environment)


def drawn(data: some.DataObject, choices: Sequence[Choice]) -> Choice:
    """Return one of ``choices``; drawn by number, so that a failure does not print them all."""
    return choices[data.draw(some.integers(0, len(choices) - 1))]


def mutated(data: some.DataObject, base: Environment) -> Environment:
    """Return ``base`` with one to three values, anywhere in it, replaced by ones of the same kind, or by slips."""
    for _ in range(data.draw(some.integers(1, 3))):
        path, kept = drawn(data, [(path, kept) for path, kept in objects_in(base) if type(kept).model_fields])
        name = drawn(data, list(type(kept).model_fields))
        value = value_of(type(kept), name)
        base = replaced(base, (*path, name), data.draw(some.one_of(value, value, some.sampled_from(SLIPS))))
    return base


# One takes as long as a hundred refusals.
SYNTHESES = 4
BASES = [environment(), *load_environments()]


def test_every_environment_a_few_values_away_from_a_good_one_is_refused_or_synthesized() -> None:
    outcomes: Counter[str] = Counter()
    synthesized: list[Path] = []

    # A failing example is not made smaller: each attempt may synthesize.
    @settings(max_examples=120, phases=[Phase.generate])
    @given(some.data())
    def refuse_or_synthesize(data: some.DataObject) -> None:
        with gathering():
            made = mutated(data, drawn(data, BASES))
        found = list(inherited(made))
        for problem in found:
            assert_well_worded(problem, Environment)
        outcomes["refused" if found else "good"] += 1
        # Synthesizing is what takes time; the first good ones will do.
        if not found and len(synthesized) < SYNTHESES:
            synthesized.append(synthesize(made))

    refuse_or_synthesize()

    assert min(outcomes["refused"], outcomes["good"]) >= 20, outcomes
    assert len(synthesized) == SYNTHESES


def synthesize(made: Environment) -> Path:
    with TemporaryDirectory() as folder:
        app = App(stack_traces=False, outdir=folder)
        build_platform(app, made)
        app.synth()
        assert Path(folder, "manifest.json").exists()
    return Path(folder)
