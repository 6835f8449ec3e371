"""Settings of pipes: each message of a queue starts something.

Source: CreatePipe in the EventBridge Pipes API reference; "Pipes concepts", "Batching and concurrency", "Dynamic path
parameters" and "Amazon Simple Queue Service stream as a source" in the EventBridge user guide.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.batch.settings.submissions import JobRequest
from modules.cloudwatch.vended_logs import VendedLogs
from modules.events.patterns import Matches, match_problems
from modules.iam.role_settings import RoleChoice
from modules.kms.settings import KmsKeySettings
from modules.markers import RefersTo
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings
from modules.targets.origins import Origin
from modules.targets.settings import PipelineExecution, QueueMessage, TargetSettings, TaskRun, TopicMessage

# What SQS hands over of a message.
MESSAGE_FIELDS = (
    "attributes",
    "awsRegion",
    "body",
    "eventSource",
    "eventSourceARN",
    "md5OfBody",
    "messageAttributes",
    "messageId",
    "receiptHandle",
)
MESSAGE = Origin(
    "a message",
    "a pipe",
    MESSAGE_FIELDS,
    re.compile(r"\$(\.[\w/-]+(\[(\d+|\*)\])*)+"),
    re.compile(r"<(\$[^>]*)>"),
    "names, [0] and [*] to a part of the message",
    "$.body.key",
)
# Without a window to wait in, SQS hands over so many messages at a time.
FEW_MESSAGES = 10


class MessageFilter(Settings):
    """What a message must be like to start anything; the pipe deletes all others."""

    matches: Matches = Field(min_length=1)
    """by field: what it may be. body.kind is what the JSON of the body says; body alone is a body that is plain text
    [at least 1 entry; each name at most 512 characters; each value at least 1 item; each value each 1 to 1,024
    characters; required]"""

    def check_matches(self) -> Iterator[Problem]:
        """Check the fields, and what pipes know of event patterns."""
        for name in self.matches:
            if problem := MESSAGE.field_problem(f"matches.{name}", name.partition(".")[0]):
                yield problem
        yield from match_problems("matches", self.matches, for_pipes=True)


class PipeSettings(NamedSettings, RoleChoice, VendedLogs):
    """Each message of a queue starts a job, a task or a pipeline, calls a function or goes to another queue.

    The pipe deletes the message as soon as its target is started, not when it is done. What must not be lost has
    retries of its own, and a rule that tells of its failure; or a worker, or a job, that takes the messages itself.
    """

    thing, role_ending, log_service = "pipe", "pipe", "pipes"

    queue: Annotated[ShortName, RefersTo("queues")]
    """where the messages are; what cannot be started comes back into it, and ends in its dead-letter queue [one of the
    environment's queues; required]"""
    target: TargetSettings
    """what is started: a JobRequest, a TaskRun, …; a text of it that is $.body.key, as a whole, stands for what the
    message's JSON says there; inside the body of a QueueMessage and the payload of a FunctionCall it is <$.body.key>
    [required]"""
    filters: Distinct[MessageFilter] = Field(default=(), max_length=5)
    """one of them is enough; empty: every message starts something [at most 5 items; default empty]"""
    batch_size: int = Field(default=1, ge=1, le=10_000)
    """messages passed together to a function or a queue; a job or a task starts for each [from 1 to 10,000; default
    1]"""
    batch_window_seconds: int = Field(default=0, ge=0, le=300)
    """how long to wait for so many [from 0 to 300; default 0]"""
    state: Literal["RUNNING", "STOPPED"] = "RUNNING"
    """STOPPED: the messages wait in the queue [one of 'RUNNING', 'STOPPED'; default 'RUNNING']"""
    log_level: Literal["OFF", "ERROR", "INFO", "TRACE"] = "ERROR"
    """which of its steps go to its log group [one of 'OFF', 'ERROR', 'INFO', 'TRACE'; default 'ERROR']"""
    kms_key: KmsKeySettings | None = None
    """of the log group and of what the pipe itself keeps; None: keys of AWS's own [default None]"""
    tags: Tags = Field(default_factory=dict)
    """on the pipe [at most 46 entries; each name 1 to 128 characters; each value at most 256 characters; default
    empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also the name of its key."""
        yield from super().names(name, location)
        if self.kms_key is not None:
            yield from self.kms_key.names(f"pipes/{name}", location)

    def check_batch(self) -> Iterator[Problem]:
        """Check that the target takes several messages at a time, and that there is time to collect them."""
        size, window = self.batch_size, self.batch_window_seconds
        if isinstance(self.target, JobRequest | TaskRun | PipelineExecution | TopicMessage):
            for name, value, most in (("batch_size", size, 1), ("batch_window_seconds", window, 0)):
                if value > most:
                    rule = f"be {most} where the target is {format_value(self.target)}"
                    yield self.problem(name, rule, "each message starts its own task")
        elif isinstance(self.target, QueueMessage) and size > FEW_MESSAGES:
            yield self.problem("batch_size", f"be at most {FEW_MESSAGES} for a QueueMessage")
        elif size > FEW_MESSAGES and window == 0:
            rule = f"be at least 1 where batch_size exceeds {FEW_MESSAGES}"
            yield self.problem("batch_window_seconds", rule, f"SQS hands over {FEW_MESSAGES} at a time")

    def check_paths(self) -> Iterator[Problem]:
        """Check that what stands for a part of the message leads into it, and is a whole text where it must be."""
        yield from MESSAGE.path_problems(self.target)
