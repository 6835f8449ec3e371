"""What Cost Explorer and Resource Groups take as documents. Plain data.

Source: Expression in the Cost Explorer API reference; "Resource group query types" in the Resource Groups user guide.
"""

from collections.abc import Mapping
from typing import Any


def tag_filter(key: str, value: str) -> str:
    """Return what a budget calls the costs of resources with a tag of a user."""
    return f"user:{key}${value}"


def monitored_costs(key: str, value: str) -> dict[str, Any]:
    """Return the costs of resources with a tag, with all members that the provider compares, empty ones too."""
    tags = {"Key": key, "MatchOptions": None, "Values": [value]}
    return {"And": None, "CostCategories": None, "Dimensions": None, "Not": None, "Or": None, "Tags": tags}


def tagged_resources(tags: Mapping[str, str]) -> dict[str, Any]:
    """Return the query for resources that have all of these tags."""
    filters = [{"Key": key, "Values": [value]} for key, value in sorted(tags.items())]
    return {"ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": filters}
