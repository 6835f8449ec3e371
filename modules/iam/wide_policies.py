"""Which of AWS's own policies open a whole account or service. Held against AWS's list by a test."""

import re

# By how AWS calls them. What is read by the last two is everybody's data.
WIDE = re.compile(r"Admin|Full_?Access|PowerUser|^ReadOnlyAccess$|^SecretsManagerReadWrite$")


def is_wide(policy_arn: str) -> bool:
    """Return whether a policy is AWS's own, and of so wide a kind. What is in one of the account's, its owner knows."""
    _, _, name = policy_arn.partition(":iam::aws:policy/")
    return name.startswith("job-function/") or bool(WIDE.search(name.rpartition("/")[2]))
