"""What instances may do: ``aws_iam_role``, its policies, and the ``aws_iam_instance_profile`` around it."""

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from constructs import Construct

from modules import arns
from modules.ec2.settings import instance_role_name
from modules.iam.policy import Statement
from modules.iam.workload_role import WorkloadRole
from modules.names import require_name
from modules.naming import AwsLocation

# Of AWS, by the name that each attachment gets. Jobs have roles of their own and need none of this.
ECS_INSTANCE = {"ecs": "service-role/AmazonEC2ContainerServiceforEC2Role"}
EKS_NODE = {"eks": "AmazonEKSWorkerNodePolicy", "ecr": "AmazonEC2ContainerRegistryPullOnly"}
SESSION_MANAGER = {"ssm": "AmazonSSMManagedInstanceCore"}


class InstanceRole(Construct):
    """Define the role and the profile of instances. ``instance_profile_arn`` is a token.

    Whatever starts instances must depend on ``attachments``: if those went first, instances that are still there could
    not sign off, and their environment would never be deleted.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        ssm_access: bool,
        location: AwsLocation,
        managed_policies: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        role_name = instance_role_name(name)
        require_name("role", role_name)
        self.role = WorkloadRole(
            self,
            "role",
            name=role_name,
            services=["ec2.amazonaws.com"],
            account_id=None,  # EC2 gives no source account
            description=f"Instances of {name}",
        )
        policies = {**(managed_policies or {}), **(SESSION_MANAGER if ssm_access else {})}
        for policy_id, policy in sorted(policies.items()):
            self.role.attach_managed_policy(policy_id, arns.aws_policy(location, policy))
        profile = IamInstanceProfile(self, "Resource", name=role_name, role=self.role.role_name)
        self.instance_profile_arn: str = profile.arn

    @property
    def attachments(self) -> list[ITerraformDependable]:
        """Return all policies of the role so far."""
        return [*self.role.permissions]

    def allow_agent(self, statements: Sequence[Statement]) -> None:
        """Give the ECS agent these permissions, instead of AWS's policy."""
        self.role.add_policy("ecs-agent", statements)
