import copy
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, Field, StringConstraints

from modules.problems import Problem, SettingsError
from modules.settings import Distinct, Sequence, Settings, gathering, inherited, readable, settings_in
from tests.problems import message, problems

HERE = str(Path(__file__).relative_to(Path.cwd()))

Colour = Annotated[str, StringConstraints(pattern="^[a-z]+$"), Field(description="lower case letters, e.g. red")]


def not_mauve(colour: str) -> str:
    if colour == "mauve":
        raise ValueError("not be mauve, which nobody can spell")
    return colour


class Animal(Settings, abstract=True):
    """Base of the kinds of animal."""


class Cat(Animal):
    lives: int = Field(9, ge=1, le=9, description="each is used once")


class LongCat(Cat):
    length_mib: int = Field(1, gt=0, description="measured at rest")


class Dog(Animal):
    pass


class Household(Settings):
    name: Colour = Field(max_length=8, description="leads the letters it gets")
    pets: dict[Colour, Animal] = Field(default_factory=dict, description="by name")
    pet: Animal | None = Field(None, description="the one that sleeps inside")
    meal: Dog | None = Field(None, description="for whom")
    wait_seconds: int = Field(60, ge=0, le=3_600, description="longer is called sulking")
    rooms: Sequence[Colour] = Field((), max_length=3, description="in the order they are cleaned")
    guests: Distinct[Colour | Cat] = Field((), max_length=3, description="who may come in")
    ages: dict[str, Sequence[Annotated[int, Field(ge=0)]]] = Field(default_factory=dict, description="of the children")
    heat: float = Field(20.5, gt=0, lt=40, description="in summer")
    size: int | Literal["small", "large"] = Field("small", description="of the garden")
    light: Literal["on", "off"] = Field("on", description="in the hall")
    open: bool = Field(False, description="the door")
    paint: Annotated[str, AfterValidator(not_mauve)] = Field("blue", description="of the door")
    motto: str = Field("", min_length=0, max_length=5, description="above the door")
    notes: dict[str, Sequence[str]] = Field(default_factory=dict, description="on the fridge")

    @property
    def address(self) -> str:
        return f"{self.name} house"

    def rules(self) -> Iterator[Problem]:
        yield from readable(self._waits())
        if "lion" in self.address:
            yield Problem("name", "not frighten", repr(self.name), "call it something else")

    def _waits(self) -> Iterator[Problem]:
        if self.wait_seconds > 1_800 and self.open:
            yield Problem("open", "be False", "True", f"a draught for {self.wait_seconds:,} seconds is too long")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"wait_seconds": -1}, "wait_seconds must be from 0 to 3,600 seconds, got -1; longer is called sulking"),
        ({"wait_seconds": 3_601}, "wait_seconds must be from 0 to 3,600 seconds, got 3,601; longer is called sulking"),
        ({"wait_seconds": "60"}, "wait_seconds must be a whole number of seconds, got '60'; longer is called sulking"),
        ({"wait_seconds": 6.0}, "wait_seconds must be a whole number of seconds, got 6.0; longer is called sulking"),
        ({"wait_seconds": True}, "wait_seconds must be a whole number of seconds, got True; longer is called sulking"),
        ({"wait_seconds": None}, "wait_seconds must be a whole number of seconds, got None; longer is called sulking"),
        ({"heat": 0.0}, "heat must be more than 0 and less than 40, got 0.0; in summer"),
        ({"heat": "warm"}, "heat must be a number, got 'warm'; in summer"),
        ({"heat": float("nan")}, "heat must be a number, got nan; in summer"),
        ({"heat": float("inf")}, "heat must be a number, got inf; in summer"),
        ({"open": 1}, "open must be True or False, got 1; the door"),
        ({"light": "dim"}, "light must be one of 'on', 'off', got 'dim'; in the hall"),
        ({"size": "huge"}, "size must be a whole number or be one of 'small', 'large', got 'huge'; of the garden"),
        ({"paint": "mauve"}, "paint must not be mauve, which nobody can spell, got 'mauve'; of the door"),
        ({"name": "Red"}, "name must match ^[a-z]+$, got 'Red'; lower case letters, e.g. red"),
        ({"name": 1_000}, "name must be a string, got 1000; leads the letters it gets"),
        ({"name": "a" * 9}, "name must have at most 8 characters, got 'aaaaaaaaa'; leads the letters it gets"),
        ({"motto": "x" * 100}, f"motto must have at most 5 characters, got '{'x' * 75} ...; above the door"),
        ({"rooms": "red"}, "rooms must be a list, got 'red'; in the order they are cleaned"),
        ({"rooms": {"red"}}, "rooms must be a list, got {'red'}; in the order they are cleaned"),
        ({"rooms": ["a", "b", "c", "d"]}, "rooms must have at most 3 items, got 4; in the order they are cleaned"),
        ({"rooms": ["a", "B"]}, "rooms[1] must match ^[a-z]+$, got 'B'; lower case letters, e.g. red"),
        ({"ages": {"tom": [3, -1]}}, "ages.tom[1] must be at least 0, got -1; of the children"),
        ({"ages": {"tom": 3}}, "ages.tom must be a list, got 3; of the children"),
        ({"ages": [3]}, "ages must be a dict, got [3]; of the children"),
        ({"pets": {"Tom": Cat()}}, "pets.Tom must match ^[a-z]+$, got 'Tom'; lower case letters, e.g. red"),
        ({"pets": {3: Cat()}}, "pets.3 must be a string, got 3; by name"),
        ({"pets": {"tom": 3}}, "pets.tom must be one of Cat, Dog, LongCat, got 3; by name"),
        ({"pet": {"lives": 9}}, "pet must be one of Cat, Dog, LongCat, got {'lives': 9}; the one that sleeps inside"),
        ({"pet": Cat}, "pet must be one of Cat, Dog, LongCat, got the class Cat itself; the one that sleeps inside"),
        ({"meal": Cat()}, "meal must be a Dog, got a Cat; for whom"),
    ],
)
def test_a_bad_value_is_reported_with_path_rule_value_and_meaning(values: dict[str, Any], expected: str) -> None:
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
    expected = f"Household: {name} must be a setting of Household, got an unknown name; {fix}"
    assert message(Household, name="red", **{name: 1}) == expected


