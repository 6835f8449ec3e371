"""What workloads need to know of the network they run in, be it made here or existing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cdktf import TerraformResource, TerraformStack
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from modules.vpc.placement_settings import ExistingSecurityGroup, NetworkPlacement
from modules.vpc.settings import ExistingNetwork

# What connects a network: workloads in it reach nothing before these are there, or once they are gone.
CONNECTIONS = (Route, RouteTableAssociation, VpcEndpoint, VpcSecurityGroupEgressRule, VpcSecurityGroupIngressRule)


@dataclass(frozen=True)
class Network:
    """The place that jobs and workers run in. Every id may be a token; each stands for one resource, never for a list.

    ``assign_public_ip``: a Fargate task reaches nothing without a public address. EC2 capacity gets its address from
    the subnet. ``connections``: routes, endpoints and rules, without which what runs there reaches nothing.
    ``zonal_subnet_ids``: one of ``subnet_ids`` in each zone, empty: all of them. ``public_subnet_ids`` gives those of
    load balancers that the internet reaches, none: they are among the others; ``node_group_ids`` gives what nodes of
    multi-node jobs have more. These and ``vpc_id`` are asked where there is a use: a stack reads nothing without one.
    ``subnet_names`` are what settings call ``subnet_ids``, in the same order, and ``named_groups`` has the groups that
    settings name, of which what ``placed`` returns has some as ``added_group_ids``. ``nat_gateway_ids`` are by zone, of
    those that were made here. ``has_ipv6``: all subnets have it.
    ``has_own_group``: the one of ``security_group_ids`` was made for workloads, and gets rules from what they reach.
    """

    vpc_id: Callable[[], str]
    subnet_ids: tuple[str, ...]
    security_group_ids: tuple[str, ...]
    assign_public_ip: bool = False
    connections: tuple[TerraformResource, ...] = ()
    zonal_subnet_ids: tuple[str, ...] = ()
    public_subnet_ids: Callable[[], tuple[str, ...]] = tuple
    node_group_ids: Callable[[], tuple[str, ...]] = tuple
    nat_gateway_ids: Mapping[str, str] = field(default_factory=dict)
    has_own_group: bool = False
    subnet_names: tuple[str, ...] = ()
    named_groups: Mapping[str, str] = field(default_factory=dict)
    added_group_ids: tuple[str, ...] = ()
    has_ipv6: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "zonal_subnet_ids", self.zonal_subnet_ids or self.subnet_ids)
        object.__setattr__(self, "subnet_names", self.subnet_names or self.subnet_ids)

    @property
    def own_group_ids(self) -> tuple[str, ...]:
        """The groups that get rules from what workloads reach."""
        return self.security_group_ids if self.has_own_group else ()

    @property
    def all_group_ids(self) -> tuple[str, ...]:
        """The groups that network interfaces get."""
        return tuple(dict.fromkeys((*self.security_group_ids, *self.added_group_ids)))

    def placed(self, settings: NetworkPlacement) -> "Network":
        """Return the network as something with ``settings`` has it; load balancers stay where they are."""
        names = settings.subnets or self.subnet_names
        subnets = {name: id_ for name, id_ in zip(self.subnet_names, self.subnet_ids, strict=True) if name in names}
        return replace(
            self,
            subnet_ids=tuple(subnets.values()),
            subnet_names=tuple(subnets),
            added_group_ids=tuple(self.named_groups[name] for name in settings.security_groups),
        )

    def load_balancer_subnet_ids(self, *, internal: bool) -> tuple[str, ...]:
        """Return one subnet in each zone for a load balancer."""
        return (() if internal else self.public_subnet_ids()) or self.zonal_subnet_ids

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
        public = tuple(settings.load_balancer_subnet_ids)
        return cls(
            vpc_id=lambda: settings.vpc_id,
            subnet_ids=tuple(settings.subnet_ids),
            security_group_ids=tuple(settings.security_group_ids),
            assign_public_ip=settings.assign_public_ip,
            zonal_subnet_ids=settings.zonal_subnet_ids,
            public_subnet_ids=(lambda: public) if public else tuple,
            named_groups={
                name: item.security_group_id
                for name, item in settings.security_groups.items()
                if isinstance(item, ExistingSecurityGroup)
            },
        )


def connections_in(scope: Construct) -> tuple[TerraformResource, ...]:
    """Return the routes, endpoints and rules that are defined below ``scope``."""
    return tuple(item for item in scope.node.find_all() if isinstance(item, CONNECTIONS))
