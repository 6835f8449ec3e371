"""The role with which ECS itself works for a service: shifting traffic, attaching volumes."""

from collections.abc import Mapping

from constructs import Construct

from modules import arns
from modules.ecs.names import infrastructure_role_name
from modules.iam.existing_role import define_role
from modules.iam.policy import allow
from modules.naming import AwsLocation

SHIFT_TRAFFIC = {"load-balancers": "AmazonECSInfrastructureRolePolicyForLoadBalancers"}
# Source: "Encrypt data stored in Amazon EBS volumes attached to Amazon ECS tasks" in the ECS developer guide.
VOLUME_KEY = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
ATTACH_VOLUMES = {"volumes": "service-role/AmazonECSInfrastructureRolePolicyForVolumes"}


class InfrastructureRole(Construct):
    """Define the role, or take that of ``role_arn``, which exists.

    Whatever uses it must depend on ``role.permissions``: without them ECS could not clean up.

    Any account's ECS may assume it, as AWS's own example has it: nothing tells that ECS names the account it works for,
    and anybody who gives ECS a role needs the permission to pass it, which no other account has.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        managed_policies: Mapping[str, str],
        location: AwsLocation,
        role_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.role = define_role(
            self,
            "role",
            name=infrastructure_role_name(name),
            services=["ecs.amazonaws.com"],
            account_id=None,
            description=f"ECS for {name}",
            role_arn=role_arn,
        )
        self.role_arn: str = self.role.role_arn
        for policy_id, policy in sorted(managed_policies.items()):
            self.role.attach_managed_policy(policy_id, arns.aws_policy(location, policy))

    def grant_volume_key(self, key_arn: str) -> None:
        """Let ECS make volumes encrypted with a customer's key; the managed policy has no permission to any."""
        for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        self.role.add_policy(
            "volume-key",
            [
                allow("UseVolumeKey", VOLUME_KEY, key_arn),
                allow("GrantVolumeKey", ["kms:CreateGrant"], key_arn, condition=for_aws),
            ],
        )
