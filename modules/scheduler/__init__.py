"""EventBridge Scheduler: what starts by the clock."""
