"""What the parts of a pipeline are called. No constructs."""

# The alias by which a state machine is started.
LIVE = "live"


def role_name(name: str) -> str:
    """Return the name of the role that a pipeline's executions have."""
    return f"{name}-states"


def log_group_name(name: str) -> str:
    """Return the name of its log group: such names need no policy of their own, of which an account has few."""
    return f"/aws/vendedlogs/states/{name}"
