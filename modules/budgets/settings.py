"""Settings of what may be spent, and of what is told when it is.

Source: CreateBudget in the Budgets API reference, CreateAnomalyMonitor and CreateAnomalySubscription in that of Cost
Explorer; "Best practices for AWS Budgets" in the Cost Management user guide.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.names import NameKind
from modules.problems import Problem, format_value
from modules.settings import Distinct, Settings
from modules.sns.new_topic import EmailAddress

BUDGET_NAME = NameKind(100, "account")
MAX_NOTIFICATIONS = 10
Emails = Annotated[Distinct[EmailAddress], Field(max_length=10)]
Percent = Annotated[int, Field(ge=1, le=1_000)]


class Budget(Settings):
    """What the environment may cost in a month: somebody is told, and nothing is stopped.

    Costs are known 8 to 12 hours late. The first two budgets of an account are free, each other 0.02 USD a day.
    """

    monthly_usd: int = Field(ge=1, le=1_000_000_000)
    """what it may cost, credits and refunds counted, in each calendar month [from 1 to 1,000,000,000; required]"""
    actual_percent: Distinct[Percent] = (80, 100)
    """of monthly_usd: notifies as soon as this much is spent [each from 1 to 1,000; default 80, 100]"""
    forecast_percent: Distinct[Percent] = (100,)
    """of monthly_usd: notifies as soon as the forecast for the month exceeds it; AWS needs five weeks of costs [each
    from 1 to 1,000; default 100]"""
    emails: Emails = ()
    """who is notified by mail, in addition to the topic of alarms [at most 10 items; each 6 to 254 characters; default
    empty]"""

    def check_notifications(self) -> Iterator[Problem]:
        """Check that something is told, and no more than a budget tells."""
        count = len(self.actual_percent) + len(self.forecast_percent)
        rule = f"have 1 to {MAX_NOTIFICATIONS} items together with forecast_percent"
        if not 1 <= count <= MAX_NOTIFICATIONS:
            yield Problem("actual_percent", rule, format_value(count), "a budget has 1 to 10 notifications")


class CostAnomalies(Settings):
    """Tell of costs that are not as they use to be, which a machine has learnt; without charge.

    A topic is told at once, an address once a day.
    """

    least_usd: int = Field(default=100, ge=1, le=1_000_000_000)
    """total impact of an anomaly from which it is reported [from 1 to 1,000,000,000; default 100]"""
    emails: Emails = ()
    """who is notified by mail, in addition to the topic of alarms [at most 10 items; each 6 to 254 characters; default
    empty]"""
