"""The security groups of jobs and workers, and of the nodes that multi-node jobs run on.

Groups do not apply to Amazon's DNS resolver, the instance and task metadata or the time service: none needs a rule.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from constructs import Construct

from modules.vpc.cidr import INTERNET, INTERNET_IPV6
from modules.vpc.network_settings import MadeNetwork, NetworkSettings
from modules.vpc.placement_settings import ExistingSecurityGroup, NewSecurityGroup
from modules.vpc.security_group import empty_security_group, rule_between_groups
from modules.vpc.traffic_settings import HTTPS, Egress, PortRange

GATEWAY_SERVICES = {"dynamodb": "DynamoDB", "s3": "S3", "s3express": "S3 Express One Zone"}


@dataclass(frozen=True)
class Traffic:
    """What workloads reach, and on which ports any of them calls any other, each by a name of its own.

    ``accounts`` has other accounts by the service whose resources workloads use there, ``bucket_arns`` buckets.
    ``ipv6``: what reaches all of IPv4 reaches all of IPv6.
    """

    egress: Mapping[str, Egress] = field(default_factory=dict)
    ports_between: Mapping[str, PortRange] = field(default_factory=dict)
    accounts: Mapping[str, Collection[str]] = field(default_factory=dict)
    bucket_arns: Collection[str] = ()
    ipv6: bool = False

    def beside(self, settings: NetworkSettings) -> "Traffic":
        """Return this with what ``settings`` let through."""
        return replace(
            self,
            egress={**settings.usual_egress, **settings.egress, **self.egress},
            ipv6=isinstance(settings, MadeNetwork) and settings.ipv6,
            ports_between={**settings.ports_between_workloads, **self.ports_between},
        )


class WorkloadRules(Construct):
    """Define the rules of a group that was empty: it lets in and out what ``traffic`` says, and nothing else."""

    def __init__(self, scope: Construct, id_: str, *, security_group_id: str, traffic: Traffic | None = None) -> None:
        super().__init__(scope, id_)
        self._security_group_id = security_group_id
        traffic = traffic or Traffic()
        for name, item in traffic.egress.items():
            for cidr_block in item.cidr_blocks:
                id_ = f"{name}-{cidr_block.replace('/', '-')}" if len(item.cidr_blocks) > 1 else name
                self._let_out(id_, item, f"Egress {name}", cidr_ipv4=cidr_block)
            if traffic.ipv6 and INTERNET in item.cidr_blocks:
                self._let_out(f"{name}-ipv6", item, f"Egress {name}", cidr_ipv6=INTERNET_IPV6)
        for name, ports in traffic.ports_between.items():
            self._between_members(f"members-{name}", ports, f"Between workloads: {name}")

    def allow_between_nodes(self) -> None:
        """Open every port between members: the nodes of a job find each other on ports that MPI and NCCL choose.

        EFA needs both directions with the group itself as the other side; a range does not let its traffic out.
        """
        self._between_members("members", None, "Between the nodes of a job")

    def allow_to_gateway(self, service: str, prefix_list_id: str) -> None:
        """Let members reach a service whose gateway endpoint keeps its public addresses."""
        description = f"{GATEWAY_SERVICES[service]} through its gateway endpoint"
        self._let_out(service, PortRange(from_port=HTTPS), description, prefix_list_id=prefix_list_id)

    def _let_out(self, id_: str, ports: PortRange, description: str, **to: str) -> None:
        VpcSecurityGroupEgressRule(
            self,
            f"egress-{id_}",
            security_group_id=self._security_group_id,
            ip_protocol=ports.protocol,
            from_port=ports.from_port,
            to_port=ports.last_port,
            description=description,
            **to,
        )

    def _between_members(self, id_: str, ports: PortRange | None, description: str) -> None:
        for direction in ("ingress", "egress"):
            rule_between_groups(
                self,
                f"{direction}-{id_}",
                direction,
                group_id=self._security_group_id,
                other_group_id=self._security_group_id,
                ports=ports,
                description=description,
            )


class WorkloadSecurityGroup(Construct):
    """Define the group itself, with its ``rules``. ``security_group_id`` is a token."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        vpc_id: str,
        description: str = "Jobs and workers",
        traffic: Traffic | None = None,
    ) -> None:
        super().__init__(scope, id_)
        group = empty_security_group(self, name=name, vpc_id=vpc_id, description=description)
        self.security_group_id: str = group.id
        self.rules = WorkloadRules(self, "rules", security_group_id=group.id, traffic=traffic)


def define_node_group(scope: Construct, *, name: str, vpc_id: str) -> str:
    """Define the group that nodes of multi-node jobs have beside that of all workloads, and return its id."""
    group = WorkloadSecurityGroup(
        scope, "node-security-group", name=f"{name}-nodes", vpc_id=vpc_id, description="Nodes of multi-node jobs"
    )
    group.rules.allow_between_nodes()
    return group.security_group_id


def define_named_groups(scope: Construct, *, name: str, vpc_id: str, settings: NetworkSettings) -> dict[str, str]:
    """Return the ids of the network's ``security_groups``, of which those that are new are defined, by name."""
    made = Construct(scope, "security_groups") if settings.new_security_groups else scope
    ids = {}
    for group_name, item in sorted(settings.security_groups.items()):
        match item:
            case ExistingSecurityGroup():
                ids[group_name] = item.security_group_id
            case NewSecurityGroup():
                group = WorkloadSecurityGroup(
                    made,
                    group_name,
                    name=f"{name}-{group_name}",
                    vpc_id=vpc_id,
                    description=f"Workloads that have {group_name}",
                    traffic=Traffic(egress=item.egress, ipv6=isinstance(settings, MadeNetwork) and settings.ipv6),
                )
                ids[group_name] = group.security_group_id
    return ids
