"""Entries of an environment that may be called in AWS as somebody else says, and not by their short names."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from modules.markers import ArnOf, Replaces, marked
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Settings

OwnName = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]*$"),
    Field(max_length=512, description="letters, digits and . _ / -, as far as AWS takes them there"),
]


class NamedSettings(Settings, abstract=True):
    """Base of what has a name in AWS, which leads the names of all that belongs to it."""

    # What has that very name, a key of ``NAME_KINDS``; "": names says what has a name that begins so.
    thing: ClassVar[str] = ""

    physical_name: Annotated[OwnName | None, Replaces("thing", "what is in it")] = None
    """None: <project>-<environment>-<name>, for a bucket with the account's id; else what it is called, as it is: the
    names of its roles, keys and log groups begin with it [at most 512 characters; default None; a change replaces the
    thing, losing what is in it]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield its own name, and those of what it is made of."""
        if self.thing:
            yield PhysicalName(self.thing, name)
        yield from super().names(name, location)


class ExistingSettings(Settings, abstract=True):
    """Base of what somebody else owns, whose ARN the first setting with the marker ``ArnOf`` has."""

    @property
    def own_name(self) -> str:
        """Return what its owner called it, with the revision if one is named."""
        return str(getattr(self, self._arn[0])).rpartition("/")[2]

    @property
    def _arn(self) -> tuple[str, ArnOf]:
        return next(iter(marked(type(self), ArnOf).items()))

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name it has."""
        yield from super().names(name, location)
        path, marker = self._arn
        yield PhysicalName(marker.thing, self.own_name.partition(":")[0], path=path, is_made=False)
