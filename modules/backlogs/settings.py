"""Settings of backlogs: a queue that a job works off when it is told to, with as many children as there is work for.

Source: ApproximateNumberOfMessages in GetQueueAttributes of the SQS API reference; ArrayProperties in SubmitJob of that
of Batch.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from modules.batch.settings.submissions import JobRequest
from modules.checks import only_with
from modules.cloudwatch.vended_logs import VendedLogs
from modules.iam.role_settings import RoleChoice
from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem

MOST_CHILDREN = 10_000


class BacklogSettings(NamedSettings, RoleChoice, VendedLogs):
    """A queue that waits until a Drain of a schedule or rule, or an alarm of its own, has jobs work it off.

    The job's program takes messages until there are none, or until its time is nearly over, and deletes each when it is
    done: what a child leaves, or loses with its instance, comes back for the next one.
    """

    role_ending, log_service = "backlog-states", "states"

    queue: Annotated[ShortName, RefersTo("queues")]
    """which queue; the job's access.consume has it, too [one of the environment's queues; required]"""
    job: JobRequest
    """what takes its messages; without array_size, which comes from their number [required]"""
    messages_per_child: int = Field(ge=1, le=1_000_000)
    """so many messages are enough for one more child [from 1 to 1,000,000; required]"""
    max_children: int = Field(ge=1, le=MOST_CHILDREN)
    """at most so many at a time; there are 1, 2, 4, 8 and so on, or this number [from 1 to 10,000; required]"""
    alarm_messages: int | None = Field(default=None, ge=1, le=1_000_000_000)
    """as soon as so many wait, it is worked off by itself, once until there are fewer; None: only by a Drain [from 1 to
    1,000,000,000; default None]"""
    dead_letter_queue: Annotated[ShortName | None, RefersTo("queues")] = None
    """gets the events of the alarm by which nothing could be started; None: they are only counted [one of the
    environment's queues; default None]"""
    tags: Tags = Field(default_factory=dict)
    """on its state machine [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters;
    default empty]"""

    def log_group_name(self, name: str) -> str:
        """Return the name of the log group of its state machine."""
        return super().log_group_name(machine_name(name))

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the state machine, its role and log group, and of what its alarm needs."""
        machine, starter = machine_name(name), starter_name(name)
        yield PhysicalName("state machine", machine)
        yield from super().names(name, location)
        if self.alarm_messages is not None:
            yield PhysicalName("alarm", machine, path="alarm_messages")
            yield PhysicalName("rule", starter, path="alarm_messages")
            if self.role_arn is None:
                yield PhysicalName("role", starter, path="alarm_messages")

    check_dead_letter_queue: ClassVar = only_with(
        "dead_letter_queue", "alarm_messages", "the schedule or rule has its own dead-letter queue"
    )

    def check_job(self) -> Iterator[Problem]:
        """Check that the number of children is left to the number of messages, and that they run at the same time."""
        if self.job.array_size is not None:
            yield self.problem("job.array_size", "be left out", "the number of messages decides it")
        if self.job.node_count is not None:
            yield self.problem("job.node_count", "be left out", "the children of an array job have no nodes")

    @property
    def sizes(self) -> list[int]:
        """The numbers of children that there may be, from few to many."""
        doubling = [2**power for power in range(MOST_CHILDREN.bit_length()) if 2**power < self.max_children]
        return [*doubling, self.max_children]


def machine_name(name: str) -> str:
    """Return the name of the state machine that counts the messages and submits the job, and of its alarm."""
    return f"{name}-backlog"


def starter_name(name: str) -> str:
    """Return the name of the rule, and of its role, that starts the state machine when its alarm goes off."""
    return f"{name}-backlog-alarm"
