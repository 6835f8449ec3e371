"""Services: tasks that ECS keeps running. Those that follow a queue are in ``queue_workers``.

Source: CreateService in the ECS API reference, read from botocore's model.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from modules.ecs.names import hook_role_name, infrastructure_role_name
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
from modules.ecs.settings.tasks import Ec2Task, FargateTask, InCluster
from modules.iam.role_settings import RoleArn
from modules.markers import RefersTo, Replaces
from modules.names import PhysicalName
from modules.naming import AwsLocation, ShortName, Tags
from modules.problems import Problem, format_value
from modules.settings import Distinct


class ServiceSettings(InCluster, abstract=True):
    """What every service has."""

    cluster: Annotated[ShortName, RefersTo("clusters"), Replaces("service")]
    """one of clusters [one of the environment's clusters; required; a change replaces the service]"""
    execute_command: bool = False
    """True: principals that may use ECS Exec can open a shell in its containers [default False]"""
    wait_for_steady_state: bool = False
    """True: an apply ends when the deployment has, and fails if it has failed [default False]"""
    tags: Tags = Field(default_factory=dict)
    """on the service and its tasks [at most 46 entries; each name 1 to 128 characters; each value at most 256
    characters; default empty]"""

    def names(self, name: str, location: AwsLocation) -> Iterator[PhysicalName]:
        """Yield the names of the service and its task definition."""
        yield PhysicalName("service", name)
        yield from super().names(name, location)

    def check_execute_command(self) -> Iterator[Problem]:
        """Check that a shell can be opened where one is asked for."""
        for name, container in self.task.containers.items():
            if self.execute_command and container.read_only_root_filesystem:
                path = f"task.containers.{name}.read_only_root_filesystem"
                yield self.problem(path, "be False with execute_command", "ECS Exec writes into the container")

    def production_problems(self) -> Iterator[Problem]:
        """As for all settings; but ECS Exec, where it is asked for, needs containers that it can write to."""
        for problem in super().production_problems():
            if not (self.execute_command and problem.path.endswith(".read_only_root_filesystem")):
                yield problem

    def ports(self) -> dict[str, Port]:
        """Return all ports of the task's containers, by name."""
        return {name: port for item in self.task.containers.values() for name, port in item.ports.items()}


class ReplicaService(ServiceSettings):
    """A number of tasks that are all alike: an API, a model server, a worker without a queue."""

    tasks: TaskCount
    """how many, FixedTasks or ScaledTasks [required]"""
    deployment: DeploymentSettings = Field(default_factory=RollingDeployment)
    """how a new revision takes over from the old [default RollingDeployment()]"""
    load_balancing: LoadBalancing | None = None
    """None: it is not reachable from outside [default None]"""
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
        """Yield also those of its load balancer and scaling, and of the roles with which ECS works for it."""
        yield from super().names(name, location)
        if isinstance(self.load_balancing, MadeLoadBalancer):
            yield PhysicalName("load balancer", name)
            yield PhysicalName("security group", f"{name}-load-balancer")
        if self._needs_infrastructure_role and self.infrastructure_role_arn is None:
            yield PhysicalName("role", infrastructure_role_name(name))
        deployment = self.deployment
        if isinstance(deployment, ShiftedDeployment) and deployment.lifecycle_hooks and not deployment.hook_role_arn:
            yield PhysicalName("role", hook_role_name(name))
        for item in self.tasks.names(name, location):
            yield replace(item, path=f"tasks.{item.path}" if item.path else "")

    @property
    def _needs_infrastructure_role(self) -> bool:
        return self.ebs_volume is not None or isinstance(self.deployment, ShiftedDeployment)

    def check_infrastructure_role(self) -> Iterator[Problem]:
        """Check that ECS has something to do with the role."""
        if self.infrastructure_role_arn is not None and not self._needs_infrastructure_role:
            rule = "be left out where ebs_volume is not given and deployment shifts no traffic"
            yield self.problem("infrastructure_role_arn", rule, "ECS would not use it")

    def check_ports(self) -> Iterator[Problem]:
        """Check that callers are sent to ports that containers have."""
        ports = self.ports()
        for path, name, caller, protocol in self._called_ports():
            if name not in ports:
                known = ", ".join(sorted(ports)) or "there is none"
                yield self.problem(path, "name a port of the task's containers", fix=f"known: {known}")
            elif ports[name].protocol != protocol:
                got = f"{name!r}, a {ports[name].protocol} one"
                yield Problem(path, f"name a {protocol} port", got, f"{caller} does not support the other protocol")

    def _called_ports(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield each setting that names a port, with that name, who calls it and over which protocol."""
        if balancing := self.load_balancing:
            yield "load_balancing.port", balancing.port, "the load balancer", balancing.port_protocol
            setting, checked_port = balancing.checked_port
            if checked_port is not None:
                yield f"load_balancing.{setting}", checked_port, "a health check", "tcp"
        if isinstance(self.discovery, ServiceConnect) and self.discovery.port is not None:
            yield "discovery.port", self.discovery.port, "Service Connect", "tcp"

    def check_request_timeout(self) -> Iterator[Problem]:
        """Check that Service Connect knows what a request is where one may take only so long."""
        if not isinstance(self.discovery, ServiceConnect) or self.discovery.per_request_timeout_seconds is None:
            return
        name, ports = self.discovery.port, self.ports()
        if name in ports and ports[name].application_protocol is None:
            rule = f"be left out where port {name} has no application_protocol"
            reason, fix = "plain TCP has no requests", "say http, http2 or grpc there"
            yield self.problem("discovery.per_request_timeout_seconds", rule, reason, fix)

    def check_addresses(self) -> Iterator[Problem]:
        """Check that tasks which are called have addresses."""
        addressed = self.load_balancing or self.discovery
        if addressed and isinstance(self.task, Ec2Task) and self.task.network_mode != "awsvpc":
            reason = "clients reach each task at its own IP address"
            yield self.problem("task.network_mode", "be awsvpc with load_balancing or discovery", reason)

    def check_traffic(self) -> Iterator[Problem]:
        """Check what shifting traffic needs."""
        if not isinstance(self.deployment, ShiftedDeployment):
            return
        if self.load_balancing is None:
            rule = "be a RollingDeployment without load_balancing"
            yield self.problem("deployment", rule, "there is no traffic to shift")
        if isinstance(self.load_balancing, ExistingTargetGroup):
            rule = "be a RollingDeployment with an ExistingTargetGroup"
            reason = "a listener rule shifts traffic between two target groups, which this environment does not own"
            yield self.problem("deployment", rule, reason, "use an ExistingListener")

    def check_requests_per_task(self) -> Iterator[Problem]:
        """Check that somebody counts the requests that the number of tasks follows."""
        if not isinstance(self.tasks, ScaledTasks) or self.tasks.requests_per_task is None:
            return
        path, balancing = "tasks.requests_per_task", self.load_balancing
        if isinstance(balancing, ExistingTargetGroup) and balancing.load_balancer_arn is None:
            reason = "the metric is identified by load balancer and target group"
            yield self.problem("load_balancing.load_balancer_arn", f"be given for {path}", reason)
        if balancing is None:
            yield self.problem(path, "be left out without load_balancing", "the load balancer counts requests")
        elif isinstance(balancing, OwnNetworkLoadBalancer):
            rule, reason = "be left out with an OwnNetworkLoadBalancer", "it counts connections, not requests"
            yield self.problem(path, rule, reason, "use cpu_percent")
        elif isinstance(self.deployment, ShiftedDeployment):
            rule = f"be left out with a {type(self.deployment).__name__}"
            reason = "requests are counted for one target group, and the deployment uses two"
            yield self.problem(path, rule, reason, "use cpu_percent")

    def check_placement(self) -> Iterator[Problem]:
        """Check that only instances are chosen among."""
        reason = "Fargate has no instances to choose from"
        if isinstance(self.task, FargateTask) and self.placement:
            yield Problem("placement", "be left out on Fargate", format_value(len(self.placement)), reason)
        if isinstance(self.task, FargateTask) and self.distinct_instances:
            yield self.problem("distinct_instances", "be False on Fargate", reason)

    def check_ebs_volume(self) -> Iterator[Problem]:
        """Check that what is mounted is there, and the other way round."""
        if self.ebs_volume is None and self.task.has_ebs_volume:
            yield self.problem("ebs_volume", "be given where a container mounts it", "there would be nothing to mount")
        if self.ebs_volume is not None and not self.task.has_ebs_volume:
            yield self.problem("ebs_volume", "be left out where no container mounts it", fix="add an EbsVolumeMount")


class DaemonService(ServiceSettings):
    """One task on each instance of the cluster: an agent, a cache."""

    def check_daemon(self) -> Iterator[Problem]:
        """Check that there are instances."""
        if isinstance(self.task, FargateTask):
            reason = "a daemon service runs on container instances only"
            yield self.problem("task", "be an Ec2Task in a DaemonService", reason)
        if self.capacity:
            rule, reason = "be left out in a DaemonService", "a daemon service runs on every container instance"
            yield Problem("capacity", rule, format_value(len(self.capacity)), reason)
