"""VPCs and what is in them."""

from tests.emitted.requests import Limit, Row

JUST_MADE = "the provider names what it has just made"
ATTRIBUTE = "set after the creation, one attribute a request"
DESCRIPTION = Limit(
    "CreateSecurityGroup, IpRange: 255 characters", pattern=r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}"
)
# The same in both directions.
RULE = Row(
    inside=("IpPermissions",),
    names={
        "cidr_ipv4": "IpPermissions.IpRanges.CidrIp",
        "cidr_ipv6": "IpPermissions.Ipv6Ranges.CidrIpv6",
        "prefix_list_id": "IpPermissions.PrefixListIds.PrefixListId",
        "referenced_security_group_id": "IpPermissions.UserIdGroupPairs.GroupId",
        "security_group_id": "GroupId",
    },
    elsewhere={"description": "stands beside the range, prefix list or group, of which each rule has one"},
    limits={
        "description": DESCRIPTION,
        "from_port": Limit("a port, or -1", -1, 65_535, kind="number"),
        "to_port": Limit("a port, or -1", -1, 65_535, kind="number"),
        "cidr_ipv4": Limit("a CIDR block", pattern=r"\d{1,3}(\.\d{1,3}){3}/([0-9]|[12][0-9]|3[0-2])"),
    },
)


def rule(request: str, schema: str) -> Row:
    """Return the row of a rule of one direction."""
    return Row((request,), schema, RULE.names, RULE.elsewhere, RULE.inside, RULE.filled, RULE.limits)


ROWS = {
    "aws_default_security_group": Row(
        elsewhere={"vpc_id": "the group is there with its VPC; its rules are taken away"},
    ),
    "aws_egress_only_internet_gateway": Row(requests=("ec2.CreateEgressOnlyInternetGateway",)),
    "aws_eip": Row(requests=("ec2.AllocateAddress",), schema="AWS::EC2::EIP"),
    "aws_flow_log": Row(
        requests=("ec2.CreateFlowLogs",),
        schema="AWS::EC2::FlowLog",
        names={"iam_role_arn": "DeliverLogsPermissionArn", "vpc_id": "ResourceIds|ResourceId"},
        filled={"ResourceType": "follows from which id there is"},
    ),
    "aws_internet_gateway": Row(
        requests=("ec2.CreateInternetGateway", "ec2.AttachInternetGateway"),
        filled={"InternetGatewayId": JUST_MADE},
    ),
    "aws_nat_gateway": Row(requests=("ec2.CreateNatGateway",), schema="AWS::EC2::NatGateway"),
    "aws_route": Row(
        requests=("ec2.CreateRoute",),
        schema="AWS::EC2::Route",
        names={"egress_only_gateway_id": "EgressOnlyInternetGatewayId"},
    ),
    "aws_route_table": Row(requests=("ec2.CreateRouteTable",)),
    "aws_route_table_association": Row(requests=("ec2.AssociateRouteTable",)),
    "aws_security_group": Row(
        requests=("ec2.CreateSecurityGroup",),
        schema="AWS::EC2::SecurityGroup",
        names={"name_prefix": "GroupName", "description": "Description|GroupDescription"},
        limits={
            "name_prefix": Limit(
                "CreateSecurityGroup: 255 characters, of which Terraform appends 26; not sg-",
                pattern=r"(?!sg-)[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,229}",
            ),
            "description": DESCRIPTION,
        },
    ),
    "aws_subnet": Row(
        requests=("ec2.CreateSubnet",),
        schema="AWS::EC2::Subnet",
        elsewhere={"assign_ipv6_address_on_creation": ATTRIBUTE, "map_public_ip_on_launch": ATTRIBUTE},
    ),
    "aws_vpc": Row(
        requests=("ec2.CreateVpc",),
        schema="AWS::EC2::VPC",
        names={"assign_generated_ipv6_cidr_block": "AmazonProvidedIpv6CidrBlock"},
        elsewhere={"enable_dns_hostnames": ATTRIBUTE, "enable_dns_support": ATTRIBUTE},
    ),
    "aws_vpc_ipv4_cidr_block_association": Row(requests=("ec2.AssociateVpcCidrBlock",)),
    "aws_vpc_endpoint": Row(
        requests=("ec2.CreateVpcEndpoint",),
        schema="AWS::EC2::VPCEndpoint",
        names={"policy": "PolicyDocument"},
        limits={"policy": Limit("Amazon VPC quotas: 20,480 characters without blanks", 1, 20_480, kind="characters")},
    ),
    "aws_vpc_security_group_egress_rule": rule("ec2.AuthorizeSecurityGroupEgress", "AWS::EC2::SecurityGroupEgress"),
    "aws_vpc_security_group_ingress_rule": rule("ec2.AuthorizeSecurityGroupIngress", "AWS::EC2::SecurityGroupIngress"),
}
