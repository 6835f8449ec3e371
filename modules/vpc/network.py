"""What workloads need to know of the network they run in, be it made here or existing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cdktf import TerraformResource, TerraformStack
from constructs import Construct

from modules.vpc.settings import ExistingNetwork


@dataclass(frozen=True)
class Network:
    """The place that jobs and workers run in. Every id may be a token; each stands for one resource, never for a list.

    ``assign_public_ip``: a Fargate task reaches nothing without a public address. EC2 capacity gets its address from
    the subnet. ``connections``: routes, endpoints and rules, without which what runs there reaches nothing.
    ``zonal_subnet_ids``: one of ``subnet_ids`` in each zone, empty: all of them. ``load_balancer_subnet_ids``: one in
    each zone, empty: those of ``zonal_subnet_ids``.
    ``node_group_ids`` gives what nodes of multi-node jobs have more; it is asked where there are nodes, so that a stack
    reads nothing that it does not use. ``has_own_group``: the one of ``security_group_ids`` was made for workloads, and
    gets rules from what they reach.
    """

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    assign_public_ip: bool = False
    connections: tuple[TerraformResource, ...] = ()
    zonal_subnet_ids: tuple[str, ...] = ()
    load_balancer_subnet_ids: tuple[str, ...] = ()
    node_group_ids: Callable[[], tuple[str, ...]] = tuple
    has_own_group: bool = False

    def __post_init__(self) -> None:
        zonal = self.zonal_subnet_ids or self.subnet_ids
        object.__setattr__(self, "zonal_subnet_ids", zonal)
        object.__setattr__(self, "load_balancer_subnet_ids", self.load_balancer_subnet_ids or zonal)

    @property
    def own_group_ids(self) -> tuple[str, ...]:
        """The groups that get rules from what workloads reach."""
        return self.security_group_ids if self.has_own_group else ()

    def for_nodes(self) -> "Network":
        """Return the network as the nodes of multi-node jobs have it."""
        return replace(self, security_group_ids=(*self.security_group_ids, *self.node_group_ids()))

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
            zonal_subnet_ids=settings.zonal_subnet_ids,
            load_balancer_subnet_ids=tuple(settings.load_balancer_subnet_ids),
        )
