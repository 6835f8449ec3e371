"""Who may run which task, as policy statements. No constructs.

Source: "Actions, resources, and condition keys for Amazon Elastic Container Service" in the Service Authorization
Reference.
"""

from collections.abc import Sequence

from modules import arns
from modules.iam.policy import Statement, allow
from modules.iam.services import TASKS
from modules.naming import AwsLocation


def run_statements(location: AwsLocation, family: str, cluster_name: str, role_arns: Sequence[str]) -> list[Statement]:
    """Return the permission to run a task definition, any revision, on one cluster, with its roles and no others."""
    on_cluster = {"ArnEquals": {"ecs:cluster": arns.cluster(location, cluster_name)}}
    to_tasks = {"StringEquals": {"iam:PassedToService": TASKS}}
    return [
        allow("RunTask", ["ecs:RunTask"], arns.task_definitions(location, family), condition=on_cluster),
        allow("PassRoles", ["iam:PassRole"], role_arns, condition=to_tasks),
        # Tags at the start of a task are a permission of their own, which only that start has.
        allow(
            "TagTask",
            ["ecs:TagResource"],
            arns.tasks(location, cluster_name),
            condition={"StringEquals": {"ecs:CreateAction": "RunTask"}},
        ),
    ]
