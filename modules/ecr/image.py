"""Which image a container runs: one of the environment's own repositories, or any other by its full name.

Source: the image parameter of RegisterJobDefinition (Batch) and RegisterTaskDefinition (ECS).
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from modules.ecr.image_reference import COMPONENT, IMAGE, MAX_TAG_LENGTH, TAG, parse_image
from modules.limits import TerraformRule
from modules.markers import Production, RefersTo
from modules.naming import ShortName
from modules.settings import Settings

MAX_IMAGE_LENGTH = 255

# What the name of a repository begins with, up to a slash, where ECR fills it from another registry; ROOT: any name.
PullThroughPrefix = Annotated[
    str,
    StringConstraints(pattern=rf"^({COMPONENT}(?:/{COMPONENT})*/?|ROOT)$", min_length=2, max_length=30),
    Field(description="as in the pull-through cache rule, e.g. docker-hub"),
]


class RepositoryImage(Settings):
    """An image of one of the environment's repositories; the permission to pull it is granted along."""

    repository: Annotated[ShortName, RefersTo("repositories")]
    """one of repositories [one of the environment's repositories; required]"""
    tag: str = Field(pattern=f"^{TAG.pattern}$", max_length=MAX_TAG_LENGTH)
    """which version; tags are immutable [at most 128 characters; required]"""


def _known(image: RepositoryImage | str) -> RepositoryImage | str:
    if isinstance(image, str):
        if len(image) > MAX_IMAGE_LENGTH:
            raise ValueError(f"have at most {MAX_IMAGE_LENGTH} characters", "Batch and ECS take no more")
        parse_image(image)
    return image


def _stays_the_same(image: RepositoryImage | str) -> bool:
    """Return whether a name means the same code tomorrow, as far as it says: tags of one's own cannot be moved."""
    if isinstance(image, RepositoryImage):
        return True
    reference = parse_image(image)
    return reference.digest is not None or reference.tag not in {None, "latest"}


Image = Annotated[
    RepositoryImage | str,
    TerraformRule.matching(IMAGE, "be [registry[:port]/]repository[:tag][@digest]"),
    AfterValidator(_known),
    Production(
        _stays_the_same,
        "have a digest, or a tag that is not latest",
        "otherwise anyone who can push to the repository changes what runs here, from one start to the next",
    ),
    Field(description=f"[registry[:port]/]repository[:tag][@digest] of at most {MAX_IMAGE_LENGTH} characters"),
]


def image_uri(image: Image, repository_uris: Mapping[str, str]) -> str:
    """Return the full name of ``image``; ``repository_uris`` has the environment's repositories by short name."""
    return f"{repository_uris[image.repository]}:{image.tag}" if isinstance(image, RepositoryImage) else image


def is_of_ecr(image: Image) -> bool:
    """Return whether an image lies in a private registry of ECR."""
    return isinstance(image, RepositoryImage) or parse_image(image).location is not None
