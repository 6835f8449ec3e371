"""Services that consume a queue, with as many tasks as its backlog asks for.

The arithmetic, and what it promises, is in ``modules.ecs.backlog_scaling``.
"""

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from modules.checks import at_least, less_than
from modules.ecs import backlog_scaling
from modules.ecs.settings.deployments import RollingDeployment
from modules.ecs.settings.scaling import TaskLimits
from modules.ecs.settings.services import ServiceSettings
from modules.markers import RefersTo
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName
from modules.problems import Problem, format_number, format_value
from modules.sqs.settings import MAX_MESSAGE_SECONDS

# The environment variable that a worker finds its queue by.
QUEUE_URL = "QUEUE_URL"


class QueueWorkerService(ServiceSettings, TaskLimits):
    """Tasks that consume one queue: none while it is empty, enough to keep the latency when it is not.

    Each container gets the queue's URL as QUEUE_URL, and the task the permission to consume it. A task that has to stop
    (scaling in, a deployment, a Spot interruption) gets SIGTERM and has ``stop_timeout_seconds`` to finish.
    """

    queue: Annotated[ShortName, RefersTo("queues")]
    """one of queues [one of the environment's queues; required]"""
    seconds_per_message: float = Field(gt=0, le=MAX_MESSAGE_SECONDS)
    """from receiving to deleting one, as usual [more than 0 and at most 43,199; required]"""
    acceptable_latency_seconds: int = Field(ge=backlog_scaling.DETECTION_SECONDS + 2, le=1_209_600)
    """from sending a message to its being done [from 362 to 1,209,600; required]"""
    max_tasks: int = Field(ge=1, le=5_000)
    """never more, and so the most it costs; full up, latency grows [from 1 to 5,000; required]"""
    min_tasks: int = Field(default=0, ge=0, le=4_999)
    """always there; 0: nothing costs while the queue is empty [from 0 to 4,999; default 0]"""
    queue_share_percent: int = Field(default=100, ge=1, le=100)
    """how much of the backlog it starts tasks for; workers of one queue, on Spot and On-Demand capacity, say, come to
    100 together [from 1 to 100; default 100]"""
    messages_at_once: int = Field(default=1, ge=1, le=1_000)
    """how many one task works on at the same time [from 1 to 1,000; default 1]"""
    startup_seconds: int = Field(default=120, ge=1, le=3_600)
    """until a new task takes a message: image pull and model load; on EC2 an instance too [from 1 to 3,600; default
    120]"""
    longest_message_seconds: int | None = Field(default=None, ge=1, le=MAX_MESSAGE_SECONDS)
    """None: three times seconds_per_message; the queue must hide messages that long [from 1 to 43,199; default None]"""
    deployment: RollingDeployment = Field(default_factory=lambda: RollingDeployment(min_healthy_percent=50))
    """how a new revision takes over; the queue waits meanwhile [default a RollingDeployment]"""
    idle_minutes: int = Field(default=5, ge=1, le=60)
    """without a message until the last tasks stop [from 1 to 60; default 5]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also those of its scaling."""
        yield from super().names(name, location)
        yield PhysicalName("scaling policy", f"{name}-backlog")
        for action in ("from-zero", "to-zero") if self.least_tasks == 0 else ():
            yield from (PhysicalName(kind, f"{name}-{action}") for kind in ("alarm", "scaling policy"))
        yield from TaskLimits.names(self, name, location)

    @property
    def backlog_per_task(self) -> float:
        """How many messages one task may have."""
        return backlog_scaling.backlog_per_task(
            seconds_per_message=self.seconds_per_message,
            acceptable_latency_seconds=self.acceptable_latency_seconds,
            startup_seconds=self.startup_seconds,
            messages_at_once=self.messages_at_once,
        )

    @property
    def shortest_latency_seconds(self) -> int:
        """The latency below which no number of tasks gets, counted from when a message can be received."""
        return backlog_scaling.shortest_latency_seconds(
            seconds_per_message=self.seconds_per_message, startup_seconds=self.startup_seconds
        )

    @property
    def longest_seconds(self) -> int:
        """How long a message may take at most."""
        return self.longest_message_seconds or math.ceil(3 * self.seconds_per_message)

    @property
    def stop_timeout_seconds(self) -> int:
        """How long its containers get to finish, where they do not say."""
        return backlog_scaling.stop_timeout_seconds(self.longest_seconds, self.task.most_stop_seconds)

    @property
    def longest_said(self) -> str:
        """Return the longest message as a message to the user names it."""
        source = "" if self.longest_message_seconds else ", which is three times its seconds_per_message"
        return f"longest_message_seconds ({self.longest_seconds:,}{source})"

    check_min_tasks: ClassVar = less_than(
        "min_tasks",
        "max_tasks",
        "otherwise there is nothing to scale",
        "use a ReplicaService with FixedTasks and access to consume",
    )
    check_longest_message: ClassVar = at_least(
        "longest_message_seconds", "seconds_per_message", "the longest message takes no less time than the average one"
    )

    def check_latency(self) -> Iterator[Problem]:
        """Check that the latency promised can be kept."""
        shortest = self.shortest_latency_seconds
        if self.acceptable_latency_seconds < shortest:
            yield self.problem(
                "acceptable_latency_seconds",
                f"be at least {shortest:,}",
                f"CloudWatch takes {backlog_scaling.DETECTION_SECONDS} seconds to show a backlog, a task takes "
                f"startup_seconds ({self.startup_seconds:,}) to start and seconds_per_message "
                f"({format_number(self.seconds_per_message)}) to process a message",
            )
        if self.longest_seconds > MAX_MESSAGE_SECONDS:
            rule = f"be given where three times seconds_per_message is more than {MAX_MESSAGE_SECONDS:,}"
            reason = "that is the maximum visibility timeout of SQS"
            yield Problem("longest_message_seconds", rule, f"{self.longest_seconds:,}", reason)

    def check_stop_timeouts(self) -> Iterator[Problem]:
        """Check that each container may finish its message before it is killed."""
        for name, container in self.task.containers.items():
            stop = container.stop_timeout_seconds
            if container.essential and stop is not None and stop < self.stop_timeout_seconds:
                rule = f"be at least {self.stop_timeout_seconds:,}, for {self.longest_said}"
                reason = "otherwise ECS kills a stopping task while it processes a message"
                fix = "leave it out to have it derived"
                yield Problem(f"task.containers.{name}.stop_timeout_seconds", rule, format_value(stop), reason, fix)
            if QUEUE_URL in {*container.environment, *container.secrets}:
                reason = "the service sets it to the queue's URL"
                yield Problem(f"task.containers.{name}.environment.{QUEUE_URL}", "be left out", "a value", reason)
