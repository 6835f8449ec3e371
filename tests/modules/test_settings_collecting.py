"""Bad settings that are kept while environment files are loaded, with their problems and where they were written."""

import sys
from pathlib import Path

import pytest

from modules.problems import SettingsError
from modules.settings import Sequence, Settings, collect_problems, nested_problems
from tests.modules.household import Animal, Cat, Household
from tests.problems import in_short

HERE = str(Path(__file__).relative_to(Path.cwd()))


def test_collecting_keeps_bad_settings_and_their_problems() -> None:
    with collect_problems():
        household = Household(name="Red", pets={"tom": Cat(lives=10), "eve": Cat()}, pet=Animal())

    assert in_short(nested_problems(household, "homes.red")) == [
        "homes.red.name: got 'Red'",
        "homes.red.pets.tom.lives: 1, 9, got 10",
        "homes.red.pet",
    ]


def test_collecting_finds_problems_inside_a_list() -> None:
    class Zoo(Settings):
        cats: Sequence[Cat]

    with collect_problems():
        zoo = Zoo(cats=[Cat(), Cat(lives=0)])

    assert [problem.path for problem in nested_problems(zoo)] == ["cats[1].lives"]


def test_collecting_ends() -> None:
    with collect_problems():
        pass
    with pytest.raises(SettingsError):
        Cat(lives=0)


def test_bad_settings_can_still_be_shown_compared_and_copied() -> None:
    with collect_problems():
        bad = Household(name="Red", wait_seconds=3)
        other = bad.model_copy(update={"name": "blue"})

    assert "wait_seconds=3" in repr(bad)
    assert bad != other
    assert (other.name, other.wait_seconds) == ("blue", 3)
    assert not list(nested_problems(other))


def test_a_problem_knows_where_its_settings_were_written() -> None:
    with collect_problems():
        line = frame_line() + 1
        household = Household(
            name="red",
            pets={
                "tom": Cat(lives=0),
            },
            wait_seconds=-1,
        )

    assert {problem.path: problem.where for problem in nested_problems(household)} == {
        "wait_seconds": f"{HERE}:{line + 5}",
        "pets.tom.lives": f"{HERE}:{line + 3}",
    }


def test_the_place_is_that_of_the_user_where_a_class_extends_the_constructor() -> None:
    class Kitten(Cat):
        def __init__(self, lives: int) -> None:
            super().__init__(lives=lives)

    with collect_problems():
        line = frame_line() + 1
        kitten = Kitten(10)
        copied = Cat().model_copy(update={"lives": 11})

    assert [problem.where for problem in nested_problems(kitten)] == [f"{HERE}:{line}"]
    assert [problem.where for problem in nested_problems(copied)] == [f"{HERE}:{line + 1}"]


def test_the_place_is_absolute_outside_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with collect_problems():
        cat = Cat(lives=0)

    (problem,) = nested_problems(cat)
    assert problem.where is not None
    assert problem.where.startswith(f"{__file__}:")


def frame_line() -> int:
    return sys._getframe(1).f_lineno
