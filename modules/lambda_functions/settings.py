"""Settings of Lambda functions that somebody else owns.

Source: Invoke and CreateEventSourceMapping in the Lambda API reference; "Using Lambda with Amazon SQS" in the Lambda
developer guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.markers import ArnOf, RefersTo
from modules.naming import ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Settings

# A larger batch of Lambda's needs time to be gathered, which SQS gives standard queues only.
MOST_AT_ONCE = 10


class QueueConsumption(Settings):
    """How Lambda takes messages of a queue and hands them to a function, some at a time, several times at once."""

    batch_size: int = Field(default=MOST_AT_ONCE, ge=1, le=10_000)
    """at most so many messages a call [from 1 to 10,000; default 10]"""
    batching_window_seconds: int = Field(default=0, ge=0, le=300)
    """how long messages are gathered for a call; not of a FIFO queue [from 0 to 300; default 0]"""
    maximum_concurrency: int | None = Field(default=None, ge=2, le=1_000)
    """at most so many calls at once; None: as many as the account lets the function have [from 2 to 1,000; default
    None]"""
    report_batch_item_failures: bool = False
    """True: the function answers which messages failed, and only those come again; False: all of the call [default
    False]"""
    enabled: bool = True
    """False: messages wait in the queue [default True]"""
    tags: Tags = Field(default_factory=dict)
    """on the event source mapping [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    def check_batch_size(self) -> Iterator[Problem]:
        """Check that there is time to gather a large batch."""
        if self.batch_size > MOST_AT_ONCE and not self.batching_window_seconds:
            rule = f"be at least 1 where batch_size is more than {MOST_AT_ONCE}"
            reason = f"SQS gives Lambda at most {MOST_AT_ONCE} messages at a time"
            yield Problem("batching_window_seconds", rule, format_value(self.batching_window_seconds), reason)


class ExistingFunction(Settings):
    """A Lambda function that somebody else owns: it can be called and be given messages, not changed."""

    function_arn: Annotated[
        str,
        ArnOf(
            "function",
            region_reason="EventBridge and Step Functions call functions of their own region",
            account_reason="only its owner can let another account call it",
        ),
    ] = Field(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[0-9A-Za-z_-]{1,64}(:[0-9A-Za-z_-]{1,128})?$"
    )
    """with a version or alias at its end, if it is to be that one, e.g.
    arn:aws:lambda:us-east-1:111122223333:function:notify:live [required]"""
    timeout_seconds: int | None = Field(default=None, ge=1, le=900)
    """as its owner set it, to check queues against that it consumes; None: it consumes none [from 1 to 900; default
    None]"""
    consumes: dict[Annotated[ShortName, RefersTo("queues")], QueueConsumption] = Field(default_factory=dict)
    """queues whose messages it is given; the output function_policies has what its role needs for that [each name one
    of the environment's queues; default empty]"""

    def check_consumes(self) -> Iterator[Problem]:
        """Check that what its queues are held against is known."""
        if self.consumes and self.timeout_seconds is None:
            reason = "the visibility timeout must exceed the timeout of the function"
            yield Problem("timeout_seconds", "be given with consumes", "None", reason)
