"""A household, which has a setting of every kind, for the tests of what all settings have in common."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from modules.problems import Problem
from modules.settings import Distinct, Sequence, Settings, readable

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
