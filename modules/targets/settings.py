"""What can be started, besides jobs: runs of tasks, pipelines and functions; a queue gets a message.

Source: RunTask in the ECS API reference, StartExecution in that of Step Functions, Invoke in that of Lambda,
SendMessage in that of SQS; SqsParameters in that of EventBridge, which takes the shortest group ids.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.containers.settings import EnvironmentName, EnvironmentValue, OptionName, no_plain_secrets
from modules.iam.role_settings import RoleChoice
from modules.markers import RefersTo, given_in_production
from modules.named_settings import NamedSettings
from modules.naming import ContainerName, ShortName
from modules.problems import Problem, format_value
from modules.settings import Sequence, Settings

MessageGroupId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z!-/:-@\[-`{-~]{1,100}$")]


class StarterSettings(NamedSettings, RoleChoice, abstract=True):
    """Base of rules and schedules, which start something without being told whether it could be started."""

    state: Literal["ENABLED", "DISABLED"] = "ENABLED"
    """DISABLED: kept, but nothing is started [one of 'ENABLED', 'DISABLED'; default 'ENABLED']"""
    dead_letter_queue: Annotated[
        ShortName | None,
        RefersTo("queues"),
        given_in_production("what could not be started would only be counted"),
    ] = None
    """gets what could not be started; None: it is only counted [one of the environment's queues; default None; must be
    given in production]"""


class TargetSettings(Settings, abstract=True):
    """Base of everything that can be started: a ``JobRequest`` and what is below."""


class TaskRun(TargetSettings):
    """A run of one of the environment's task definitions."""

    task_definition: Annotated[ShortName, RefersTo("task_definitions")]
    """what to run, where its definition says [one of the environment's task_definitions; required]"""
    task_count: int = Field(default=1, ge=1, le=10)
    """how many at a time [from 1 to 10; default 1]"""
    environment: Annotated[
        dict[EnvironmentName, EnvironmentValue], no_plain_secrets("secrets of the task definition's containers")
    ] = Field(default_factory=dict)
    """added to every container's environment [each value at least 1 character; default empty; must not look like a
    secret in production]"""
    commands: dict[ContainerName, Annotated[Sequence[str], Field(min_length=1)]] = Field(default_factory=dict)
    """replace the commands of these containers [each name at most 244 characters; each value at least 1 item; default
    empty]"""


class QueueMessage(TargetSettings):
    """A message to one of the environment's queues."""

    queue: Annotated[ShortName, RefersTo("queues")]
    """where it goes [one of the environment's queues; required]"""
    body: str | None = Field(default=None, min_length=1)
    """None: what the starter was started by, an event or a message [at least 1 character; default None]"""
    message_group_id: MessageGroupId | None = None
    """of a FIFO queue only: what has the same is kept in order [default None]"""


class TopicMessage(TargetSettings):
    """A message to one of the environment's topics, and so to all that subscribe to it."""

    topic: Annotated[ShortName, RefersTo("topics")]
    """where it goes [one of the environment's topics; required]"""
    body: str | None = Field(default=None, min_length=1)
    """None: what the starter was started by, an event or a message [at least 1 character; default None]"""


class PipelineExecution(TargetSettings):
    """An execution of one of the environment's pipelines."""

    pipeline: Annotated[ShortName, RefersTo("pipelines")]
    """what to execute [one of the environment's pipelines; required]"""
    parameters: Annotated[dict[OptionName, str], no_plain_secrets("secrets of the job definitions")] = Field(
        default_factory=dict
    )
    """replace the pipeline's defaults [each name at least 1 character; default empty; must not look like a secret in
    production]"""
    share_identifier: str | None = Field(default=None, pattern=r"^[0-9A-Za-z]{1,255}$")
    """whose share of fair-share queues its jobs count against; None: the pipeline's [default None]"""


class Drain(TargetSettings):
    """Have one of the environment's backlogs worked off, if there is anything in it."""

    backlog: Annotated[ShortName, RefersTo("backlogs")]
    """which of them [one of the environment's backlogs; required]"""


class FunctionCall(TargetSettings):
    """A call of one of the environment's functions. A pipe waits for it and calls again if it fails; others do not."""

    function: Annotated[ShortName, RefersTo("functions")]
    """what to call [one of the environment's functions; required]"""
    payload: str | None = Field(default=None, min_length=1)
    """JSON; None: what the starter was started by [at least 1 character; default None]"""

    def check_payload(self) -> Iterator[Problem]:
        """Check that it is JSON."""
        if self.payload is not None:
            yield from json_problems("payload", self.payload)


# What is told a text, in which parts of what started it may stand.
Told = QueueMessage | TopicMessage | FunctionCall


def json_problems(path: str, text: str) -> Iterator[Problem]:
    """Yield what keeps ``text`` from being JSON."""
    try:
        json.loads(text)
    except ValueError as error:
        yield Problem(path, "be JSON", format_value(text), str(error))
