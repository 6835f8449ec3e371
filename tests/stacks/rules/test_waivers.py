"""A waiver takes back one refusal of production, with a reason, and only where there is one."""

from collections.abc import Mapping
from typing import Any

import pytest

from modules.settings import collect_problems, nested_problems
from stacks.environment import Environment
from tests.problems import in_short, problems_of, refused
from tests.stacks.environments import environment, fargate_job
from tests.stacks.rules.test_production import WEAKNESSES, production

PATH = "job_definitions.embed.read_only_root_filesystem"
REASON = "vendor image writes to /opt, ticket ML-12"
WRITING: dict[str, Any] = {"job_definitions": {"embed": fargate_job(read_only_root_filesystem=False)}}
UNNEEDED = f"production_waivers.{PATH}: got '{PATH}'"


def waiving(waivers: Mapping[str, str], **changes: Any) -> Environment:
    return production(production_waivers=dict(waivers), **changes)


@pytest.mark.parametrize(("changes", "expected"), WEAKNESSES)
def test_each_refusal_can_be_waived_by_the_path_that_it_has(changes: dict[str, Any], expected: str) -> None:
    path = expected.partition(": ")[0]
    with collect_problems():
        found = [problem.path for problem in nested_problems(waiving({path: REASON}, **changes))]

    assert not {path, f"production_waivers.{path}"} & set(found)


def test_a_waiver_is_for_one_setting_of_one_entry() -> None:
    both = {"job_definitions": {name: fargate_job(read_only_root_filesystem=False) for name in ("embed", "other")}}

    assert refused(lambda: waiving({PATH: REASON}, **both)) == [
        "job_definitions.other.read_only_root_filesystem: got False"
    ]


@pytest.mark.parametrize("reason", ["", "x" * 9, "two lines\nof text", " " * 10, "x" * 501])
def test_a_waiver_needs_a_reason_of_one_line(reason: str) -> None:
    (problem, *others) = refused(lambda: waiving({PATH: reason}, **WRITING))
    assert problem.startswith(f"production_waivers.{PATH}: ")
    assert others == []


@pytest.mark.parametrize("reason", ["x" * 10, "x" * 500])
def test_a_reason_may_be_short_or_long(reason: str) -> None:
    assert waiving({PATH: reason}, **WRITING).production_waivers[PATH] == reason


def test_a_waiver_that_nothing_needs_is_refused() -> None:
    assert refused(lambda: waiving({PATH: REASON})) == [UNNEEDED]


@pytest.mark.parametrize("path", ["job_definitions.embed", "job_definitions", "queues.requests.max_receive_count", "x"])
def test_a_waiver_names_a_setting_that_production_refuses_and_nothing_around_it(path: str) -> None:
    waived = {f"production_waivers.{path}: got {path!r}"}
    assert waived == set(refused(lambda: waiving({PATH: REASON, path: REASON}, **WRITING)))


def test_a_misspelt_path_is_told_with_the_one_that_is_meant() -> None:
    found = problems_of(lambda: waiving({PATH.replace("only", "onyl"): REASON}, **WRITING))
    assert {problem.path: problem.fix for problem in found}[f"production_waivers.{PATH.replace('only', 'onyl')}"] == (
        f"did you mean {PATH}?"
    )


def test_there_is_nothing_to_waive_outside_production() -> None:
    assert refused(lambda: environment(production_waivers={PATH: REASON}, **WRITING)) == [UNNEEDED]


def test_a_waiver_of_what_is_bad_itself_is_left_for_later() -> None:
    with collect_problems():
        bad = fargate_job(read_only_root_filesystem="no")
        found = nested_problems(waiving({PATH: REASON}, job_definitions={"embed": bad}))

    assert in_short(found) == [f"{PATH}: got 'no'"]
