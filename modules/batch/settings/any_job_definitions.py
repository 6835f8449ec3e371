"""What job definitions have in common: all of them, those that are made, and those whose jobs ECS runs.

Source: RegisterJobDefinition in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Protocol

from pydantic import Field

from modules.batch.settings.containers import OF_TASKS_ONLY, ContainerSettings
from modules.batch.settings.placeholders import PlaceholderUse, misplaced_placeholder_problems, placeholder_problems
from modules.batch.settings.retries import RetryStrategy
from modules.checks import only_with
from modules.containers.settings import MountSettings, OptionName, no_plain_secrets
from modules.iam.access_settings import Access
from modules.iam.role_settings import RoleArn
from modules.markers import RefersTo, Replaces
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem
from modules.settings import Distinct, Settings
from modules.sqs.settings import MAX_MESSAGE_SECONDS

MOST_NODES = 1_000


class JobContainer(Protocol):
    """What is known of every container of a job, whether ECS or EKS runs it."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the variables that its program sees."""


class AnyJobDefinitionSettings(Settings, abstract=True):
    """Base of everything that may stand in an environment's ``job_definitions``."""

    job_queues: Distinct[Annotated[ShortName, RefersTo("job_queues")]] = Field(min_length=1)
    """where it may be submitted; the first is the usual one and holds its logs [at least 1 item; each one of the
    environment's job_queues; required]"""
    timeout_seconds: int = Field(ge=60)
    """an attempt that takes longer is ended and not tried again [at least 60; required]"""
    parameters: Annotated[dict[OptionName, str], no_plain_secrets("secrets")] = Field(default_factory=dict)
    """default values of Ref::name placeholders [each name at least 1 character; default empty; must not look like a
    secret in production]"""
    scheduling_priority: int | None = Field(default=None, ge=0, le=9_999)
    """for fair-share queues, which want one: the highest first, within a share [from 0 to 9,999; default None]"""

    @property
    def attempts(self) -> int:
        """Return how often a job of it is tried."""
        raise NotImplementedError

    def containers_by_path(self) -> Mapping[str, JobContainer]:
        """Return every container of the job, as far as they are known, by the path of its settings."""
        return {}


class JobDefinitionSettings(NamedSettings, AnyJobDefinitionSettings, abstract=True):
    """What all job definitions that are made have. The kinds of job are its subclasses."""

    thing = "job definition"
    # How the status reason begins of jobs that end elsewhere and never so.
    foreign_status_reason: ClassVar[str | None] = None
    refused: ClassVar[Mapping[str, str]] = {
        **OF_TASKS_ONLY,
        "consumable_resources": "provider 6.25.0 has neither consumable resources nor a job definition's need of them",
    }

    retry: Annotated[
        RetryStrategy,
        Replaces("job definition", "its old revisions", when="where its rules change, not only the number of attempts"),
    ] = Field(default_factory=lambda: RetryStrategy(attempts=1))
    """SpotRetryStrategy() where hosts can be reclaimed [default a RetryStrategy; a change replaces the job definition
    where its rules change, not only the number of attempts, losing its old revisions]"""
    tags: Tags = Field(default_factory=dict)
    """on the definition and, but for EKS, on its tasks [at most 46 entries; each name 1 to 128 characters; each value
    at most 256 characters; default empty]"""

    @property
    def attempts(self) -> int:
        """Return how often a job of it is tried."""
        return self.retry.attempts

    def mounts_by_path(self) -> Mapping[str, MountSettings]:
        """Return what its containers mount of the environment's and the instance's own, by path; pods mount volumes."""
        return {}

    def placeholder_uses(self) -> Iterator[PlaceholderUse]:
        """Yield every command of the job."""
        yield from ()

    def check_job_definition(self) -> Iterator[Problem]:
        """Check that commands, and nothing else, refer to parameters, and to declared ones."""
        yield from placeholder_problems(list(self.placeholder_uses()), self.parameters)
        for path, container in self.containers_by_path().items():
            yield from misplaced_placeholder_problems(below(path, "environment"), container.environment)

    def check_retry(self) -> Iterator[Problem]:
        """Check that the retry rules are for how such jobs end."""
        if self.foreign_status_reason is not None:
            for problem in self.retry.foreign_rule_problems(self.foreign_status_reason):
                yield problem.under("retry")


