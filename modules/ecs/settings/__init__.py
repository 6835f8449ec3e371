"""Settings of everything in ECS, a file a topic; no file here needs constructs."""
