"""What an environment has for those who operate it; one field a concern, each with its own class."""

from typing import Annotated

from modules.cloudtrail.settings import AuditTrailSettings
from modules.cloudwatch.alarm_settings import Alarms
from modules.cloudwatch.event_log_settings import EventLog
from modules.markers import given_in_production
from modules.settings import Settings


class Operations(Settings):
    """What runs, what is stuck and since when: kept, counted and told."""

    events: EventLog = EventLog()
    """what Batch and ECS tell of the environment's jobs, tasks and services [default an EventLog]"""
    alarms: Annotated[Alarms | None, given_in_production("nobody would be told of what is stuck or fails")] = None
    """who is told of what goes wrong; None: nobody [default None; must be given in production]"""
    audit_trail: AuditTrailSettings | None = None
    """who did what: a NewTrail, or an OrganizationTrail where there is one; None: CloudTrail's own history, 90 days of
    management events [default None]"""
    dashboard: bool = True
    """one that shows what alarms watch, and what explains it; 3 USD a month where an account has more than three
    [default True]"""
