"""The regions of AWS, and what a region can use that is named by ARN. No AWS call, no network.

Source: the endpoints and partitions that botocore ships, which a test holds the table against. A region that is newer
is added to it by hand.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from modules.arn_parts import arn_parts
from modules.naming import AwsLocation
from modules.problems import Problem, nearest

REGIONS = (
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
)


def region_fix(region: str) -> str | None:
    """Return how to fix the name of a region that AWS does not have, e.g. by the nearest one; None where it has it."""
    if region in REGIONS:
        return None
    near = nearest(region.lower(), REGIONS)
    example = f"did you mean {near}?" if near else "e.g. us-east-1;"
    return f"{example} a newer one is added to REGIONS in modules/regions.py"


def _known(region: str) -> str:
    if fix := region_fix(region):
        raise ValueError("be a region of AWS", fix)
    return region


Region = Annotated[str, AfterValidator(_known)]


def arn_problems(
    path: str, arn: str, region: str, *, thing: str = "", of: str = "", reason: str = ""
) -> Iterator[Problem]:
    """Yield a problem if ``region`` can use nothing in the partition of ``arn``.

    Or, where there is a ``reason`` that a ``thing`` has to be ``of`` the region itself, if ``arn`` is of another one.
    """
    named = arn_parts(arn)
    needed = AwsLocation(region, "").partition
    if named.partition != needed:
        rule = f"be of the partition {needed}, as {region} is"
        yield Problem(path, rule, repr(named.partition), "AWS partitions do not share resources, accounts or roles")
    elif reason and named.region != region:
        yield Problem(path, f"be a {thing} in {region}, {of}", repr(named.region), reason)
