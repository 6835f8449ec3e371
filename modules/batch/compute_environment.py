"""What every compute environment has in common: ``aws_batch_compute_environment`` and how it is replaced.

A queue cannot be without an environment, and an environment in a queue cannot go. So a new one is made first, under a
name of its own; the queue moves over; the old one goes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import Fn, ITerraformDependable, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.batch_compute_environment import BatchComputeEnvironment
from constructs import Construct

from modules import arns
from modules.batch.capacity_rules import public_address_problems, subnet_problems, update_policy_problems
from modules.batch.settings.any_compute_environments import (
    NETWORK_DIGEST_LENGTH,
    AnyComputeEnvironmentSettings,
    ComputeEnvironmentSettings,
    OwnServiceRole,
    service_role_name,
)
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.defaults import default_location, default_name
from modules.iam.existing_role import define_role
from modules.iam.workload_role import WorkloadRole
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import SettingsError
from modules.resources import Resources
from modules.vpc.network import Network


class JobCapacity(Construct):
    """Base of compute environments, made or somebody else's, as job queues see them. Each text may be a token."""

    settings: AnyComputeEnvironmentSettings
    compute_environment_arn: str
    compute_environment_name: str
    ecs_cluster_arn: str | None = None
    assign_public_ip = False

    @classmethod
    def from_existing(cls, scope: Construct, id_: str, *, settings: ExistingComputeEnvironment) -> "JobCapacity":
        """Return somebody else's compute environment, of which nothing is made."""
        capacity = JobCapacity(scope, id_)
        capacity.settings, capacity.ecs_cluster_arn = settings, settings.ecs_cluster_arn
        capacity.compute_environment_arn = settings.compute_environment_arn
        capacity.compute_environment_name = settings.own_name
        return capacity


class ComputeEnvironment(JobCapacity):
    """Base of the kinds of environment that are made. A replacement changes ``compute_environment_arn``.

    ``tags`` go onto instances and their volumes; ``resources`` has what the access of instances names. Fargate uses
    neither.
    """

    settings: ComputeEnvironmentSettings

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ComputeEnvironmentSettings,
        network: Network,
        name: str | None = None,
        location: AwsLocation | None = None,
        tags: Mapping[str, str] | None = None,
        resources: Resources | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings, self.network = settings, network
        self._tags, self._resources = tags or {}, resources or Resources()
        self.assign_public_ip = network.assign_public_ip
        self.name, self.location = default_name(scope, id_, name), default_location(scope, location)
        problems = [
            *update_policy_problems(settings, self.location),
            *subnet_problems(settings, len(network.subnet_ids)),
            *public_address_problems(settings, public=network.assign_public_ip),
        ]
        if problems:
            raise SettingsError(self.node.path, problems)
        require_name("compute environment", settings.name_prefix(self.name))
        self._define()

    def _define(self) -> None:
        """Define what this kind of environment is made of."""
        raise NotImplementedError

    def _define_environment(
        self, *, type_: str, depends_on: Sequence[ITerraformDependable] = (), **arguments: Any
    ) -> BatchComputeEnvironment:
        """Define the resource. Without a service role: the account's service-linked one, which allows most updates."""
        settings, service_role = self.settings, self._service_role()
        dependencies = [*depends_on, *(service_role.permissions if service_role else ())]
        environment = BatchComputeEnvironment(
            self,
            "Resource",
            name_prefix=settings.name_prefix(self.name, _digest(self.network)),
            type=type_,
            state="ENABLED" if settings.enabled else "DISABLED",
            service_role=service_role.role_arn if service_role else None,
            tags=settings.tags or None,
            depends_on=dependencies or None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            **arguments,
        )
        self.compute_environment_arn = environment.arn
        self.compute_environment_name = environment.name
        self.ecs_cluster_arn = environment.ecs_cluster_arn
        return environment

    def _service_role(self) -> WorkloadRole | None:
        """Return a role for Batch to manage the capacity with, where it is not the account's service-linked one.

        The environment must depend on its permissions: without these Batch cannot delete it, and it stays DELETING.
        """
        settings = self.settings
        if not (isinstance(settings, OwnServiceRole) and settings.has_own_service_role):
            return None
        role = define_role(
            Construct(self, "service-role"),
            "Resource",
            name=service_role_name(self.name),
            services=["batch.amazonaws.com"],
            account_id=self.location.account_id,
            description=f"Batch, to manage {self.name}",
            role_arn=settings.service_role_arn,
        )
        role.attach_managed_policy("batch", arns.aws_policy(self.location, "service-role/AWSBatchServiceRole"))
        return role


def _digest(network: Network) -> str:
    """Return what changes with subnets and security groups, which only Terraform knows."""
    places = Fn.jsonencode([list(network.subnet_ids), list(network.all_group_ids)])
    return Token.as_string(Fn.substr(Fn.sha1(places), 0, NETWORK_DIGEST_LENGTH))
