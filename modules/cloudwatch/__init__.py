"""CloudWatch: what is recorded of the platform, for how long, and when somebody is told."""
