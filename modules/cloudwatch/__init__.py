"""CloudWatch: what is recorded of the platform, and for how long."""
