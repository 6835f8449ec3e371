"""Where tasks run: a cluster, made here or somebody else's, as services and tasks see it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cdktf import TerraformResource
from constructs import Construct

from modules.containers.task_roles import open_sessions
from modules.defaults import default_location
from modules.ecs.settings.capacity import FARGATE_PROVIDERS, CapacityShare
from modules.ecs.settings.clusters import AnyClusterSettings
from modules.ecs.settings.existing_clusters import ExistingCluster
from modules.ecs.settings.tasks import FargateTask, TaskSettings
from modules.iam.policy import Statement, allow
from modules.iam.workload_role import WorkloadRole
from modules.kms.permissions import DECRYPT
from modules.naming import AwsLocation
from modules.vpc.network import Network


class Namespace(NamedTuple):
    """A namespace of Cloud Map; both may be tokens."""

    id: str
    arn: str


class TaskCluster(Construct):
    """Base of clusters. ``cluster_arn`` and ``cluster_name`` may be tokens; ``name`` is what it is called.

    Whatever runs tasks here must depend on ``association``, if there is one.
    """

    name: str
    settings: AnyClusterSettings
    network: Network
    location: AwsLocation
    cluster_arn: str
    cluster_name: str
    provider_names: Mapping[str, str]
    namespace: Namespace | None
    association: TerraformResource | None = None
    session_statements: Sequence[Statement] = ()

    @classmethod
    def from_existing(
        cls,
        scope: Construct,
        id_: str,
        *,
        settings: ExistingCluster,
        network: Network,
        location: AwsLocation | None = None,
    ) -> "TaskCluster":
        """Return somebody else's cluster, of which nothing is made."""
        cluster = TaskCluster(scope, id_)
        cluster.settings, cluster.network = settings, network
        cluster.location = default_location(scope, location)
        cluster.cluster_arn, cluster.cluster_name = settings.cluster_arn, settings.cluster_name
        cluster.name = settings.cluster_name
        providers = settings.capacity_providers.items()
        cluster.provider_names = {name: provider.capacity_provider_name for name, provider in sorted(providers)}
        namespace = settings.namespace
        cluster.namespace = Namespace(namespace.namespace_id, namespace.namespace_arn) if namespace else None
        if sessions := settings.execute_command:
            cluster.session_statements = session_statements(sessions.log_group_arn, sessions.kms_key_arn)
        return cluster

    def provider_name(self, provider: str) -> str:
        """Return what AWS calls the provider of a share: Fargate's are words, those of the cluster tokens."""
        return provider if provider in FARGATE_PROVIDERS else self.provider_names[provider]

    def shares(self, capacity: Sequence[CapacityShare]) -> Sequence[CapacityShare]:
        """Return ``capacity``, or the cluster's default where it is empty.

        Written down with each service: without, a changed default would reach some services and not others.
        """
        return self.settings.shares(capacity)

    def compatibility(self, task: TaskSettings, capacity: Sequence[CapacityShare]) -> str:
        """Return what ECS calls the capacity that ``task`` must be made for."""
        if isinstance(task, FargateTask):
            return "FARGATE"
        return "MANAGED_INSTANCES" if self.settings.is_managed(self.shares(capacity)) else "EC2"

    def grant_execute_command(self, task_role: WorkloadRole) -> None:
        """Let the tasks of ``task_role`` open the sessions that ECS Exec asks them for, and log them."""
        if self.session_statements:
            task_role.add_policy("execute-command", self.session_statements)


def session_statements(log_group_arn: str, key_arn: str) -> list[Statement]:
    """Return what the role of a task needs for the sessions of ECS Exec that its cluster keeps so."""
    return [
        open_sessions(),
        # Looking groups up has no resource.
        allow("FindLogGroup", ["logs:DescribeLogGroups"], "*"),
        allow(
            "LogSessions",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            f"{log_group_arn}:*",
        ),
        allow("DecryptSessions", DECRYPT, key_arn),
    ]
