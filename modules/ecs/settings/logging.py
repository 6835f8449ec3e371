"""Where a task's containers log to.

Source: LogConfiguration and FirelensConfiguration in the ECS API reference; "awslogs log driver" in the ECS guide.
"""

from typing import Annotated

from pydantic import Field

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.containers.settings import OptionName, no_plain_secrets
from modules.ecr.image import Image
from modules.iam.secret_settings import SecretSettings
from modules.settings import Settings


class LoggingSettings(Settings, abstract=True):
    """Base of the ways to log. Each has a log group of its own; with FireLens, the router's."""

    retention_days: Annotated[RetentionDays, KEPT_A_WEEK] = 30
    """how long CloudWatch keeps what is logged [one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
    1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never'; default 30; must be at least 7 days in
    production]"""


class CloudWatchLogging(LoggingSettings):
    """Straight to CloudWatch Logs, a stream for each container."""

    buffer_mib: int = Field(default=25, ge=1, le=256)
    """kept in memory while CloudWatch is slow; beyond it lines are lost, work never waits [from 1 to 256; default
    25]"""


class FireLensLogging(LoggingSettings):
    """Through a Fluent Bit container beside the others, to wherever one of its plugins leads.

    The task's role needs the permission to that place: give it in ``access``.
    """

    router_image: Image
    """e.g. public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5 [required; must have a digest, or a tag that is
    not latest in production]"""
    options: Annotated[dict[OptionName, str], no_plain_secrets("secret_options")] = Field(min_length=1)
    """the plugin's, e.g. {"Name": "s3", "bucket": "…", "region": "…"} [at least 1 entry; each name at least 1
    character; required; must not look like a secret in production]"""
    secret_options: dict[OptionName, SecretSettings] = Field(default_factory=dict)
    """options that are secret, e.g. an API key [each name at least 1 character; default empty]"""
    router_memory_mib: int = Field(default=64, ge=16)
    """kept free for the router, of the task's memory [at least 16; default 64]"""
