"""Simple Queue Service: message queues with their dead-letter queues, policies and grants."""
