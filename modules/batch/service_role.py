"""A role of one's own for Batch to manage capacity with, where the account's service-linked role is not wanted."""

from cdktf import ITerraformDependable
from constructs import Construct

from modules import arns
from modules.batch.settings.compute_environments import service_role_name
from modules.iam.existing_role import define_role
from modules.naming import AwsLocation


class ServiceRole(Construct):
    """Define the role; or take the one of ``role_arn``, which exists.

    The environment must depend on ``attachments``: without its permissions Batch cannot delete it, and
    it stays DELETING.
    """

    def __init__(
        self, scope: Construct, id_: str, *, name: str, location: AwsLocation, role_arn: str | None = None
    ) -> None:
        super().__init__(scope, id_)
        role = define_role(
            self,
            "Resource",
            name=service_role_name(name),
            services=["batch.amazonaws.com"],
            account_id=location.account_id,
            description=f"Batch, to manage {name}",
            role_arn=role_arn,
        )
        role.attach_managed_policy("batch", arns.aws_policy(location, "service-role/AWSBatchServiceRole"))
        self.role_arn: str = role.role_arn
        self.attachments: list[ITerraformDependable] = [*role.permissions]
