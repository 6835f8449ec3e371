"""Settings once made: they never change, and can be compared, copied and looked through."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from modules.settings import settings_in, settings_within
from tests.modules.household import Cat, Dog, Household, LongCat
from tests.problems import refused


def test_nothing_is_converted() -> None:
    household = Household(name="red", rooms=("a", "b"), ages={"tom": (1,)}, pet=LongCat(length_mib=3))

    assert household.rooms == ("a", "b")
    assert household.ages == {"tom": (1,)}
    assert household.pet == LongCat(length_mib=3)


def test_a_list_becomes_a_tuple() -> None:
    assert Household(name="red", rooms=["a", "b"]).rooms == ("a", "b")


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
    assert list(settings_within(({"a": cat},), "rooms")) == [("rooms[0].a", cat)]


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
    assert refused(lambda: household.model_copy(update={"wait_seconds": -1})) == ["wait_seconds: 0, 3,600, got -1"]
