"""Variables: values that are decided when Terraform runs, not when it is written.

``max_vcpus=Variable(name="gpu_vcpus", description="…", default=64, at_most=256)`` stands wherever a plain value does.
Every rule sees the default, and both ends of the range.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pydantic import Field

from modules.problems import Problem, format_value
from modules.settings import Settings

# What Terraform keeps for itself in the block of a module. Source: "Input Variables" in the Terraform documentation.
RESERVED = frozenset({"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"})


class TerraformVariable(Settings):
    """A Terraform variable in place of a number, text or switch. The same name may stand in several places."""

    stands_for: ClassVar = "default"

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    """what Terraform calls it, e.g. gpu_vcpus [at most 64 characters; required]"""
    description: str = Field(min_length=1, max_length=1_000)
    """what it decides, for the team that sets it [1 to 1,000 characters; required]"""
    default: bool | int | str
    """value if it is not set [required]"""
    at_least: int | None = None
    """of a number; None: the least that the setting takes [default None]"""
    at_most: int | None = None
    """of a number; None: the most that the setting takes [default None]"""
    sensitive: bool = False
    """whether plans and logs of Terraform hide it; its state does not, and the default is no secret [default False]"""

    def check_name(self) -> Iterator[Problem]:
        """Check that Terraform takes the name."""
        if self.name in RESERVED:
            reason = "it is a meta-argument of modules"
            yield Problem("name", "not be reserved by Terraform", repr(self.name), reason)

    def check_range(self) -> Iterator[Problem]:
        """Check that only a number has a range, and the default is in it."""
        ends = [("at_least", self.at_least), ("at_most", self.at_most)]
        if not self.is_number:
            for name, end in ends:
                if end is not None:
                    yield Problem(name, "be left out where the default is not a number", format_value(end))
            return
        if self.at_least is not None and self.default < self.at_least:  # type: ignore[operator]
            yield Problem("default", f"be at least at_least ({self.at_least:,})", format_value(self.default))
        if self.at_most is not None and self.default > self.at_most:  # type: ignore[operator]
            yield Problem("default", f"be at most at_most ({self.at_most:,})", format_value(self.default))

    def check_default(self) -> Iterator[Problem]:
        """Check that a text can stand inside Terraform's strings and inside JSON as it is."""
        if isinstance(self.default, str) and (set('"\\$%') & set(self.default) or not self.default.isprintable()):
            reason = "it is inserted into documents unescaped"
            yield Problem("default", 'be text without ", \\, $, % and line breaks', repr(self.default), reason)

    @property
    def is_number(self) -> bool:
        """Return whether it stands for a number."""
        return isinstance(self.default, int) and not isinstance(self.default, bool)


if TYPE_CHECKING:
    Value = TypeVar("Value")

    def Variable(  # noqa: N802, D103  to type checkers it is the value that it stands for
        *,
        name: str,
        description: str,
        default: Value,
        at_least: int | None = None,
        at_most: int | None = None,
        sensitive: bool = False,
    ) -> Value: ...
else:
    Variable = TerraformVariable
