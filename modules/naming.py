"""Physical names and their limits, and where in AWS they are. No constructs, no tokens."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

# The name of one thing in an environment's map. Lower case and hyphens: valid in every AWS name, URL and construct id.
ShortName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"),
    Field(description="lower case letters and digits, joined by hyphens, e.g. image-embedding"),
]

# Names inside a task. Source: ContainerDefinition, PortMapping and Volume in the ECS API reference.
PortName = Annotated[ShortName, Field(max_length=64)]
EgressName = Annotated[ShortName, Field(max_length=255 - len("Egress "))]  # stands in the description of a rule
ContainerName = Annotated[ShortName, Field(max_length=255 - len("scratch--99"))]  # a volume is called after it
FolderName = Annotated[ShortName, Field(max_length=255 - len("shared-"))]


def _own_tag(key: str) -> str:
    if key.lower().startswith("aws:"):
        raise ValueError('not start with "aws:", which AWS reserves')
    return key


# Tags of a resource. Source: "Tag naming limits and requirements" in the Tagging AWS Resources user guide.
TagText = Annotated[
    str,
    StringConstraints(pattern=r"^[\p{L}\p{Z}\p{N}_.:/=+@-]*$"),
    Field(description="letters, digits, spaces and _ . : / = + - @"),
]
TagKey = Annotated[TagText, Field(min_length=1, max_length=128), AfterValidator(_own_tag)]
TagValue = Annotated[TagText, Field(max_length=256)]
MOST_TAGS_OF_AWS = 50  # on one thing
# Set on much or all of the platform already, by itself and by ECS.
RESERVED_TAG_KEYS = ("AmazonECSManaged", "Name", "environment", "project")
MOST_TAGS = MOST_TAGS_OF_AWS - len(RESERVED_TAG_KEYS)
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=MOST_TAGS)]

AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]

# The parts of AWS with accounts and ARNs of their own, by how their regions' names start. Source: botocore.
CLOSED_PARTITIONS = {
    "cn-": "aws-cn",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
}
# Where their services answer, as far as it is not amazonaws.com.
DOMAINS = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}


@dataclass(frozen=True)
class AwsLocation:
    """One region of one AWS account: what an ARN needs besides service and resource."""

    region: str
    account_id: str

    @property
    def partition(self) -> str:
        """Return ``aws``, or the name of the closed part of AWS that the region belongs to, e.g. ``aws-cn``."""
        return next((name for prefix, name in CLOSED_PARTITIONS.items() if self.region.startswith(prefix)), "aws")

    @property
    def domain(self) -> str:
        """Return the domain that the region's services answer in."""
        return DOMAINS.get(self.partition, "amazonaws.com")
