"""Step Functions: pipelines of jobs and tasks."""
