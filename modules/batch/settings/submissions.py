"""A job to submit: which definition, where, how many; and, where it is submitted by hand, after what.

Source: SubmitJob in the Batch API reference.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from modules.batch.settings.any_job_definitions import MOST_NODES
from modules.batch.settings.containers import JobEnvironmentName
from modules.batch.settings.placeholders import misplaced_placeholder_problems
from modules.checks import never_with, only_with
from modules.containers.settings import EnvironmentValue, OptionName, no_plain_secrets
from modules.markers import RefersTo
from modules.naming import ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings
from modules.targets.settings import TargetSettings

# Of one job; a sequential array waits for itself.
MOST_DEPENDENCIES = 20
# What a container is given, by Batch's word for it.
SIZES = {"gpus": "GPU", "memory_mib": "MEMORY", "vcpus": "VCPU"}


class JobDependency(Settings):
    """A submission that this one waits for."""

    submission: Annotated[ShortName, RefersTo("submissions")]
    """one of submissions [one of the environment's submissions; required]"""
    type: Literal["AFTER", "N_TO_N"] = "AFTER"
    """AFTER: all of it is done; N_TO_N: child n waits for child n, both being arrays [one of 'AFTER', 'N_TO_N'; default
    'AFTER']"""


class RequestedJob(Settings, abstract=True):
    """What a SubmitJob request says of the job itself."""

    job_definition: Annotated[ShortName, RefersTo("job_definitions")]
    """what to run [one of the environment's job_definitions; required]"""
    job_queue: Annotated[ShortName, RefersTo("job_queues")] | None = None
    """None: the first queue of the job definition [one of the environment's job_queues; default None]"""
    share_identifier: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{1,255}$")
    """whose share of a fair-share queue it counts against [default None]"""
    array_size: int | None = Field(default=None, ge=2, le=10_000)
    """children, which see AWS_BATCH_JOB_ARRAY_INDEX [from 2 to 10,000; default None]"""
    sequential: bool = False
    """True: the children of the array run one after the other [default False]"""
    parameters: Annotated[dict[OptionName, str], no_plain_secrets("secrets of the job definition")] = Field(
        default_factory=dict
    )
    """replace the job definition's defaults [each name at least 1 character; default empty; must not look like a secret
    in production]"""
    environment: Annotated[
        dict[JobEnvironmentName, EnvironmentValue], no_plain_secrets("secrets of the job definition")
    ] = Field(default_factory=dict)
    """added to every container's environment [each value at least 1 character; default empty; must not look like a
    secret in production]"""
    command: Annotated[Sequence[str], Field(min_length=1)] | None = None
    """replaces the job definition's, of each node; not of a job with several containers or pods [at least 1 item;
    default None]"""
    vcpus: float | None = Field(default=None, gt=0)
    """replaces the job definition's, likewise; whole ones on EC2 [more than 0; default None]"""
    memory_mib: int | None = Field(default=None, ge=4)
    """replaces the job definition's, likewise [at least 4; default None]"""
    gpus: int | None = Field(default=None, ge=1, le=16)
    """replaces the job definition's, likewise; not on Fargate [from 1 to 16; default None]"""
    scheduling_priority: int | None = Field(default=None, ge=0, le=9_999)
    """replaces the job definition's [from 0 to 9,999; default None]"""
    timeout_seconds: int | None = Field(default=None, ge=60)
    """replaces the job definition's [at least 60; default None]"""
    finish_within_seconds: int | None = Field(default=None, ge=60)
    """a deadline, which synth holds against how many run at a time in the queue's max_vcpus and how long each may take;
    Batch does not know it; jobs ahead in the queue and retries are not counted [at least 60; default None]"""
    attempts: int | None = Field(default=None, ge=1, le=10)
    """replaces the job definition's, its retry rules too [from 1 to 10; default None]"""
    node_count: int | None = Field(default=None, ge=2, le=MOST_NODES)
    """replaces a multi-node job's number of nodes, by that of its last group [from 2 to 1,000; default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the job, besides the environment's [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    @property
    def container_changes(self) -> dict[str, Any]:
        """Return what it says of the job's container besides variables, by the names of settings."""
        command = None if self.command is None else list(self.command)
        values = {"command": command} | {name: getattr(self, name) for name in SIZES}
        return {name: value for name, value in values.items() if value is not None}

    check_sequential: ClassVar = only_with("sequential", "array_size", "only an array job has children to run in order")
    check_node_count: ClassVar = never_with("node_count", "array_size", fix="give one of the two")

    def check_environment(self) -> Iterator[Problem]:
        """Check that parameters go into commands only."""
        yield from misplaced_placeholder_problems("environment", self.environment)


class JobRequest(RequestedJob, TargetSettings):
    """A job that something starts: a schedule, a pipe, a rule or a pipeline."""


class JobSubmission(RequestedJob):
    """One SubmitJob request, for somebody who submits it with the AWS CLI: ``submission_script`` does so."""

    team: Annotated[ShortName, RefersTo("teams")] | None = None
    """who submits it, with the policy of that team: gives it the team's tag and, unless share_identifier says another,
    its share; None: the platform [one of the environment's teams; default None]"""
    depends_on: Distinct[JobDependency] = Field(default=(), max_length=MOST_DEPENDENCIES)
    """what has to be done first [at most 20 items; default empty]"""

    def check_dependencies(self) -> Iterator[Problem]:
        """Check how many there are, and that only array jobs have children to pair."""
        if self.sequential and len(self.depends_on) == MOST_DEPENDENCIES:
            rule, got = f"have at most {MOST_DEPENDENCIES - 1} items where sequential is True", len(self.depends_on)
            yield Problem("depends_on", rule, format_value(got), "sequential counts as a dependency")
        for index, dependency in enumerate(self.depends_on):
            if dependency.type == "N_TO_N" and self.array_size is None:
                yield self.problem(f"depends_on[{index}].type", "be AFTER without array_size", fix="give array_size")
