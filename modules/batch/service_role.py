"""A role of one's own for Batch to manage capacity with, where the account's service-linked role is not wanted."""

from cdktf import ITerraformDependable
from constructs import Construct

from modules import arns
from modules.batch.settings.compute_environments import service_role_name
from modules.iam.workload_role import WorkloadRole
from modules.names import require_name
from modules.naming import AwsLocation


class ServiceRole(Construct):
    """Define the role. ``role_arn`` is a token.

    The environment must depend on ``attachments``: without its permissions Batch cannot delete it, and
    it stays DELETING.
    """

    def __init__(self, scope: Construct, id_: str, *, name: str, location: AwsLocation) -> None:
        super().__init__(scope, id_)
        role_name = service_role_name(name)
        require_name("role", role_name)
        role = WorkloadRole(
            self,
            "Resource",
            name=role_name,
            services=["batch.amazonaws.com"],
            account_id=location.account_id,
            description=f"Batch, to manage {name}",
        )
        policy = arns.aws_policy(location, "service-role/AWSBatchServiceRole")
        self.role_arn: str = role.role_arn
        self.attachments: list[ITerraformDependable] = [role.attach_managed_policy("batch", policy)]
