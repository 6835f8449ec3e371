"""What is added of the two kinds of Auto Scaling is what AWS's API says."""

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.local_aws.asking import REGION, client
from tests.rehearsal.local_aws.test_ecs import service


def test_a_group_keeps_what_it_is_made_with_and_takes_what_it_is_changed_to() -> None:
    ec2, scaling = client("ec2"), client("autoscaling")
    ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="a",
        MinSize=0,
        MaxSize=1,
        LaunchTemplate={"LaunchTemplateName": "template"},
        AvailabilityZones=[f"{REGION}a"],
        DefaultInstanceWarmup=300,
        MaxInstanceLifetime=86_400,
    )
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["a"])["AutoScalingGroups"]
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"], group["MaxSize"]) == (300, 86_400, 1)
    scaling.update_auto_scaling_group(AutoScalingGroupName="a", DefaultInstanceWarmup=60, MaxSize=2)
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["a"])["AutoScalingGroups"]
    assert (group["DefaultInstanceWarmup"], group["MaxInstanceLifetime"], group["MaxSize"]) == (60, 86_400, 2)


def test_a_group_has_what_nobody_gave_it_until_somebody_does() -> None:
    client("ec2").create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling, name = client("autoscaling"), {"AutoScalingGroupName": "a"}
    template, zones = {"LaunchTemplateName": "template"}, [f"{REGION}a"]
    scaling.create_auto_scaling_group(**name, MinSize=0, MaxSize=1, LaunchTemplate=template, AvailabilityZones=zones)
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["CapacityReservationSpecification"] == {"CapacityReservationPreference": "default"}
    assert group["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}
    first = {"CapacityReservationPreference": "capacity-reservations-first"}
    for given in ({"CapacityReservationSpecification": first}, {"MaxSize": 2}):
        scaling.update_auto_scaling_group(**name, **given)
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    assert group["CapacityReservationSpecification"] == first


def test_the_instances_of_a_group_are_refreshed_at_once() -> None:
    client("ec2").create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"InstanceType": "m5.large"})
    scaling, name = client("autoscaling"), {"AutoScalingGroupName": "a"}
    template, zones = {"LaunchTemplateName": "template"}, [f"{REGION}a"]
    scaling.create_auto_scaling_group(**name, MinSize=0, MaxSize=1, LaunchTemplate=template, AvailabilityZones=zones)
    assert scaling.describe_instance_refreshes(**name)["InstanceRefreshes"] == []
    first, second = [scaling.start_instance_refresh(**name)["InstanceRefreshId"] for _ in range(2)]
    shown = scaling.describe_instance_refreshes(**name)["InstanceRefreshes"]
    assert [refresh["InstanceRefreshId"] for refresh in shown] == [second, first]
    (shown,) = scaling.describe_instance_refreshes(**name, InstanceRefreshIds=[first])["InstanceRefreshes"]
    assert shown == {"InstanceRefreshId": first, "AutoScalingGroupName": "a", "Status": "Successful"}


def test_a_scalable_target_has_its_tags() -> None:
    service(launchType="EC2")
    scaling = client("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId="service/a/a",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=0,
        MaxCapacity=2,
        Tags={"project": "a"},
    )["ScalableTargetARN"]
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"project": "a"}


@pytest.mark.parametrize(
    ("delete", "named"),
    [("deregister_scalable_target", {}), ("delete_scaling_policy", {"PolicyName": "a"})],
)
def test_what_scales_a_service_and_is_gone_is_not_found(delete: str, named: dict[str, str]) -> None:
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/a/a", "ScalableDimension": "ecs:service:DesiredCount"}
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        getattr(client("application-autoscaling"), delete)(**target, **named)
