"""What an environment has for those who operate it; one field a concern, each with its own class."""

from modules.cloudwatch.event_log_settings import EventLog
from modules.settings import Settings


class Operations(Settings):
    """What runs, what is stuck and since when: kept, counted and told."""

    events: EventLog = EventLog()
    """what Batch and ECS tell of the environment's jobs, tasks and services [default an EventLog]"""
