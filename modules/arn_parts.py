"""What an ARN says of what it names: the other way round than ``modules.arns``. No tokens."""

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
