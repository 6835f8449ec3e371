"""Settings of the log of what happens to jobs, tasks and services.

Source: PutRetentionPolicy in the CloudWatch Logs API reference. Prices are those of us-east-1.
"""

from typing import Annotated

from modules.cloudwatch.log_retention import KEPT_A_WEEK, RetentionDays
from modules.settings import Settings


class EventLog(Settings):
    """Every change of a job's state, every stopped task, and what ECS says of services, with metrics of all that.

    An event is 1 to 4 KB, and a job has about five: 100,000 jobs are 1 GB, 0.50 USD. A metric is 0.30 USD a month where
    it has values all of that month; docs/operations.md says how many there can be. In queues and clusters of others,
    what is not of this environment is logged as well.
    """

    retention_days: Annotated[RetentionDays, KEPT_A_WEEK] = 30
    """how long they are kept; metrics always remain for 15 months [one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180,
    365, 400, 545, 731, 1,096, 1,827, 2,192, 2,557, 2,922, 3,288, 3,653 or one of 'never'; default 30; must be at least
    7 days in production]"""
