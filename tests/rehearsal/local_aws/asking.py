"""Clients of the local AWS, as botocore makes them, which knows AWS's shapes."""

from typing import Any

import boto3

REGION = "us-east-1"
ACCOUNT = "123456789012"


def client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


def subnet() -> tuple[str, str]:
    """Return a subnet and a security group."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="a", Description="a", VpcId=vpc)["GroupId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"], group
