"""Which image a container runs: one of the environment's own repositories, or any other by its full name.

Source: the image parameter of RegisterJobDefinition (Batch) and RegisterTaskDefinition (ECS).
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from modules.naming import ShortName
from modules.settings import RefersTo, Settings

ImageName = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9A-Za-z_.-]+(:[0-9]+)?(/[0-9A-Za-z_.-]+)*(:[0-9A-Za-z_.-]+)?(@sha256:[0-9a-f]{64})?$",
        max_length=255,
    ),
]


class RepositoryImage(Settings):
    """An image of one of the environment's repositories; the right to pull it is granted along."""

    repository: Annotated[ShortName, RefersTo("repositories")]
    """one of repositories [one of the environment's repositories; required]"""
    tag: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$", max_length=128)
    """which version; tags are immutable [at most 128 characters; required]"""


Image = RepositoryImage | ImageName


def image_uri(image: Image, repository_uris: Mapping[str, str]) -> str:
    """Return the full name of ``image``; ``repository_uris`` has the environment's repositories by short name."""
    return f"{repository_uris[image.repository]}:{image.tag}" if isinstance(image, RepositoryImage) else image
