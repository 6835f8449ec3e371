"""Placement groups, which moto lacks."""

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_RESOURCE_TO_PREFIX, random_id

from rehearsal.local_aws import adds


class PlacementGroup(TaggedEC2Resource):  # type: ignore[misc]  # moto is not type-checked
    """A placement group, as DescribePlacementGroups shows it."""

    def __init__(self, backend: EC2Backend, given: dict[str, Any]) -> None:
        self.ec2_backend = backend
        self.id = self.group_id = random_id(EC2_RESOURCE_TO_PREFIX["placement-group"])
        self.group_name = given["GroupName"]
        self.group_arn = (
            f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:placement-group/{self.group_name}"
        )
        self.state = "available"
        self.strategy = given.get("Strategy", "cluster")
        self.partition_count = given.get("PartitionCount")
        self.spread_level = given.get("SpreadLevel", "rack") if self.strategy == "spread" else None
        self.add_tags({tag["Key"]: tag["Value"] for spec in given.get("TagSpecifications", []) for tag in spec["Tags"]})

    @property
    def tags(self) -> list[dict[str, str]]:
        """Return the tags in the form in which EC2 shows them."""
        return list(self.get_tags())


def placement_groups(response: Any) -> dict[str, PlacementGroup]:
    """Return the placement groups of a request's account and region by name."""
    groups: dict[str, PlacementGroup] = response.ec2_backend.__dict__.setdefault("placement_groups", {})
    return groups


@adds(EC2Response, "create_placement_group")
def create_placement_group(original: Any) -> Any:
    """Make a placement group."""
    del original
    EC2_RESOURCE_TO_PREFIX["placement-group"] = "pg"

    def create(response: Any) -> ActionResult:
        groups, given = placement_groups(response), response.params
        if given["GroupName"] in groups:
            message = f"The placement group '{given['GroupName']}' already exists."
            raise EC2ClientError("InvalidPlacementGroup.Duplicate", message)
        group = groups[given["GroupName"]] = PlacementGroup(response.ec2_backend, given)
        return ActionResult({"PlacementGroup": group})

    return create


@adds(EC2Response, "describe_placement_groups")
def describe_placement_groups(original: Any) -> Any:
    """Show placement groups by name or id."""
    del original

    def describe(response: Any) -> ActionResult:
        groups = placement_groups(response)
        for name in response.params.get("GroupNames", []):
            find_placement_group(groups, name)
        names, ids = response.params.get("GroupNames"), response.params.get("GroupIds")
        chosen = [g for g in groups.values() if g.group_name in (names or groups) and (not ids or g.group_id in ids)]
        return ActionResult({"PlacementGroups": chosen})

    return describe


@adds(EC2Response, "delete_placement_group")
def delete_placement_group(original: Any) -> Any:
    """Delete a placement group."""
    del original

    def delete(response: Any) -> EmptyResult:
        groups = placement_groups(response)
        del groups[find_placement_group(groups, response.params["GroupName"]).group_name]
        return EmptyResult()

    return delete


def find_placement_group(groups: dict[str, PlacementGroup], name: str) -> PlacementGroup:
    """Return a placement group. Raises what EC2 answers where there is none of that name."""
    if name not in groups:
        raise EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
    return groups[name]
