"""Simple Notification Service: topics of others, which messages are published to."""
