"""Services: tasks that ECS keeps running. Those that follow a queue are in ``queue_workers``.

Source: CreateService in the ECS API reference, read from botocore's model.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.ecs.names import hook_role_name, infrastructure_role_name
from modules.ecs.settings.capacity import MAX_SHARES, CapacityShare, strategy_problems
from modules.ecs.settings.containers import Port
from modules.ecs.settings.deployments import DeploymentSettings, RollingDeployment, ShiftedDeployment
from modules.ecs.settings.exposure import (
    DiscoverySettings,
    ExistingTargetGroup,
    LoadBalancing,
    MadeLoadBalancer,
    ServiceConnect,
)
from modules.ecs.settings.network_load_balancers import OwnNetworkLoadBalancer
from modules.ecs.settings.placement import EbsVolume, PlacementStrategy
from modules.ecs.settings.scaling import ScaledTasks, TaskCount
from modules.ecs.settings.tasks import Ec2Task, FargateTask, TaskSettings, interface_problems
from modules.iam.role_settings import RoleArn
from modules.markers import RefersTo, Replaces
from modules.named_settings import NamedSettings
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, skip_if_invalid
from modules.vpc.placement_settings import NetworkPlacement


class ServiceSettings(NamedSettings, NetworkPlacement, abstract=True):
    """What every service has."""

    cluster: Annotated[ShortName, RefersTo("clusters"), Replaces("service")]
    """one of clusters [one of the environment's clusters; required; a change replaces the service]"""
    task: TaskSettings
    """what it runs, a FargateTask or an Ec2Task [required]"""
    capacity: Sequence[CapacityShare] = Field(default=(), max_length=MAX_SHARES)
    """where it runs; empty: as the cluster's default_capacity says [at most 20 items; default empty]"""
    execute_command: bool = False
    """True: a shell in its containers for anybody who may use ECS Exec [default False]"""
    wait_for_steady_state: bool = False
    """True: an apply ends when the deployment has, and fails if it has failed [default False]"""
    tags: Tags = Field(default_factory=dict)
    """on the service and its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the service and its task definition."""
        yield PhysicalName("service", name)
        yield from self.task.names(name, location)

    def check_service(self) -> Iterator[Problem]:
        """Check what holds for every kind of service."""
        yield from skip_if_invalid(strategy_problems("capacity", self.capacity))
        yield from skip_if_invalid(interface_problems(self.task, self))

    def check_execute_command(self) -> Iterator[Problem]:
        """Check that a shell can be opened where one is asked for."""
        for name, container in self.task.all_containers().items():
            if self.execute_command and container.read_only_root_filesystem:
                yield Problem(
                    f"task.containers.{name}.read_only_root_filesystem",
                    "be False with execute_command",
                    "True",
                    "ECS Exec writes into the container",
                )

    def check_ebs_volume(self) -> Iterator[Problem]:
        """Check that what is mounted is there, and the other way round."""
        if self.task.has_ebs_volume:
            yield Problem("task", "mount no EBS volume", "an EbsVolumeMount", "only a ReplicaService has an ebs_volume")

    def production_problems(self) -> Iterator[Problem]:
        """As for all settings; but ECS Exec, where it is asked for, needs containers that it can write to."""
        for problem in super().production_problems():
            if not (self.execute_command and problem.path.endswith(".read_only_root_filesystem")):
                yield problem

    def ports(self) -> dict[str, Port]:
        """Return all ports of the task's containers, by name."""
        return {name: port for item in self.task.all_containers().values() for name, port in item.ports.items()}


class ReplicaService(ServiceSettings):
    """A number of tasks that are all alike: an API, a model server, a worker without a queue."""

    tasks: TaskCount
    """how many, FixedTasks or ScaledTasks [required]"""
    deployment: DeploymentSettings = Field(default_factory=RollingDeployment)
    """how a new revision takes over from the old [default RollingDeployment()]"""
    load_balancing: LoadBalancing | None = None
    """None: nobody calls it from outside [default None]"""
    discovery: DiscoverySettings | None = None
    """None: no other service finds it; DnsDiscovery gives tasks of both revisions while a deployment shifts traffic, so
    only what comes through the load balancer is shifted [default None]"""
    placement: Distinct[PlacementStrategy] = Field(default=(), max_length=5)
    """on EC2; empty: over zones, then on as few instances as possible [at most 5 items; default empty]"""
    distinct_instances: bool = False
    """True: on EC2, no two of its tasks on one instance [default False]"""
    ebs_volume: EbsVolume | None = None
    """None: none; a container mounts it with EbsVolumeMount [default None]"""

    infrastructure_role_arn: RoleArn | None = None
    """None: one is made where ECS needs one, to shift traffic or attach ebs_volume; else a role that exists, to which
    nothing is granted: the output role_policies says what it needs [at most 2,048 characters; default None]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield also those of its load balancer, and of the role with which ECS works for it."""
        yield from super().names(name, location)
        if isinstance(self.load_balancing, MadeLoadBalancer):
            yield PhysicalName("load balancer", name)
            yield PhysicalName("security group", f"{name}-load-balancer")
        if self._needs_infrastructure_role and self.infrastructure_role_arn is None:
            yield PhysicalName("role", infrastructure_role_name(name))
        deployment = self.deployment
        if isinstance(deployment, ShiftedDeployment) and deployment.lifecycle_hooks and not deployment.hook_role_arn:
            yield PhysicalName("role", hook_role_name(name))

    @property
    def _needs_infrastructure_role(self) -> bool:
        return self.ebs_volume is not None or isinstance(self.deployment, ShiftedDeployment)

    def check_infrastructure_role(self) -> Iterator[Problem]:
        """Check that ECS has something to do with the role."""
        if self.infrastructure_role_arn is not None and not self._needs_infrastructure_role:
            yield self.problem(
                "infrastructure_role_arn",
                "be left out where neither deployment shifts traffic nor ebs_volume is given",
                "ECS would not use it",
            )

    def check_ports(self) -> Iterator[Problem]:
        """Check that callers are sent to ports that containers have."""
        connect = self.discovery if isinstance(self.discovery, ServiceConnect) else None
        ports = self.ports()
        checked, checked_port = self.load_balancing.checked_port if self.load_balancing else ("", None)
        for path, name, caller, wanted in (
            (
                "load_balancing.port",
                self.load_balancing.port if self.load_balancing else None,
                "the load balancer",
                self.load_balancing.port_protocol if self.load_balancing else "",
            ),
            (f"load_balancing.{checked}", checked_port, "a health check", "tcp"),
            ("discovery.port", connect.port if connect else None, "Service Connect", "tcp"),
        ):
            if name is not None and name not in ports:
                known = ", ".join(sorted(ports)) or "there is none"
                yield Problem(path, "name a port of the task's containers", repr(name), fix=f"known: {known}")
            elif name is not None and ports[name].protocol != wanted:
                got = f"{name!r}, a {ports[name].protocol} one"
                yield Problem(path, f"name a {wanted} port", got, f"{caller} takes no other protocol here")
        if connect and connect.port in ports and connect.per_request_timeout_seconds is not None:
            protocol = ports[connect.port].application_protocol
            if protocol is None:
                yield Problem(
                    "discovery.per_request_timeout_seconds",
                    f"be left out where port {connect.port} has no application_protocol",
                    format_value(connect.per_request_timeout_seconds),
                    "plain tcp has no requests",
                    "say http, http2 or grpc there",
                )
        addressed = self.load_balancing or self.discovery
        if addressed and isinstance(self.task, Ec2Task) and self.task.network_mode != "awsvpc":
            yield self.problem(
                "task.network_mode",
                "be awsvpc with load_balancing or discovery",
                "callers reach each task at an address of its own",
            )

    def check_traffic(self) -> Iterator[Problem]:
        """Check what shifting traffic needs."""
        shifted = isinstance(self.deployment, ShiftedDeployment)
        if shifted and self.load_balancing is None:
            yield self.problem(
                "deployment", "be a RollingDeployment without load_balancing", "there is no traffic to shift"
            )
        theirs = self.load_balancing if isinstance(self.load_balancing, ExistingTargetGroup) else None
        if shifted and theirs:
            yield self.problem(
                "deployment",
                "be a RollingDeployment with an ExistingTargetGroup",
                "traffic is shifted between two target groups by a rule, and both are its owner's",
                "use an ExistingListener",
            )
        scaled = self.tasks if isinstance(self.tasks, ScaledTasks) else None
        if scaled and scaled.requests_per_task is not None and theirs and theirs.load_balancer_arn is None:
            reason = "its requests are counted by load balancer and group"
            yield Problem("load_balancing.load_balancer_arn", "be given for tasks.requests_per_task", None, reason)
        if scaled and scaled.requests_per_task is not None:
            if self.load_balancing is None:
                yield Problem(
                    "tasks.requests_per_task",
                    "be left out without load_balancing",
                    format_value(scaled.requests_per_task),
                    "it is the load balancer that counts requests",
                )
            elif isinstance(self.load_balancing, OwnNetworkLoadBalancer):
                yield Problem(
                    "tasks.requests_per_task",
                    "be left out with an OwnNetworkLoadBalancer",
                    format_value(scaled.requests_per_task),
                    "it sees connections, not requests",
                    fix="use cpu_percent",
                )
            elif shifted:
                yield Problem(
                    "tasks.requests_per_task",
                    f"be left out with a {type(self.deployment).__name__}",
                    format_value(scaled.requests_per_task),
                    "requests are counted for one target group, and traffic moves between two",
                    fix="use cpu_percent",
                )

    def check_placement(self) -> Iterator[Problem]:
        """Check that only instances are chosen among."""
        if isinstance(self.task, FargateTask):
            if self.placement:
                yield Problem(
                    "placement",
                    "be left out on Fargate",
                    format_value(len(self.placement)),
                    "Fargate has no instances to choose from",
                )
            if self.distinct_instances:
                yield self.problem(
                    "distinct_instances", "be False on Fargate", "Fargate has no instances to choose from"
                )

    def check_ebs_volume(self) -> Iterator[Problem]:
        """Check that what is mounted is there, and the other way round."""
        if self.ebs_volume is None and self.task.has_ebs_volume:
            yield self.problem(
                "ebs_volume", "be given where a container mounts it", "otherwise there is no volume to mount"
            )
        if self.ebs_volume is not None and not self.task.has_ebs_volume:
            yield self.problem("ebs_volume", "be left out where no container mounts it", fix="add an EbsVolumeMount")


class DaemonService(ServiceSettings):
    """One task on each instance of the cluster: an agent, a cache."""

    def check_daemon(self) -> Iterator[Problem]:
        """Check that there are instances."""
        if isinstance(self.task, FargateTask):
            yield self.problem(
                "task", "be an Ec2Task in a DaemonService", "a daemon service runs on container instances only"
            )
        if self.capacity:
            yield Problem(
                "capacity",
                "be left out in a DaemonService",
                format_value(len(self.capacity)),
                "a daemon service runs on every container instance",
            )
