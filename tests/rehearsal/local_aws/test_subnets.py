"""What is added of subnets is what AWS's API says."""

from ipaddress import ip_network

from tests.rehearsal.local_aws.asking import client


def test_a_subnet_is_found_by_its_range_of_ipv6_which_tells_its_state() -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    whole = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    first, second, *_ = map(str, ip_network(whole).subnets(new_prefix=64))
    made = [
        ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=f"10.0.{number}.0/24", Ipv6CidrBlock=block)["Subnet"]
        for number, block in enumerate((first, second))
    ]
    (association,) = made[1]["Ipv6CidrBlockAssociationSet"]
    wanted = [{"Name": "ipv6-cidr-block-association.association-id", "Values": [association["AssociationId"]]}]
    (found,) = ec2.describe_subnets(Filters=wanted)["Subnets"]
    assert found["SubnetId"] == made[1]["SubnetId"]
    (shown,) = found["Ipv6CidrBlockAssociationSet"]
    assert (shown["Ipv6CidrBlock"], shown["Ipv6CidrBlockState"]) == (second, {"State": "associated"})
