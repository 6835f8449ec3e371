"""Logs that AWS's services write of what they do, each in a log group of its own. No constructs."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.names import PhysicalName
from modules.naming import AwsLocation
from modules.settings import Settings


class VendedLogs(Settings, abstract=True):
    """Base of what a service of AWS logs for."""

    # What the service calls itself there.
    log_service: ClassVar[str]

    log_retention_days: Annotated[RetentionDays, KEPT_A_WEEK] = 30
    """days that its log group keeps what happened [one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,
    731, 1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never'; default 30; must be at least 7 days in
    production]"""

    def log_group_name(self, name: str) -> str:
        """Return the name of its log group: such names need no policy of their own, of which an account has few."""
        return f"/aws/vendedlogs/{self.log_service}/{name}"

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the name of its log group."""
        yield from super().names(name, location)
        yield PhysicalName("log group", self.log_group_name(name))
