"""A household, which has a setting of every kind, for the tests of what all settings have in common."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from modules.problems import Problem
from modules.settings import Distinct, Sequence, Settings, skip_if_invalid

Colour = Annotated[str, StringConstraints(pattern="^[a-z]+$"), Field(description="lower case letters, e.g. red")]


def not_mauve(colour: str) -> str:
    if colour == "mauve":
        raise ValueError("not be mauve, which nobody can spell")
    return colour


class Animal(Settings, abstract=True):
    """Base of the kinds of animal."""


class Cat(Animal):
    lives: int = Field(default=9, ge=1, le=9)
    """each is used once"""


class LongCat(Cat):
    length_mib: int = Field(default=1, gt=0)
    """measured at rest"""


class Dog(Animal):
    pass


class Household(Settings):
    name: Colour = Field(max_length=8)
    """leads the letters it gets"""
    pets: dict[Colour, Animal] = Field(default_factory=dict)
    """by name"""
    pet: Animal | None = None
    """the one that sleeps inside"""
    meal: Dog | None = None
    """for whom"""
    wait_seconds: int = Field(default=60, ge=0, le=3_600)
    """longer is called sulking"""
    rooms: Sequence[Colour] = Field(default=(), max_length=3)
    """in the order they are cleaned"""
    guests: Distinct[Colour | Cat] = Field(default=(), max_length=3)
    """who may come in"""
    ages: dict[str, Sequence[Annotated[int, Field(ge=0)]]] = Field(default_factory=dict)
    """of the children"""
    heat: float = Field(default=20.5, gt=0, lt=40)
    """in summer"""
    size: int | Literal["small", "large"] = "small"
    """of the garden"""
    light: Literal["on", "off"] = "on"
    """in the hall"""
    open: bool = False
    """the door"""
    paint: Annotated[str, AfterValidator(not_mauve)] = "blue"
    """of the door"""
    motto: str = Field(default="", min_length=0, max_length=5)
    """above the door"""
    notes: dict[str, Sequence[str]] = Field(default_factory=dict)
    """on the fridge"""

    @property
    def address(self) -> str:
        return f"{self.name} house"

    def check_household(self) -> Iterator[Problem]:
        yield from skip_if_invalid(self._waits())
        if "lion" in self.address:
            yield Problem("name", "not frighten", repr(self.name), "call it something else")

    def _waits(self) -> Iterator[Problem]:
        if self.wait_seconds > 1_800 and self.open:
            yield Problem("open", "be False", "True", f"a draught for {self.wait_seconds:,} seconds is too long")