@pytest.mark.parametrize(
    ("key", "path"),
    [(None, "None"), (3, "3"), (True, "True"), (1.5, "1.5"), (("a", "b"), "('a', 'b')"), (b"a", "b'a'")],
)
def test_a_key_that_is_no_string_is_named_as_it_was_written(key: Any, path: str) -> None:
    meaning = Household.model_fields["ages"].description
    ages: dict[Any, Any] = {key: ["x"]}
    assert problems(lambda: Household(name="red", ages=ages)) == [
        f"ages.{path} must be a string, got {key!r}; {meaning}",
        f"ages.{path}[0] must be a whole number, got 'x'; {meaning}",
    ]


def test_all_problems_are_reported_at_once_with_the_rules_that_can_still_be_checked() -> None:
    assert problems(lambda: Household(name="lion", wait_seconds=-1, heat="hot", open=True)) == [  # type: ignore[arg-type]
        "wait_seconds must be from 0 to 3,600 seconds, got -1; longer is called sulking",
        "heat must be a number, got 'hot'; in summer",
        "name must not frighten, got 'lion'; call it something else",
    ]


def test_a_rule_that_reads_a_bad_setting_through_a_property_ends_quietly() -> None:
    assert problems(lambda: Household(name="Lion", wait_seconds=3_000, open=True)) == [
        "name must match ^[a-z]+$, got 'Lion'; lower case letters, e.g. red",
        "open must be False, got True; a draught for 3,000 seconds is too long",
    ]


def test_a_rule_that_reads_what_no_setting_has_is_not_silenced() -> None:
    class Wrong(Settings):
        def rules(self) -> Iterator[Problem]:
            yield Problem(self.nothing, "be", None, "")

    with pytest.raises(AttributeError, match="nothing"):
        Wrong()


def test_an_abstract_class_cannot_be_made() -> None:
    assert message(Animal) == "Animal: must be one of Cat, Dog, LongCat"


