"""What belongs to a rule is called. No constructs."""


def rule_role_name(name: str) -> str:
    """Return the name of the role with which EventBridge starts what rule ``name`` is for."""
    return f"{name}-rule"
