"""What an environment has for those who operate it; one field a concern, each with its own class."""

from collections.abc import Iterator
from typing import Annotated

from modules.budgets.settings import Budget, CostAnomalies
from modules.cloudtrail.settings import AuditTrailSettings
from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.event_log_settings import EventLog
from modules.markers import given_in_production
from modules.naming import TagKey
from modules.problems import Problem
from modules.settings import Settings


class Operations(Settings):
    """What runs, what is stuck and since when: kept, counted and told."""

    events: EventLog = EventLog()
    """what Batch and ECS tell of the environment's jobs, tasks and services [default an EventLog]"""
    alarms: Annotated[Alarms | None, given_in_production("nobody is notified of what is stuck or fails")] = None
    """who is notified of problems; None: no alarms [default None; must be given in production]"""
    audit_trail: AuditTrailSettings | None = None
    """who did what: a NewTrail, or an OrganizationTrail where there is one; None: CloudTrail's own history, 90 days of
    management events [default None]"""
    budget: Budget | None = None
    """monthly budget, and who is notified when it is exceeded [default None]"""
    cost_anomalies: CostAnomalies | None = None
    """who is notified of unusual costs [default None]"""
    cost_tag_key: TagKey | None = None
    """the key of the tag, one that all resources here have, that separates these costs from others in the account;
    activate it as a cost allocation tag in the payer account; None: environment_tag_key [1 to 128 characters; default
    None]"""
    resource_group: bool = True
    """one of all resources that have the environment's tags, to find them and act on them together [default True]"""
    dashboard: bool = True
    """one that shows what alarms watch, and what explains it; 3 USD a month where an account has more than three
    [default True]"""

    def check_told(self) -> Iterator[Problem]:
        """Check that there is somebody to tell of costs."""
        told = {"budget": self.budget, "cost_anomalies": self.cost_anomalies}
        for name, settings in told.items():
            if settings is not None and self.alarms is None and not settings.emails:
                yield Problem(f"{name}.emails", "have an item where alarms is None", "none", "nobody is notified")
