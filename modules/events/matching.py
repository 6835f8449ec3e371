"""What a field of an event or message must be, as settings that write themselves in EventBridge's own words.

Source: "Comparison operators for use in event patterns" in the EventBridge user guide.
"""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings

MatchText = Annotated[str, StringConstraints(min_length=1, max_length=1_024)]


class Match(Settings, abstract=True):
    """Base of what a field may have to be, besides a text that it equals."""

    for_pipes: ClassVar[bool] = True

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        raise NotImplementedError


class StartsWith(Match):
    """A text that starts so."""

    text: MatchText
    """its first characters [1 to 1,024 characters; required]"""
    ignore_case: bool = False
    """True: in capitals or not [default False]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"prefix": {"equals-ignore-case": self.text} if self.ignore_case else self.text}


class EndsWith(Match):
    """A text that ends so."""

    text: MatchText
    """its last characters [1 to 1,024 characters; required]"""
    ignore_case: bool = False
    """True: in capitals or not [default False]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"suffix": {"equals-ignore-case": self.text} if self.ignore_case else self.text}


class EqualsIgnoreCase(Match):
    """A text that is this one, in capitals or not."""

    text: MatchText
    """what it is [1 to 1,024 characters; required]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"equals-ignore-case": self.text}


class AnythingBut(Match):
    """Something else than each of these texts, or each of these numbers."""

    texts: Distinct[MatchText] = ()
    """what it is not [each 1 to 1,024 characters; default empty]"""

    numbers: Distinct[float | int] = ()
    """in place of texts [default empty]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"anything-but": list(self.texts or self.numbers)}

    def check_kind(self) -> Iterator[Problem]:
        """Check that there are texts or numbers."""
        if bool(self.texts) == bool(self.numbers):
            yield Problem("", "have texts or numbers", "both" if self.texts else "neither", "EventBridge mixes neither")


class Wildcard(Match):
    """A text with anything, or nothing, for each ``*``; of events only."""

    for_pipes: ClassVar[bool] = False

    pattern: MatchText
    """e.g. incoming/*/images/*.png; a backslash before what is meant as it is [1 to 1,024 characters; required]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"wildcard": self.pattern}

    def check_pattern(self) -> Iterator[Problem]:
        """Check that there is a wildcard, and no two side by side."""
        plain = self.pattern.replace("\\\\", "").replace("\\*", "")
        if "*" not in plain:
            yield Problem("pattern", "have a *", format_value(self.pattern), fix="give the text itself")
        if "**" in plain:
            reason = "EventBridge refuses it"
            yield Problem("pattern", "not have two * side by side", format_value(self.pattern), reason)


class IsNumber(Match):
    """A number within bounds."""

    equal: float | int | None = Field(default=None, ge=-5_000_000_000, le=5_000_000_000)
    """this very number [from -5,000,000,000 to 5,000,000,000; default None]"""
    at_least: float | int | None = Field(default=None, ge=-5_000_000_000, le=5_000_000_000)
    """this or more [from -5,000,000,000 to 5,000,000,000; default None]"""
    above: float | int | None = Field(default=None, ge=-5_000_000_000, le=5_000_000_000)
    """more than this [from -5,000,000,000 to 5,000,000,000; default None]"""
    at_most: float | int | None = Field(default=None, ge=-5_000_000_000, le=5_000_000_000)
    """this or less [from -5,000,000,000 to 5,000,000,000; default None]"""
    below: float | int | None = Field(default=None, ge=-5_000_000_000, le=5_000_000_000)
    """less than this [from -5,000,000,000 to 5,000,000,000; default None]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"numeric": [part for sign, value in self.bounds for part in (sign, value)]}

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

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return self.value


class IsThere(Match):
    """Something, whatever it is; or a field that there is not."""

    value: bool = True
    """False: the field is not there [default True]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"exists": self.value}


class NoneOf(Match):
    """A text that none of these matches takes, all of one kind; of events only."""

    for_pipes: ClassVar[bool] = False

    matches: Distinct[Match] = Field(min_length=1)
    """StartsWith, EndsWith, EqualsIgnoreCase or Wildcard, each several times; e.g. [at least 1 item; required]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        operator, values = next(iter(self.matches[0].document())), [item.document() for item in self.matches]
        told = [value[operator] for value in values]
        return {"anything-but": {operator: told if len(told) > 1 else told[0]}}

    def check_matches(self) -> Iterator[Problem]:
        """Check that all are of one kind that can be turned around."""
        first = type(self.matches[0])
        for index, item in enumerate(self.matches):
            if not isinstance(item, StartsWith | EndsWith | EqualsIgnoreCase | Wildcard):
                rule = "be a StartsWith, EndsWith, EqualsIgnoreCase or Wildcard"
                yield Problem(f"matches[{index}]", rule, format_value(item), "EventBridge turns no other around")
            elif type(item) is not first:
                yield Problem(f"matches[{index}]", f"be a {first.__name__}, as the first is", format_value(item))
            elif isinstance(item, StartsWith | EndsWith) and item.ignore_case:
                reason = "EventBridge turns only whole texts around that way"
                yield Problem(f"matches[{index}].ignore_case", "be False in a NoneOf", "True", reason)


class InNetwork(Match):
    """An IP address within a block; of events only."""

    for_pipes: ClassVar[bool] = False

    cidr_block: str = Field(max_length=64)
    """e.g. 10.0.0.0/24 or 2001:db8::/32 [at most 64 characters; required]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"cidr": self.cidr_block}

    def check_cidr_block(self) -> Iterator[Problem]:
        """Check that it is a block."""
        try:
            ip_network(self.cidr_block)
        except ValueError as error:
            yield Problem("cidr_block", "be a block of addresses", repr(self.cidr_block), str(error))
