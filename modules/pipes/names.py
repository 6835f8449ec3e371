"""What belongs to a pipe is called. No constructs."""


def pipe_role_name(name: str) -> str:
    """Return the name of the role with which pipe ``name`` reads its queue and starts its target."""
    return f"{name}-pipe"


def pipe_log_group_name(name: str) -> str:
    """Return the name of the log group of pipe ``name``; those of vended logs need no room in a resource policy."""
    return f"/aws/vendedlogs/pipes/{name}"
