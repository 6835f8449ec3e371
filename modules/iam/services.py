"""AWS services by the names under which roles and policies let them act."""

CLOUDWATCH = "cloudwatch.amazonaws.com"
EVENTS = "events.amazonaws.com"
PIPES = "pipes.amazonaws.com"
S3 = "s3.amazonaws.com"
SCHEDULER = "scheduler.amazonaws.com"
STATES = "states.amazonaws.com"
TASKS = "ecs-tasks.amazonaws.com"
