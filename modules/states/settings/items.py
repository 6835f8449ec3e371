"""What there may be a job, a task or an execution for each of: objects below a prefix, or what a manifest lists.

Source: "Using Map state in Distributed mode" in the Step Functions developer guide.
"""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.markers import RefersTo
from modules.naming import ShortName
from modules.settings import Settings

PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

KeyTemplate = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9!_.*/=-]|\{[A-Za-z_][A-Za-z0-9_]*\})+$", max_length=1_024),
    Field(description="a key, with {name} for a parameter of the pipeline, e.g. manifests/{date}.json"),
]
FieldName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"),
    Field(description="letters, digits and underscores, e.g. key"),
]


def placeholders_in(template: str) -> list[str]:
    """Return the parameters in a key or prefix."""
    return PLACEHOLDER.findall(template)


class ItemsSettings(Settings, abstract=True):
    """Base of what there may be a job for each of."""

    bucket: Annotated[ShortName, RefersTo("buckets")]
    """where they are [one of the environment's buckets; required]"""

    @property
    def template(self) -> str:
        """The key or prefix, with placeholders."""
        raise NotImplementedError

    @property
    def placeholders(self) -> list[str]:
        """The pipeline's parameters in it."""
        return placeholders_in(self.template)


class ObjectsBelow(ItemsSettings):
    """The keys of all objects below a prefix, as they are when the stage begins."""

    prefix: KeyTemplate
    """of keys [at most 1,024 characters; required]"""

    @property
    def template(self) -> str:
        """The prefix."""
        return self.prefix


class Manifest(ItemsSettings, abstract=True):
    """Base of the files that list items."""

    key: KeyTemplate
    """of the file [at most 1,024 characters; required]"""

    @property
    def template(self) -> str:
        """The key."""
        return self.key


class JsonManifest(Manifest):
    """A JSON file with one array: of texts or numbers, or of objects that have such a field."""

    field: FieldName | None = None
    """which value of each object; None: the items are no objects [default None]"""


class CsvManifest(Manifest):
    """A CSV file whose first row names the columns."""

    column: FieldName
    """which value of each row [required]"""
