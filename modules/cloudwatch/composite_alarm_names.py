"""What composite alarms are called. No constructs."""

# A rule names at most 100 others in 10,240 characters, which are as many as names of the greatest length leave.
MOST_IN_RULE = 60


def composite_names(name: str, count: int) -> list[str]:
    """Return the names of the composite alarms over ``count`` others, the one over all of them last."""
    parts = range(1, -(-count // MOST_IN_RULE) + 1) if count > MOST_IN_RULE else ()
    return [*(f"{name}-{part}" for part in parts), name]
