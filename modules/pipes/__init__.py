"""EventBridge Pipes: from a queue to what its messages start."""
