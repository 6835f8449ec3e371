"""Shells in containers (ECS Exec): what the role of a task or job needs for them. Plain data.

Source: "Monitor Amazon ECS containers with ECS Exec" in the ECS developer guide.
"""

from modules.iam.policy import Statement, allow


def open_sessions() -> Statement:
    """Return the permission to open sessions; which there are, ECS decides, so that none of the four has a resource."""
    channels = ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
    return allow("OpenSessions", [f"ssmmessages:{name}" for name in channels], "*")
