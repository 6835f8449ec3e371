"""Settings of alarms: whom they tell, and what no other setting says of when.

Source: PutMetricAlarm in the CloudWatch API reference. Prices are those of us-east-1.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from modules.markers import RefersTo
from modules.naming import ShortName
from modules.problems import Problem, unknown_name
from modules.settings import Distinct, Settings
from modules.sns.new_topic import NewTopic


class Alarms(Settings):
    """Tell somebody of what is stuck, fails or is late, as docs/runbook.md lists it.

    Thresholds follow from the settings of what is watched. An alarm is 0.10 USD a month for each metric that it looks
    at, the one for the environment as a whole 0.50 USD.
    """

    topic: Annotated[ShortName, RefersTo("topics")] | None = None
    """one of topics, where each alarm is published when it goes off and when it is over; None: one is made [one of the
    environment's topics; default None]"""
    new_topic: NewTopic = Field(default_factory=NewTopic)
    """where topic is None: the one that is made [default NewTopic()]"""
    failed_jobs_percent: int = Field(default=20, ge=1, le=100)
    """of the jobs of a queue that end within an hour [from 1 to 100; default 20]"""
    waiting_minutes: int = Field(default=60, ge=1, le=10_080)
    """how long jobs of a queue may wait on average until they start [from 1 to 10,080; default 60]"""
    left_out: Distinct[str] = ()
    """kinds of alarms that are not wanted, e.g. jobs-waiting [default empty]"""

    def check_topic(self) -> Iterator[Problem]:
        """Check that no topic is described which is not made."""
        if self.topic is not None and "new_topic" in self.model_fields_set:
            yield self.problem("new_topic", "be left out where topic is given")

    def check_left_out(self) -> Iterator[Problem]:
        """Check that there are such kinds."""
        for index, kind in enumerate(self.left_out):
            if kind not in ALARM_KINDS:
                yield unknown_name(f"left_out[{index}]", kind, ALARM_KINDS, "kinds of alarms")
