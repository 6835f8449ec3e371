"""What settings refuse, each with the whole message."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import Field

from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.ecs.settings.containers import FargateContainer
from modules.ecs.settings.tasks import FargateTask
from modules.problems import Problem, SettingsError
from modules.settings import BrokenCheckError, InvalidSettingError, Settings, collect_problems, nested_problems
from tests.modules.household import Animal, Cat, Household, LongCat
from tests.problems import message, problems, problems_of, refused


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"wait_seconds": -1}, "wait_seconds must be from 0 to 3,600 seconds, got -1; longer is called sulking"),
        ({"wait_seconds": 3_601}, "wait_seconds must be from 0 to 3,600 seconds, got 3,601; longer is called sulking"),
        ({"wait_seconds": "60"}, "wait_seconds must be a whole number of seconds, got '60'"),
        ({"wait_seconds": 6.0}, "wait_seconds must be a whole number of seconds, got 6.0"),
        ({"wait_seconds": True}, "wait_seconds must be a whole number of seconds, got True"),
        ({"wait_seconds": None}, "wait_seconds must be a whole number of seconds, got None"),
        ({"heat": 0.0}, "heat must be more than 0 and less than 40, got 0.0; in summer"),
        ({"heat": "warm"}, "heat must be a number, got 'warm'"),
        ({"heat": float("nan")}, "heat must be a number, got nan"),
        ({"heat": float("inf")}, "heat must be a number, got inf"),
        ({"open": 1}, "open must be True or False, got 1"),
        ({"light": "dim"}, "light must be one of 'on', 'off', got 'dim'; in the hall"),
        ({"size": "huge"}, "size must be a whole number or be one of 'small', 'large', got 'huge'"),
        ({"paint": "mauve"}, "paint must not be mauve, which nobody can spell, got 'mauve'"),
        ({"name": "Red"}, "name must be lower case letters, e.g. red, got 'Red'"),
        ({"name": 1_000}, "name must be a string, got 1000"),
        ({"name": "a" * 9}, "name must have at most 8 characters, got 'aaaaaaaaa'; leads the letters it gets"),
        ({"motto": "x" * 100}, f"motto must have at most 5 characters, got '{'x' * 75} ...; above the door"),
        ({"rooms": "red"}, "rooms must be a list, got 'red'"),
        ({"rooms": {"red"}}, "rooms must be a list, got {'red'}"),
        ({"rooms": ["a", "b", "c", "d"]}, "rooms must have at most 3 items, got 4; in the order they are cleaned"),
        ({"rooms": ["a", "B"]}, "rooms[1] must be lower case letters, e.g. red, got 'B'"),
        ({"ages": {"tom": [3, -1]}}, "ages.tom[1] must be at least 0, got -1; of the children"),
        ({"ages": {"tom": 3}}, "ages.tom must be a list, got 3"),
        ({"ages": [3]}, "ages must be a dict, got [3]"),
        ({"pets": {"Tom": Cat()}}, "pets.Tom must be lower case letters, e.g. red, got 'Tom'"),
        ({"pets": {3: Cat()}}, "pets.3 must be a string, got 3"),
        ({"pets": {"tom": 3}}, "pets.tom must be one of Cat, Dog, LongCat, got 3"),
        ({"pet": {"lives": 9}}, "pet must be one of Cat, Dog, LongCat, got {'lives': 9}"),
        ({"pet": Cat}, "pet must be one of Cat, Dog, LongCat, got the class Cat itself"),
        ({"meal": Cat()}, "meal must be a Dog, got a Cat"),
    ],
)
def test_a_bad_value_is_reported_with_its_meaning_unless_its_type_is_wrong(
    values: dict[str, Any], expected: str
) -> None:
    assert message(Household, **{"name": "red"} | values) == f"Household: {expected}"


def test_a_missing_value_is_asked_for() -> None:
    assert message(Household) == "Household: name must be given; leads the letters it gets"


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("wait_second", "did you mean wait_seconds?"),
        ("wait", "did you mean wait_seconds?"),
        ("romos", "did you mean rooms?"),
        (
            "zzz",
            "known: ages, guests, heat, light, meal, motto, name, notes, open, paint, pet, pets, rooms, size, "
            "wait_seconds",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(name: str, fix: str) -> None:
    expected = f"Household: {name} is not a setting of Household; {fix}"
    assert message(Household, name="red", **{name: 1}) == expected


@pytest.mark.parametrize(
    ("key", "path"),
    [(None, "None"), (3, "3"), (True, "True"), (1.5, "1.5"), (("a", "b"), "('a', 'b')"), (b"a", "b'a'")],
)
def test_a_key_that_is_no_string_is_named_as_it_was_written(key: Any, path: str) -> None:
    ages: dict[Any, Any] = {key: ["x"]}
    assert problems(lambda: Household(name="red", ages=ages)) == [
        f"ages.{path} must be a string, got {key!r}",
        f"ages.{path}[0] must be a whole number, got 'x'",
    ]


def test_all_problems_are_reported_at_once_with_the_rules_that_can_still_be_checked() -> None:
    assert problems(lambda: Household(name="lion", wait_seconds=-1, heat="hot", open=True)) == [  # type: ignore[arg-type]
        "wait_seconds must be from 0 to 3,600 seconds, got -1; longer is called sulking",
        "heat must be a number, got 'hot'",
        "name must not frighten, got 'lion'; call it something else",
    ]


def test_a_rule_that_reads_a_bad_setting_through_a_property_ends_quietly() -> None:
    assert problems(lambda: Household(name="Lion", wait_seconds=3_000, open=True)) == [
        "name must be lower case letters, e.g. red, got 'Lion'",
        "open must be False, got True; a draught for 3,000 seconds is too long",
    ]


def test_a_check_that_reads_what_no_setting_has_is_a_fault_of_its_own() -> None:
    class Wrong(Settings):
        def check_nothing(self) -> Iterator[Problem]:
            yield Problem(self.nothing, "be", None, "")  # type: ignore[attr-defined]

    with pytest.raises(
        BrokenCheckError, match=r"^tests/modules/test_settings.py:\d+: check_nothing is broken: .*nothing"
    ):
        Wrong()


def test_an_abstract_class_cannot_be_made() -> None:
    assert message(Animal) == "Animal: must be one of Cat, Dog, LongCat"


def test_a_base_is_abstract_and_its_kinds_are_not() -> None:
    assert (Animal.abstract, Cat.abstract, LongCat.abstract) == (True, False, False)


def test_what_is_to_be_named_once_is_refused_twice() -> None:
    assert Household(name="home", guests=["ann", "bob"], rooms=["hall", "hall"]).guests == ("ann", "bob")
    assert problems(lambda: Household(name="home", guests=["ann", "bob", "ann"])) == [
        "guests must not repeat an item, got ('ann', 'bob', 'ann'); 'ann' is there more than once"
    ]
    assert problems(lambda: Household(name="home", guests=[Cat(lives=8), Cat(lives=8)])) == [
        "guests must not repeat an item, got (Cat(lives=8), Cat(lives=8)); Cat(lives=8) is there more than once"
    ]
    assert problems(lambda: Household(name="home", guests=["ann", "bob", "cid", "dan"])) == [
        "guests must have at most 3 items, got 4; who may come in"
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"motto": "\ud800"}, "motto: got '\\ud800'"),
        ({"motto": "a\0b"}, "motto: got 'a\\x00b'"),
        ({"paint": "\udfff"}, "paint: got '\\udfff'"),
        ({"rooms": ["hall", "\ud800"]}, "rooms[1]: got '\\ud800'"),
        ({"name": "\ud800"}, "name: got '\\ud800'"),
        ({"ages": {"\ud800": [1]}}, "ages: got '\\ud800'"),
        ({"ages": {"tom\0": [1]}}, "ages: got 'tom\\x00'"),
        ({"notes": {"a": ("b", "\0")}}, "notes.a[1]: got '\\x00'"),
    ],
)
def test_what_no_file_or_program_could_take_is_no_text(values: dict[str, Any], expected: str) -> None:
    assert refused(Household, **{"name": "red"} | values) == [expected]


@pytest.mark.parametrize("text", ["", "\ud7ff\ue000", "\x01\n", "😀"])
def test_all_other_characters_are_text(text: str) -> None:
    assert Household(name="red", motto=text).motto == text


def test_rules_do_not_read_what_is_no_text() -> None:
    with collect_problems():
        household = Household(name="red", motto="\0", open=True, wait_seconds=3_600)

    assert [problem.path for problem in nested_problems(household)] == ["motto", "open"]
    with pytest.raises(InvalidSettingError):
        _ = household.motto


class Wide(Settings):
    count: int = 0
    days: dict[str, int] = Field(default_factory=dict)
    group: int = Field(default=0, le=2**32)


def test_a_whole_number_is_one_that_aws_has_room_for_unless_the_setting_names_its_own_limit() -> None:
    assert Wide(count=2**31 - 1, days={"a": 2**31 - 1}, group=2**32).group == 2**32
    assert refused(Wide, count=2**31, days={"a": 2**31}) == [
        "count: 2,147,483,647, got 2,147,483,648",
        "days.a: 2,147,483,647, got 2,147,483,648",
    ]


def test_a_setting_of_another_kind_is_told_with_the_kind_that_has_it() -> None:
    def fix(kind: type[Settings], name: str) -> str:
        with pytest.raises(SettingsError) as raised:
            kind(**{name: 1})
        (problem,) = [problem for problem in raised.value.problems if problem.path == name]
        return str(problem.fix)

    assert fix(FargateJobDefinition, "gpus") == "Ec2JobDefinition has it"
    assert fix(FargateContainer, "gpus") == "Ec2Container has it"
    assert fix(FargateTask, "image") == "it belongs into containers"
    assert fix(FargateTask, "vcpu") == "did you mean vcpus?"


def test_values_without_names_are_told_which_name_they_may_be_meant_for() -> None:
    unchecked: Any = Cat
    (problem,) = problems_of(lambda: unchecked("Tom"))
    assert problem.got == "'Tom'"
    assert problem.fix.startswith("e.g. Cat(")