def test_a_base_is_abstract_and_its_kinds_are_not() -> None:
    assert (Animal.abstract, Cat.abstract, LongCat.abstract) == (True, False, False)


def test_nothing_is_converted() -> None:
    household = Household(name="red", rooms=("a", "b"), ages={"tom": (1,)}, pet=LongCat(length_mib=3))

    assert household.rooms == ("a", "b")
    assert household.ages == {"tom": (1,)}
    assert household.pet == LongCat(length_mib=3)


def test_a_list_becomes_a_tuple() -> None:
    assert Household(name="red", rooms=["a", "b"]).rooms == ("a", "b")


def test_what_is_to_be_named_once_is_refused_twice() -> None:
    assert Household(name="home", guests=["ann", "bob"], rooms=["hall", "hall"]).guests == ("ann", "bob")
    assert problems(lambda: Household(name="home", guests=["ann", "bob", "ann"])) == [
        "guests must name each one once, got ('ann', 'bob', 'ann'); 'ann' is there more than once"
    ]
    assert problems(lambda: Household(name="home", guests=[Cat(lives=8), Cat(lives=8)])) == [
        "guests must name each one once, got (Cat(lives=8), Cat(lives=8)); Cat(lives=8) is there more than once"
    ]
    assert problems(lambda: Household(name="home", guests=["ann", "bob", "cid", "dan"])) == [
        "guests must have at most 3 items, got 4; who may come in"
    ]


TEXT = "be text that UTF-8 can write, without NUL"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"motto": "\ud800"}, f"motto must {TEXT}, got '\\ud800'; above the door"),
        ({"motto": "a\0b"}, f"motto must {TEXT}, got 'a\\x00b'; above the door"),
        ({"paint": "\udfff"}, f"paint must {TEXT}, got '\\udfff'; of the door"),
        ({"rooms": ["hall", "\ud800"]}, f"rooms[1] must {TEXT}, got '\\ud800'; in the order they are cleaned"),
        ({"name": "\ud800"}, f"name must {TEXT}, got '\\ud800'; leads the letters it gets"),
        ({"ages": {"\ud800": [1]}}, f"ages must {TEXT}, got '\\ud800'; of the children"),
        ({"ages": {"tom\0": [1]}}, f"ages must {TEXT}, got 'tom\\x00'; of the children"),
        ({"notes": {"a": ("b", "\0")}}, f"notes.a[1] must {TEXT}, got '\\x00'; on the fridge"),
    ],
)
def test_what_no_file_or_program_could_take_is_no_text(values: dict[str, Any], expected: str) -> None:
    assert problems(lambda: Household(**{"name": "red"} | values)) == [expected]


@pytest.mark.parametrize("text", ["", "\ud7ff\ue000", "\x01\n", "😀"])
def test_all_other_characters_are_text(text: str) -> None:
    assert Household(name="red", motto=text).motto == text


def test_rules_do_not_read_what_is_no_text() -> None:
    with gathering():
        household = Household(name="red", motto="\0", open=True, wait_seconds=3_600)

    assert [problem.path for problem in inherited(household)] == ["motto", "open"]
    with pytest.raises(AttributeError):
        _ = household.motto


def test_settings_cannot_be_changed() -> None:
    household = Household(name="red", ages={"tom": (1,)})

    changes: tuple[Callable[[], None], ...] = (
        lambda: setattr(household, "name", "blue"),
        lambda: setattr(household, "nmae", "blue"),
        lambda: delattr(household, "name"),
        lambda: household.ages.__setitem__("eve", (2,)),
    )
    for change in changes:
        with pytest.raises(TypeError) as raised:
            change()
        assert str(raised.value) == "settings cannot be changed; write the value where they are made"
    assert household == Household(name="red", ages={"tom": (1,)})
    with pytest.raises(TypeError, match="settings cannot be changed"):
        household.pets.update(tom=Cat())
    with pytest.raises(TypeError, match="settings cannot be changed"):
        household.pets.__ior__({"tom": Cat()})


