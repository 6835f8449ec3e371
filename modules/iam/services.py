"""AWS services by the names under which roles and policies let them act."""

BUDGETS = "budgets.amazonaws.com"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
CLOUDWATCH = "cloudwatch.amazonaws.com"
COST_ALERTS = "costalerts.amazonaws.com"  # Cost Anomaly Detection
EVENTS = "events.amazonaws.com"
PIPES = "pipes.amazonaws.com"
S3 = "s3.amazonaws.com"
SCHEDULER = "scheduler.amazonaws.com"
STATES = "states.amazonaws.com"
TASKS = "ecs-tasks.amazonaws.com"
