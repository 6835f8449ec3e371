"""What the parts of a pipeline are called. No constructs."""

# The alias by which a state machine is started.
LIVE = "live"


def log_group_name(name: str) -> str:
    """Return the name of a state machine's log group: such names need no policy, of which an account has few."""
    return f"/aws/vendedlogs/states/{name}"
