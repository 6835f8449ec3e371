"""What is added of EC2 is what AWS's API says."""

import pytest

from tests.rehearsal.local_aws.asking import client, subnet


@pytest.mark.parametrize("way", ["ingress", "egress"])
def test_a_rule_keeps_its_description_whatever_it_is_for(way: str) -> None:
    _, group = subnet()
    ec2 = client("ec2")
    sources = {
        "UserIdGroupPairs": [{"GroupId": group, "Description": "members"}],
        "PrefixListIds": [{"PrefixListId": "pl-1", "Description": "S3"}],
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "us"}],
    }
    for number, (kind, source) in enumerate(sources.items()):
        port = 443 + number
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, kind: source}
        getattr(ec2, f"authorize_security_group_{way}")(GroupId=group, IpPermissions=[permission])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert {rule.get("Description", "") for rule in rules} - {""} == {"members", "S3", "us"}


def test_the_tags_of_a_launch_template_are_not_those_of_what_is_launched() -> None:
    ec2 = client("ec2")
    given = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "instance"}]}]
    made = ec2.create_launch_template(
        LaunchTemplateName="template",
        LaunchTemplateData={"InstanceType": "m5.large", "TagSpecifications": given},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "template"}]}],
    )["LaunchTemplate"]
    assert made["Tags"] == [{"Key": "a", "Value": "template"}]
    (version,) = ec2.describe_launch_template_versions(LaunchTemplateName="template")["LaunchTemplateVersions"]
    assert version["LaunchTemplateData"]["TagSpecifications"] == given
