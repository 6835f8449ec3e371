"""What belongs to a backlog is called. No constructs."""


def machine_name(name: str) -> str:
    """Return the name of the state machine that counts the messages and submits the job, and of its alarm."""
    return f"{name}-backlog"


def starter_name(name: str) -> str:
    """Return the name of the rule, and of its role, that starts the state machine when its alarm goes off."""
    return f"{name}-backlog-alarm"
