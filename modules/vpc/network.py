"""What workloads need to know of the network they run in, whoever made it."""

from dataclasses import dataclass

from cdktf import TerraformResource, TerraformStack
from constructs import Construct

from modules.vpc.settings import ExistingNetwork


@dataclass(frozen=True)
class Network:
    """The place that jobs and workers run in. Every id may be a token; each stands for one resource, never for a list.

    ``assign_public_ip``: a Fargate task reaches nothing without a public address. EC2 capacity gets its address from
    the subnet. ``connections``: routes, endpoints and rules, without which what runs there reaches nothing.
    """

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    assign_public_ip: bool = False
    connections: tuple[TerraformResource, ...] = ()

    def connections_for(self, workload: Construct) -> list[TerraformResource]:
        """Return what must be there before ``workload`` starts and after it is gone; in another stack it always is."""
        stack = TerraformStack.of(workload)
        return [item for item in self.connections if item.cdktf_stack is stack]

    @classmethod
    def from_existing(cls, settings: ExistingNetwork) -> "Network":
        """Return a network that somebody else owns, without security groups if ``settings`` has none."""
        return cls(
            vpc_id=settings.vpc_id,
            subnet_ids=tuple(settings.subnet_ids),
            security_group_ids=tuple(settings.security_group_ids),
            assign_public_ip=settings.assign_public_ip,
        )
