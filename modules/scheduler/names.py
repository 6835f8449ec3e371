"""What belongs to a schedule is called. No constructs, so that lengths can be checked without any."""


def schedule_role_name(name: str) -> str:
    """Return the name of the role with which EventBridge Scheduler starts what schedule ``name`` is for."""
    return f"{name}-schedule"
