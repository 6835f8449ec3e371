"""What an ARN says of what it names, and what it looks like: the other way round than ``modules.arns``. No tokens."""

from typing import NamedTuple

from modules.naming import AwsLocation


class ArnParts(NamedTuple):
    """The parts of an ARN. Region and account are "" where such things have none."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @property
    def location(self) -> AwsLocation:
        """Return where it is."""
        return AwsLocation(self.region, self.account_id)


def arn_parts(arn: str) -> ArnParts:
    """Return the parts of an ARN; its resource may have colons in it."""
    return ArnParts(*arn.split(":", 5)[1:])


def arn_pattern(service: str, resource: str) -> str:
    """Return the pattern of the ARNs of a service, in any region and account, whose end looks like ``resource``."""
    return rf"^arn:aws[a-z-]*:{service}:[a-z0-9-]+:[0-9]{{12}}:{resource}$"
