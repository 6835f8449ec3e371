"""What every compute environment has in common: ``aws_batch_compute_environment`` and how it is replaced.

A queue cannot be without an environment, and an environment in a queue cannot go. So a new one is made first, under a
name of its own; the queue moves over; the old one goes.
"""

from collections.abc import Sequence
from typing import Any

from cdktf import Fn, ITerraformDependable, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.batch_compute_environment import BatchComputeEnvironment
from constructs import Construct

from modules.batch.capacity_rules import public_address_problems, subnet_problems, update_policy_problems
from modules.batch.service_role import ServiceRole
from modules.batch.settings.compute_environments import (
    NETWORK_DIGEST_LENGTH,
    AnyComputeEnvironmentSettings,
    ComputeEnvironmentSettings,
    OwnServiceRole,
)
from modules.batch.settings.existing_compute_environments import ExistingComputeEnvironment
from modules.defaults import default_location, default_name
from modules.names import require_name
from modules.naming import AwsLocation
from modules.problems import SettingsError
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
        capacity.compute_environment_name = settings.compute_environment_name
        return capacity


class ComputeEnvironment(JobCapacity):
    """Base of the kinds of environment that are made. A replacement changes ``compute_environment_arn``."""

    settings: ComputeEnvironmentSettings

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ComputeEnvironmentSettings,
        network: Network,
        name: str | None,
        location: AwsLocation | None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings, self.network = settings, network
        self.assign_public_ip = network.assign_public_ip
        self.name, self.location = default_name(scope, id_, name), default_location(scope, location)
        problems = [
            *update_policy_problems(settings, self.location),
            *subnet_problems(settings, len(network.subnet_ids)),
            *public_address_problems(settings, public=network.assign_public_ip),
        ]
        if problems:
            raise SettingsError(self.node.path, problems)

    def _define(
        self,
        *,
        type_: str,
        service_role: ServiceRole | None,
        depends_on: Sequence[ITerraformDependable] = (),
        **arguments: Any,
    ) -> BatchComputeEnvironment:
        """Define the resource. ``service_role`` None: the account's service-linked role, which allows most updates."""
        settings = self.settings
        require_name("compute environment", settings.name_prefix(self.name))
        dependencies = [*depends_on, *(service_role.attachments if service_role else ())]
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

    def _service_role(self) -> ServiceRole | None:
        settings = self.settings
        if not (isinstance(settings, OwnServiceRole) and settings.has_own_service_role):
            return None
        arn = settings.service_role_arn
        return ServiceRole(self, "service-role", name=self.name, location=self.location, role_arn=arn)


def _digest(network: Network) -> str:
    """Return what changes with subnets and security groups, which only Terraform knows."""
    places = Fn.jsonencode([list(network.subnet_ids), list(network.all_group_ids)])
    return Token.as_string(Fn.substr(Fn.sha1(places), 0, NETWORK_DIGEST_LENGTH))
