"""What a field of an event or message must be.

Source: "Comparison operators for use in event patterns" in the EventBridge user guide.
"""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.problems import Problem
from modules.settings import Distinct, Settings

Bound = Annotated[float | int, Field(ge=-5_000_000_000, le=5_000_000_000)]
MatchText = Annotated[str, StringConstraints(min_length=1, max_length=1_024)]


class Match(Settings, abstract=True):
    """Base of what a field may have to be, besides a text that it equals."""

    for_pipes: ClassVar[bool] = True


class EndOfText(Match, abstract=True):
    """Base of what a text may have at one of its ends."""

    text: MatchText
    """the characters there [1 to 1,024 characters; required]"""
    ignore_case: bool = False
    """True: in capitals or not [default False]"""


class StartsWith(EndOfText):
    """A text that starts so."""


class EndsWith(EndOfText):
    """A text that ends so."""


class EqualsIgnoreCase(Match):
    """A text that is this one, in capitals or not."""

    text: MatchText
    """what it is [1 to 1,024 characters; required]"""


class AnythingBut(Match):
    """Something else than each of these texts, or each of these numbers."""

    texts: Distinct[MatchText] = ()
    """what it is not [each 1 to 1,024 characters; default empty]"""

    numbers: Distinct[float | int] = ()
    """in place of texts [default empty]"""

    def check_kind(self) -> Iterator[Problem]:
        """Check that there are texts or numbers."""
        if bool(self.texts) == bool(self.numbers):
            yield Problem("", "have texts or numbers", "both" if self.texts else "neither", "they cannot be mixed")


class Wildcard(Match):
    """A text with anything, or nothing, for each ``*``; of events only."""

    for_pipes: ClassVar[bool] = False

    pattern: MatchText
    """e.g. incoming/*/images/*.png; a backslash before what is meant as it is [1 to 1,024 characters; required]"""

    def check_pattern(self) -> Iterator[Problem]:
        """Check that there is a wildcard, and no two side by side."""
        plain = self.pattern.replace("\\\\", "").replace("\\*", "")
        if "*" not in plain:
            yield self.problem("pattern", "have a *", fix="give the text itself")
        if "**" in plain:
            yield self.problem("pattern", "not have two * side by side", "EventBridge refuses it")


class IsNumber(Match):
    """A number within bounds."""

    equal: Bound | None = None
    """this very number [from -5,000,000,000 to 5,000,000,000; default None]"""
    at_least: Bound | None = None
    """this or more [from -5,000,000,000 to 5,000,000,000; default None]"""
    above: Bound | None = None
    """more than this [from -5,000,000,000 to 5,000,000,000; default None]"""
    at_most: Bound | None = None
    """this or less [from -5,000,000,000 to 5,000,000,000; default None]"""
    below: Bound | None = None
    """less than this [from -5,000,000,000 to 5,000,000,000; default None]"""

    def check_bounds(self) -> Iterator[Problem]:
        """Check that there are bounds that leave a number."""
        bounds = self.bounds
        given = [sign for sign, _ in bounds]
        if given not in (["="], [">"], [">="], ["<"], ["<="], [">", "<"], [">", "<="], [">=", "<"], [">=", "<="]):
            got = ", ".join(f"{sign} {value:g}" for sign, value in bounds) or "nothing"
            yield Problem("", "have one bound, one on each side, or equal alone", got)
        elif len(bounds) > 1 and bounds[0][1] >= bounds[1][1]:
            yield Problem("", "have a lower bound below the upper one", f"{bounds[0][1]:g} and {bounds[1][1]:g}")

    @property
    def bounds(self) -> list[tuple[str, float | int]]:
        """The bounds that there are, each with its sign."""
        bounds = (
            ("=", self.equal),
            (">", self.above),
            (">=", self.at_least),
            ("<", self.below),
            ("<=", self.at_most),
        )
        return [(sign, value) for sign, value in bounds if value is not None]


class IsTrue(Match):
    """True or false, not the words."""

    value: bool = True
    """which of the two [default True]"""


class IsThere(Match):
    """Something, whatever it is; or a field that there is not."""

    value: bool = True
    """False: the field is not there [default True]"""


class NoneOf(Match):
    """A text that none of these matches takes, all of one kind; of events only."""

    for_pipes: ClassVar[bool] = False

    matches: Distinct[Match] = Field(min_length=1)
    """StartsWith, EndsWith, EqualsIgnoreCase or Wildcard, each several times; e.g. [at least 1 item; required]"""

    def check_matches(self) -> Iterator[Problem]:
        """Check that all are of one kind that can be turned around."""
        first = type(self.matches[0])
        for index, item in enumerate(self.matches):
            if not isinstance(item, EndOfText | EqualsIgnoreCase | Wildcard):
                rule = "be a StartsWith, EndsWith, EqualsIgnoreCase or Wildcard"
                yield self.problem(f"matches[{index}]", rule, "EventBridge negates no other match")
            elif type(item) is not first:
                yield self.problem(f"matches[{index}]", f"be a {first.__name__}, as the first is")
            elif isinstance(item, EndOfText) and item.ignore_case:
                reason = "EventBridge ignores case only where it does not negate"
                yield self.problem(f"matches[{index}].ignore_case", "be False in a NoneOf", reason)


class InNetwork(Match):
    """An IP address within a block; of events only."""

    for_pipes: ClassVar[bool] = False

    cidr_block: str = Field(max_length=64)
    """e.g. 10.0.0.0/24 or 2001:db8::/32 [at most 64 characters; required]"""

    def check_cidr_block(self) -> Iterator[Problem]:
        """Check that it is a block."""
        try:
            ip_network(self.cidr_block)
        except ValueError as error:
            yield self.problem("cidr_block", "be a block of addresses", str(error))
