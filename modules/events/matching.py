"""What a field of an event or message must be, as settings that write themselves in EventBridge's own words.

Source: "Comparison operators for use in event patterns" in the EventBridge user guide.
"""

from collections.abc import Iterator
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
    """Something else than each of these texts."""

    texts: Distinct[MatchText] = Field(min_length=1)
    """what it is not [at least 1 item; each 1 to 1,024 characters; required]"""

    def document(self) -> Any:
        """Return it as it stands in an event pattern."""
        return {"anything-but": list(self.texts)}


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
