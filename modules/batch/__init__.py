"""AWS Batch: compute environments, queues, scheduling, job definitions, submissions and permissions."""
