"""The security group of jobs and workers.

Groups do not apply to Amazon's DNS resolver, the instance and task metadata or the time service: none needs a rule.
"""

from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.vpc.security_group import empty_security_group
from modules.vpc.zonal_subnet import INTERNET

ALL_PROTOCOLS = "-1"
HTTPS = 443


class WorkloadRules(Construct):
    """Define the rules of a group that was empty: its members talk to each other, and nobody else gets in."""

    def __init__(self, scope: Construct, id_: str, *, security_group_id: str) -> None:
        super().__init__(scope, id_)
        self._security_group_id = security_group_id
        # The nodes of a multi-node job find each other on ports that MPI and NCCL choose. EFA needs both directions
        # with the group itself as the other side; a rule for 0.0.0.0/0 does not let its traffic out.
        VpcSecurityGroupIngressRule(
            self,
            "ingress-members",
            security_group_id=security_group_id,
            ip_protocol=ALL_PROTOCOLS,
            referenced_security_group_id=security_group_id,
            description="Between the nodes of a job",
        )
        VpcSecurityGroupEgressRule(
            self,
            "egress-members",
            security_group_id=security_group_id,
            ip_protocol=ALL_PROTOCOLS,
            referenced_security_group_id=security_group_id,
            description="Between the nodes of a job",
        )

    def allow_to_internet(self) -> None:
        """Let members reach everything; where it leads is up to the routes."""
        VpcSecurityGroupEgressRule(
            self,
            "egress-internet",
            security_group_id=self._security_group_id,
            ip_protocol=ALL_PROTOCOLS,
            cidr_ipv4=INTERNET,
            description="Everywhere",
        )

    def allow_to_vpc(self, cidr_block: str) -> None:
        """Let members reach interface endpoints (443), EFS (2049), FSx for Lustre (988) and whatever else is inside."""
        VpcSecurityGroupEgressRule(
            self,
            "egress-vpc",
            security_group_id=self._security_group_id,
            ip_protocol=ALL_PROTOCOLS,
            cidr_ipv4=cidr_block,
            description="Endpoints and file systems inside the VPC",
        )

    def allow_to_s3(self, prefix_list_id: str) -> None:
        """Let members reach S3, whose gateway endpoint keeps S3's public addresses."""
        VpcSecurityGroupEgressRule(
            self,
            "egress-s3",
            security_group_id=self._security_group_id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            prefix_list_id=prefix_list_id,
            description="S3 through its gateway endpoint",
        )


class WorkloadSecurityGroup(Construct):
    """Define the group itself, with its ``rules``. ``security_group_id`` is a token."""

    def __init__(self, scope: Construct, id_: str, *, name: str, vpc_id: str) -> None:
        super().__init__(scope, id_)
        group = empty_security_group(self, name=name, vpc_id=vpc_id, description="Jobs and workers")
        self.security_group_id: str = group.id
        self.rules = WorkloadRules(self, "rules", security_group_id=group.id)
