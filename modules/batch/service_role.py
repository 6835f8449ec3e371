"""A role of one's own for Batch to manage capacity with, where the account's service-linked role is not wanted."""

from constructs import Construct

from modules import arns
from modules.batch.settings.any_compute_environments import service_role_name
from modules.iam.existing_role import define_role
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation


def define_service_role(environment: Construct, name: str, location: AwsLocation, role_arn: str | None) -> WorkloadRole:
    """Return the role for Batch to manage ``environment`` with: a new one, or that of ``role_arn``, which exists.

    The environment must depend on its permissions: without these Batch cannot delete it, and it stays DELETING.
    """
    role = define_role(
        Construct(environment, "service-role"),
        "Resource",
        name=service_role_name(name),
        services=["batch.amazonaws.com"],
        account_id=location.account_id,
        description=f"Batch, to manage {name}",
        role_arn=role_arn,
    )
    role.attach_managed_policy("batch", arns.aws_policy(location, "service-role/AWSBatchServiceRole"))
    return role