class EcsJobDefinition(JobDefinitionSettings, abstract=True):
    """What job definitions have whose jobs ECS runs: a role that their containers see, and one that starts them."""

    access: Access = Field(default_factory=Access)
    """buckets, queues: the job role's permissions [default Access()]"""
    job_role_arn: RoleArn | None = None
    """None: one is made for it; else a role that exists, to which nothing is granted: role_policies of the output says
    what it needs [at most 2,048 characters; default None]"""
    execution_role_arn: RoleArn | None = None
    """the same for the role that starts it: image, logs, secrets [at most 2,048 characters; default None]"""
    longest_message_seconds: int | None = Field(default=None, ge=1, le=MAX_MESSAGE_SECONDS)
    """of a job that works off a queue; None: timeout_seconds; the queue must hide messages that long [from 1 to 43,199;
    default None]"""

    execute_command: bool = False
    """True: principals that may use ECS Exec can open a shell in its containers [default False]"""

    def containers_by_path(self) -> Mapping[str, ContainerSettings]:
        """Return every container of the job by the path of its settings; one by itself is the definition itself."""
        raise NotImplementedError

    def mounts_by_path(self) -> Mapping[str, MountSettings]:
        """Return what its containers mount, by path."""
        return {
            below(path, f"mounts[{index}]"): mount
            for path, container in self.containers_by_path().items()
            for index, mount in enumerate(container.mounts)
        }

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the names of its roles."""
        yield from super().names(name, location)
        if self.job_role_arn is None:
            yield PhysicalName("role", job_role_name(name))
        if self.execution_role_arn is None:
            yield PhysicalName("role", execution_role_name(name))

    def placeholder_uses(self) -> Iterator[PlaceholderUse]:
        """Yield every command of the job."""
        for path, container in self.containers_by_path().items():
            variables = {*container.environment, *container.secrets}
            yield PlaceholderUse(below(path, "command"), container.command, variables)

    def longest_seconds(self, timeout_seconds: int) -> int:
        """Return how long a message may take at most, in a job that may itself take ``timeout_seconds``."""
        return min(self.longest_message_seconds or timeout_seconds, timeout_seconds)

    check_messages: ClassVar = only_with("longest_message_seconds", "access.consume")

    def check_longest_message(self) -> Iterator[Problem]:
        """Check that a message fits into the job."""
        if (self.longest_message_seconds or 0) > self.timeout_seconds:
            rule = f"be at most timeout_seconds ({self.timeout_seconds:,})"
            yield self.problem("longest_message_seconds", rule, "a longer message would be ended with the job")

    def check_execute_command(self) -> Iterator[Problem]:
        """Check that a shell can be opened where one is asked for."""
        for path, container in self.containers_by_path().items() if self.execute_command else ():
            if container.read_only_root_filesystem:
                where = below(path, "read_only_root_filesystem")
                yield self.problem(where, "be False with execute_command", "ECS Exec writes into the container")

    def production_problems(self) -> Iterator[Problem]:
        """As for all settings; but ECS Exec, where it is asked for, needs containers that it can write to."""
        for problem in super().production_problems():
            if not (self.execute_command and problem.path.endswith("read_only_root_filesystem")):
                yield problem


def job_role_name(name: str) -> str:
    """Return the name of the role that the containers of job definition ``name`` run as."""
    return f"{name}-job"


def execution_role_name(name: str) -> str:
    """Return the name of the role that starts the jobs of job definition ``name``."""
    return f"{name}-job-execution"


def below(path: str, name: str) -> str:
    """Return the path of a setting in what has a path, "" for the definition itself."""
    return f"{path}.{name}" if path else name
