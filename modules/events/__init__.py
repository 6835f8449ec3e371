"""EventBridge: event patterns, and rules that start something when an event comes."""
