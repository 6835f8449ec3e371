"""What it takes to run a task, whether it is defined in this stack or in one before it.

Source: RunTask in the ECS API reference; "Actions, resources, and condition keys for Amazon Elastic Container Service"
in the Service Authorization Reference.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdktf import ITerraformDependable

from modules import arns
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.tasks import Ec2Task, FargateTask
from modules.iam.policy import Statement, allow
from modules.iam.services import TASKS
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation
from modules.vpc.network import Network


@dataclass(frozen=True)
class RunnableTask:
    """What RunTask is told. ARNs and the names of capacity providers may be tokens.

    ``task_definition_arn`` has the revision. ``shares``: provider, weight and base. ``depends_on`` and ``roles``, whose
    permissions count too, must be there before it is run; both are empty where they are in a stack before.
    """

    family: str
    settings: RunTaskDefinition
    location: AwsLocation
    cluster_name: str
    cluster_arn: str
    task_definition_arn: str
    role_arns: Sequence[str]
    shares: Sequence[tuple[str, int, int]]
    network: Network
    depends_on: Sequence[ITerraformDependable] = ()
    roles: Sequence[WorkloadRole] = ()

    @property
    def has_network(self) -> bool:
        """Return whether each task has an address of its own."""
        task = self.settings.task
        return not isinstance(task, Ec2Task) or task.network_mode == "awsvpc"

    @property
    def has_public_ip(self) -> bool:
        """Return whether that address is a public one; ECS gives tasks on instances none."""
        return self.network.assign_public_ip and isinstance(self.settings.task, FargateTask)

    @property
    def platform_version(self) -> str | None:
        """Return Fargate's version, None on instances."""
        task = self.settings.task
        return task.platform_version if isinstance(task, FargateTask) else None

    @property
    def request(self) -> dict[str, Any]:
        """Return what to say to RunTask, in its own keys; the newest revision is run."""
        request: dict[str, Any] = {
            "cluster": self.cluster_name,
            "taskDefinition": self.family,
            "capacityProviderStrategy": [
                {"capacityProvider": provider, "weight": weight, "base": base} for provider, weight, base in self.shares
            ],
            "enableECSManagedTags": True,
            "propagateTags": "TASK_DEFINITION",
        }
        if self.platform_version:
            request["platformVersion"] = self.platform_version
        if self.settings.tags:
            request["tags"] = [{"key": key, "value": value} for key, value in sorted(self.settings.tags.items())]
        if self.has_network:
            request["networkConfiguration"] = {
                "awsvpcConfiguration": {
                    "subnets": list(self.network.subnet_ids),
                    "securityGroups": list(self.network.all_group_ids),
                    "assignPublicIp": "ENABLED" if self.has_public_ip else "DISABLED",
                }
            }
        return request

    @property
    def command(self) -> str:
        """Return shell lines that run it and print the task's ARN; or fail and print why ECS has started none."""
        document = shlex.quote(json.dumps(self.request, sort_keys=True))
        # ECS answers 200 where it starts nothing.
        query = shlex.quote("tasks[0].taskArn || failures[0].reason")
        return (
            f"task=$(aws ecs run-task --region {self.location.region} --cli-input-json {document}"
            f" --query {query} --output text)\n"
            'case "$task" in arn:*) echo "$task" ;; *) echo "$task" >&2; exit 1 ;; esac'
        )

    @property
    def run_statements(self) -> list[Statement]:
        """Return the permission to run it, any revision, on its cluster, with its roles and no others."""
        on_cluster = {"ArnEquals": {"ecs:cluster": arns.cluster(self.location, self.cluster_name)}}
        to_tasks = {"StringEquals": {"iam:PassedToService": TASKS}}
        # Tags at the start of a task are a permission of their own, which only that start has.
        at_start = {"StringEquals": {"ecs:CreateAction": "RunTask"}}
        tasks = arns.tasks(self.location, self.cluster_name)
        return [
            allow("RunTask", ["ecs:RunTask"], arns.task_definitions(self.location, self.family), condition=on_cluster),
            allow("PassRoles", ["iam:PassRole"], self.role_arns, condition=to_tasks),
            allow("TagTask", ["ecs:TagResource"], tasks, condition=at_start),
        ]


def task_override(
    container_names: Sequence[str], environment: Mapping[str, str], commands: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return a TaskOverride, in the keys of RunTask: variables for every container, commands for some; {} for none."""
    variables = [{"name": name, "value": value} for name, value in sorted(environment.items())]
    containers = [
        {"name": name}
        | ({"environment": variables} if variables else {})
        | ({"command": list(commands[name])} if name in commands else {})
        for name in sorted(container_names)
        if variables or name in commands
    ]
    return {"containerOverrides": containers} if containers else {}
