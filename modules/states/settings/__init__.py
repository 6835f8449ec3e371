"""Settings of pipelines."""