def test_changing_what_settings_were_made_of_does_not_change_them() -> None:
    ages: dict[str, Any] = {"tom": [1]}
    household = Household(name="red", ages=ages)
    ages["tom"].append(2)
    ages["eve"] = [3]

    assert household.ages == {"tom": (1,)}


def test_all_settings_inside_are_found_with_their_paths() -> None:
    cat, dog, long = Cat(), Dog(), LongCat(length_mib=3)
    household = Household(name="red", pets={"tom": cat, "rex": dog}, pet=long)

    assert list(settings_in(household)) == [("", household), ("pets.tom", cat), ("pets.rex", dog), ("pet", long)]
    assert list(settings_in(({"a": cat},), "rooms")) == [("rooms[0].a", cat)]


def test_equal_settings_are_one_key() -> None:
    one, other = (Household(name="red", ages={"tom": (1,)}) for _ in range(2))

    assert len({one, other}) == 1
    assert one != Household(name="red")


def test_settings_survive_being_copied_and_pickled() -> None:
    household = Household(name="red", ages={"tom": (1,)}, pet=Cat(lives=3))

    assert copy.deepcopy(household) == household
    assert pickle.loads(pickle.dumps(household)) == household


def test_a_copy_with_changes_is_checked_like_any_settings() -> None:
    household = Household(name="red", wait_seconds=10)

    assert household.model_copy(update={"name": "blue"}) == Household(name="blue", wait_seconds=10)
    assert problems(lambda: household.model_copy(update={"wait_seconds": -1})) == [
        "wait_seconds must be from 0 to 3,600 seconds, got -1; longer is called sulking"
    ]


def test_gathering_keeps_bad_settings_and_their_problems() -> None:
    with gathering():
        household = Household(name="Red", pets={"tom": Cat(lives=10), "eve": Cat()}, pet=Animal())

    assert [str(problem) for problem in inherited(household, "homes.red")] == [
        "homes.red.name must match ^[a-z]+$, got 'Red'; lower case letters, e.g. red",
        "homes.red.pets.tom.lives must be from 1 to 9, got 10; each is used once",
        "homes.red.pet must be one of Cat, Dog, LongCat",
    ]


def test_gathering_finds_problems_inside_a_list() -> None:
    class Zoo(Settings):
        cats: Sequence[Cat]

    with gathering():
        zoo = Zoo(cats=[Cat(), Cat(lives=0)])

    assert [problem.path for problem in inherited(zoo)] == ["cats[1].lives"]


def test_gathering_ends() -> None:
    with gathering():
        pass
    with pytest.raises(SettingsError):
        Cat(lives=0)


def test_bad_settings_can_still_be_shown_compared_and_copied() -> None:
    with gathering():
        bad = Household(name="Red", wait_seconds=3)
        other = bad.model_copy(update={"name": "blue"})

    assert "wait_seconds=3" in repr(bad)
    assert bad != other
    assert (other.name, other.wait_seconds) == ("blue", 3)
    assert not list(inherited(other))


def test_a_problem_knows_where_its_settings_were_written() -> None:
    with gathering():
        line = frame_line() + 1
        household = Household(
            name="red",
            pets={
                "tom": Cat(lives=0),
            },
            wait_seconds=-1,
        )

    assert {problem.path: problem.where for problem in inherited(household)} == {
        "wait_seconds": f"{HERE}:{line}",
        "pets.tom.lives": f"{HERE}:{line + 3}",
    }


def test_the_place_is_that_of_the_user_where_a_class_extends_the_constructor() -> None:
    class Kitten(Cat):
        def __init__(self, lives: int) -> None:
            super().__init__(lives=lives)

    with gathering():
        line = frame_line() + 1
        kitten = Kitten(10)
        copied = Cat().model_copy(update={"lives": 11})

    assert [problem.where for problem in inherited(kitten)] == [f"{HERE}:{line}"]
    assert [problem.where for problem in inherited(copied)] == [f"{HERE}:{line + 1}"]


def test_the_place_is_absolute_outside_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with gathering():
        cat = Cat(lives=0)

    (problem,) = inherited(cat)
    assert problem.where is not None
    assert problem.where.startswith(f"{__file__}:")


def frame_line() -> int:
    return sys._getframe(1).f_lineno
