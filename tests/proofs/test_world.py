import json
from collections.abc import Iterator
from typing import Any

from proofs.world import LOGS, OF_RESOURCES
from tests.shipped import PACKAGES, shipped_resources

# What the proofs read, by type and argument.
READ = {
    ("aws_iam_policy", "policy"),
    ("aws_iam_role", "assume_role_policy"),
    ("aws_iam_role_policy", "policy"),
    (LOGS, "policy_document"),
    *((type_, argument) for type_, (argument, _, _) in OF_RESOURCES.items()),
}
# Grants nothing: what passes an endpoint needs the caller's own permissions.
LEFT_OUT = {("aws_vpc_endpoint", "policy")}


def policies(value: Any, argument: str = "") -> Iterator[str]:
    """Yield the arguments of a resource that have a policy."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from policies(item, f"{argument}.{name}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from policies(item, argument)
    elif isinstance(value, str) and '"Statement"' in value and "Statement" in json.loads(value):
        yield argument


def test_no_policy_that_is_emitted_is_left_unread() -> None:
    found = {
        (address.partition("/")[2].partition(".")[0], argument)
        for package in PACKAGES
        for address, resource in shipped_resources(package=package)
        for argument in policies(resource)
    }
    assert found == READ | LEFT_OUT
