"""What instances may do: ``aws_iam_role``, its policies, and the ``aws_iam_instance_profile`` around it."""

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from constructs import Construct

from modules import arns
from modules.ec2.settings import instance_role_name
from modules.iam.access_settings import Access
from modules.iam.account_rules import iam_rules
from modules.iam.existing_role import define_role
from modules.iam.policy import Statement
from modules.naming import AwsLocation
from modules.resources import Resources

# Of AWS, by the name that each attachment gets. Jobs have roles of their own and need none of this.
ECS_INSTANCE = {"ecs": "service-role/AmazonEC2ContainerServiceforEC2Role"}
EKS_NODE = {"eks": "AmazonEKSWorkerNodePolicy", "ecr": "AmazonEC2ContainerRegistryPullOnly"}
SESSION_MANAGER = {"ssm": "AmazonSSMManagedInstanceCore"}


class InstanceRole(Construct):
    """Define the role and the profile of instances, or take the profile of ``profile_arn``, which exists.

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
        profile_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        role_name = instance_role_name(name)
        self.role = define_role(
            self,
            "role",
            name=role_name,
            services=["ec2.amazonaws.com"],
            account_id=None,  # EC2 gives no source account
            description=f"Instances of {name}",
            role_arn=profile_arn,
        )
        policies = {**(managed_policies or {}), **(SESSION_MANAGER if ssm_access else {})}
        for policy_id, policy in sorted(policies.items()):
            self.role.attach_managed_policy(policy_id, arns.aws_policy(location, policy))
        self.instance_profile_arn: str = profile_arn or self._profile(role_name)

    def _profile(self, name: str) -> str:
        path = iam_rules(self).path
        return str(IamInstanceProfile(self, "Resource", name=name, path=path, role=self.role.role_name).arn)

    @property
    def attachments(self) -> list[ITerraformDependable]:
        """Return all policies of the role so far."""
        return [*self.role.permissions]

    def allow_access(self, access: Access, resources: Resources, location: AwsLocation) -> None:
        """Give the instances themselves what ``access`` asks for of ``resources``."""
        resources.require(self, access, {}, {})
        resources.grant(self.role, access, (), location)
        for index, arn in enumerate(access.policy_arns):
            self.role.attach_managed_policy(f"policy-{index}", arn)

    def allow_agent(self, statements: Sequence[Statement]) -> None:
        """Give the ECS agent these permissions, instead of AWS's policy."""
        self.role.add_policy("ecs-agent", statements)
