"""What an account asks of all that is made in it is on all of it, in every environment."""

from typing import Any

import pytest

from tests.shipped import PACKAGES, shipped_resources
from tests.worlds import World, as_shipped, governed_world

ENVIRONMENTS = as_shipped(*PACKAGES)
HAVE_PATHS = ("aws_iam_role", "aws_iam_policy", "aws_iam_instance_profile")


@pytest.fixture(scope="module", params=sorted(ENVIRONMENTS))
def world(request: Any) -> World:
    return governed_world(request.param)


def blocks(world: World, *types: str) -> list[dict[str, Any]]:
    resources = [document.get("resource", {}) for document in world.stacks.values()]
    return [block for made in resources for type_ in types for block in made.get(type_, {}).values()]


def test_path_and_boundary_are_on_all_that_can_have_them(world: World) -> None:
    package, environment = ENVIRONMENTS[world.environment.name]
    shipped = shipped_resources(*HAVE_PATHS, package=package)
    usual = [address for address, _ in shipped if address.startswith(f"{environment.name}-")]
    assert [block.get("path") for block in blocks(world, *HAVE_PATHS)] == ["/ml/"] * len(usual)
    boundaries = {block.get("permissions_boundary") for block in blocks(world, "aws_iam_role")}
    assert boundaries <= {f"arn:aws:iam::{environment.account_id}:policy/boundaries/workload"}


def test_no_log_group_is_without_the_key(world: World) -> None:
    assert [group["name"] for group in blocks(world, "aws_cloudwatch_log_group") if not group.get("kms_key_id")] == []
