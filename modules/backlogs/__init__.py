"""Backlogs: queues that jobs work off, as many at a time as there are messages for."""
