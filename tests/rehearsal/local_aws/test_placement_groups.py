"""Placement groups are what AWS's API says."""

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.local_aws.asking import ACCOUNT, REGION, client


def test_a_placement_group_is_made_shown_tagged_and_deleted() -> None:
    ec2 = client("ec2")
    tags = [{"Key": "project", "Value": "a"}]
    made = ec2.create_placement_group(
        GroupName="a", Strategy="cluster", TagSpecifications=[{"ResourceType": "placement-group", "Tags": tags}]
    )["PlacementGroup"]
    (shown,) = ec2.describe_placement_groups(GroupNames=["a"])["PlacementGroups"]
    assert shown == made
    assert shown == {
        "GroupName": "a",
        "State": "available",
        "Strategy": "cluster",
        "GroupId": made["GroupId"],
        "GroupArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:placement-group/a",
        "Tags": tags,
    }
    (shown,) = ec2.describe_placement_groups(GroupIds=[made["GroupId"]])["PlacementGroups"]
    assert shown == made
    ec2.create_tags(Resources=[made["GroupId"]], Tags=[{"Key": "project", "Value": "b"}])
    (shown,) = ec2.describe_placement_groups()["PlacementGroups"]
    assert shown["Tags"] == [{"Key": "project", "Value": "b"}]
    ec2.delete_placement_group(GroupName="a")
    assert ec2.describe_placement_groups()["PlacementGroups"] == []


def test_a_placement_group_that_is_there_is_not_made_and_one_that_is_not_is_not_shown_or_deleted() -> None:
    ec2 = client("ec2")
    ec2.create_placement_group(GroupName="a", Strategy="spread")
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Duplicate"):
        ec2.create_placement_group(GroupName="a", Strategy="spread")
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Unknown"):
        ec2.describe_placement_groups(GroupNames=["b"])
    with pytest.raises(ClientError, match=r"InvalidPlacementGroup\.Unknown"):
        ec2.delete_placement_group(GroupName="b")
