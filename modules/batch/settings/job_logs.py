"""Where what a container of a job prints goes.

Source: LogConfiguration in the Batch API reference; which drivers the ECS agent knows, from the code of its ecs-init.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.containers.settings import OptionName, no_plain_secrets
from modules.iam.secret_settings import SecretSettings
from modules.problems import Problem
from modules.settings import Settings

# What the agent of Amazon's images takes tasks for. A task that asks for another driver finds no instance.
AGENT_DRIVERS = ("awslogs", "fluentd", "json-file", "syslog")
FARGATE_DRIVERS = ("awslogs", "splunk")


class JobLogs(Settings, abstract=True):
    """Base of the ways to log."""

    @property
    @abstractmethod
    def log_driver(self) -> str:
        """Docker's name for it."""


class CloudWatchJobLogs(JobLogs):
    """Into the log group of the job definition's first queue, a stream for each attempt."""

    multiline_pattern: str | None = Field(default=None, min_length=1)
    """what the first line of a message looks like, e.g. ^\\d{4}-; None: every line [at least 1 character; default
    None]"""

    @property
    def log_driver(self) -> str:
        """Docker's name for it."""
        return "awslogs"


class DriverJobLogs(JobLogs):
    """To another place by one of Docker's drivers; CloudWatch then has nothing of it. Fargate has splunk alone.

    What is neither fluentd, json-file nor syslog has to be made known to the ECS agent of the instances: their
    ``launch_template.user_data`` writes ECS_AVAILABLE_LOGGING_DRIVERS to /etc/ecs/ecs.config.
    """

    driver: Literal["fluentd", "gelf", "journald", "json-file", "splunk", "syslog"]
    """as Docker calls it; json-file and journald stay on the instance and go with it [one of 'fluentd', 'gelf',
    'journald', 'json-file', 'splunk', 'syslog'; required]"""
    options: Annotated[
        dict[OptionName, Annotated[str, StringConstraints(min_length=1)]], no_plain_secrets("secret_options")
    ] = Field(default_factory=dict)
    """the driver's, e.g. {"splunk-url": "https://…"} [each name at least 1 character; each value at least 1 character;
    default empty; must not look like a secret in production]"""
    secret_options: dict[OptionName, SecretSettings] = Field(default_factory=dict)
    """those of its options that are secret, e.g. splunk-token [each name at least 1 character; default empty]"""

    @property
    def log_driver(self) -> str:
        """Docker's name for it."""
        return self.driver

    def check_driver_job_logs(self) -> Iterator[Problem]:
        """Check that no option is given twice."""
        for name in sorted(set(self.options) & set(self.secret_options)):
            yield Problem(
                f"secret_options.{name}", "not be in options too", repr(name), "only one of the two values can apply"
            )
