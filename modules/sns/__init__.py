"""Simple Notification Service: topics of others and of our own, which messages are published to."""
