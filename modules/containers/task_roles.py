"""The roles of the containers of a task, whether Batch or ECS starts it: what they run as, and what starts them.

Source: "Monitor Amazon ECS containers with ECS Exec" in the ECS developer guide.
"""

from collections.abc import Sequence

from constructs import Construct

from modules.iam.existing_role import define_role
from modules.iam.policy import Statement, allow
from modules.iam.services import TASKS
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation


def define_task_role(
    scope: Construct,
    id_: str,
    *,
    name: str,
    description: str,
    location: AwsLocation,
    policy_arns: Sequence[str] = (),
    role_arn: str | None = None,
) -> WorkloadRole:
    """Return a role that tasks of the account may have, with somebody's own policies attached; ``role_arn`` exists."""
    role = define_role(
        scope,
        id_,
        name=name,
        services=[TASKS],
        account_id=location.account_id,
        description=description,
        role_arn=role_arn,
    )
    for index, policy_arn in enumerate(policy_arns):
        role.attach_managed_policy(f"own-{index}", policy_arn)
    return role


def open_sessions() -> Statement:
    """Return the permission to open sessions of ECS Exec, which ECS alone names: no action has a resource."""
    channels = ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
    return allow("OpenSessions", [f"ssmmessages:{name}" for name in channels], "*")
