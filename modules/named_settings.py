"""Entries of an environment that may be called in AWS as somebody else says, and not by their short names."""

from typing import Annotated

from pydantic import Field, StringConstraints

from modules.markers import Replaces
from modules.settings import Settings

OwnName = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]*$"),
    Field(max_length=512, description="letters, digits and . _ / -, as far as AWS takes them there"),
]


class NamedSettings(Settings, abstract=True):
    """Base of what has a name in AWS, which leads the names of all that belongs to it."""

    physical_name: Annotated[OwnName | None, Replaces("thing", "what is in it")] = None
    """None: <project>-<environment>-<name>, for a bucket with the account's id; else what it is called, as it is: the
    names of its roles, keys and log groups begin with it [at most 512 characters; default None; a change replaces the
    thing, losing what is in it]"""
