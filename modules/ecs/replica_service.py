"""A service that follows no queue: a number of tasks that are alike."""

from collections.abc import Sequence
from typing import Any, TypeVar

from cdktf_cdktf_provider_aws.ecs_service import (
    EcsServiceLoadBalancer,
    EcsServiceLoadBalancerAdvancedConfiguration,
    EcsServicePlacementConstraints,
    EcsServiceServiceConnectConfiguration,
    EcsServiceServiceConnectConfigurationLogConfiguration,
    EcsServiceServiceConnectConfigurationService,
    EcsServiceServiceConnectConfigurationServiceClientAlias,
    EcsServiceServiceConnectConfigurationServiceTimeout,
    EcsServiceServiceRegistries,
    EcsServiceVolumeConfiguration,
    EcsServiceVolumeConfigurationManagedEbsVolume,
)
from cdktf_cdktf_provider_aws.service_discovery_service import (
    ServiceDiscoveryService,
    ServiceDiscoveryServiceDnsConfig,
    ServiceDiscoveryServiceDnsConfigDnsRecords,
)
from constructs import Construct

from modules.defaults import require_all
from modules.ecs.callers import define_callers
from modules.ecs.deployment import LifecycleHooks, deployment_arguments
from modules.ecs.documents import EBS_VOLUME, LOG_STREAM_PREFIX
from modules.ecs.infrastructure_role import ATTACH_VOLUMES, SHIFT_TRAFFIC, InfrastructureRole
from modules.ecs.load_balancer import ServiceLoadBalancer
from modules.ecs.names import connect_name
from modules.ecs.service import Service, ServicePlacement, placement_arguments
from modules.ecs.settings.deployments import RollingDeployment, ShiftedDeployment
from modules.ecs.settings.exposure import DnsDiscovery, OwnLoadBalancer, ServiceConnect
from modules.ecs.settings.placement import PACK_BY_MEMORY, SPREAD_OVER_ZONES, EbsVolume, PlacementStrategy
from modules.ecs.settings.scaling import ScaledTasks
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import Ec2Task

Thing = TypeVar("Thing")


class Replicas(Service):
    """Define a service of tasks that are alike, with whatever others reach it by. ``load_balancer`` may be None."""

    _settings: ReplicaService

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ReplicaService,
        placement: ServicePlacement,
        name: str | None = None,
        deletion_protection: bool = False,
    ) -> None:
        super().__init__(scope, id_, name=name, settings=settings, placement=placement)
        shifted = isinstance(settings.deployment, ShiftedDeployment)
        self.load_balancer = self._load_balancer(two_groups=shifted, deletion_protection=deletion_protection)
        callers = define_callers(self, name=self.name, settings=settings, network=placement.network)
        role = self._infrastructure_role(shifted)
        hooks = self._hooks()
        scaled = settings.tasks if isinstance(settings.tasks, ScaledTasks) else None
        strategies = settings.placement or ([SPREAD_OVER_ZONES, PACK_BY_MEMORY] if self._is_placed else ())
        self._define(
            desired_count=scaled.min_tasks if scaled else settings.tasks.least_tasks,
            scaled=scaled is not None,
            depends_on=[
                *([self.load_balancer.rule] if self.load_balancer and self.load_balancer.rule else []),
                *(role.role.permissions if role else []),
                *(hooks.role.permissions if hooks else []),
            ],
            security_group_ids=[item.security_group_id for item in (self.load_balancer, callers) if item is not None],
            arguments={
                **self._strategy(),
                **deployment_arguments(settings.deployment, hooks.hooks if hooks else []),
                **placement_arguments(strategies),
                **self._traffic(role),
                **self._discovery(),
                **_ebs_volume(settings.ebs_volume, role),
                "availability_zone_rebalancing": "ENABLED" if _can_rebalance(settings, strategies) else "DISABLED",
                "placement_constraints": [EcsServicePlacementConstraints(type="distinctInstance")]
                if settings.distinct_instances
                else None,
            },
        )
        if scaled:
            self._scalable(scaled).follow_load(scaled, self.load_balancer.request_label if self.load_balancer else None)

    def _hooks(self) -> LifecycleHooks | None:
        deployment = self._settings.deployment
        if not isinstance(deployment, ShiftedDeployment) or not deployment.lifecycle_hooks:
            return None
        location, functions = self._placement.cluster.location, self._placement.functions
        return LifecycleHooks(self, name=self.name, deployment=deployment, functions=functions, location=location)

    def _load_balancer(self, *, two_groups: bool, deletion_protection: bool) -> ServiceLoadBalancer | None:
        balancing = self._settings.load_balancing
        if balancing is None:
            return None
        log = balancing.access_log_bucket if isinstance(balancing, OwnLoadBalancer) else None
        known = self._placement.task.resources.buckets
        ports = self._settings.ports()
        return ServiceLoadBalancer(
            self,
            "load-balancer",
            name=self.name,
            settings=balancing,
            port=ports[balancing.port].as_range,
            health_port=ports[balancing.checked_port[1] or balancing.port].as_range,
            network=self._placement.network,
            two_groups=two_groups,
            deletion_protection=deletion_protection,
            buckets=require_all(self, "buckets", [log] if log else [], known),
        )

    def _infrastructure_role(self, shifted: bool) -> InfrastructureRole | None:
        volume = self._settings.ebs_volume
        policies = {**(SHIFT_TRAFFIC if shifted else {}), **(ATTACH_VOLUMES if volume else {})}
        if not policies:
            return None
        role = InfrastructureRole(
            self,
            "infrastructure-role",
            name=self.name,
            managed_policies=policies,
            location=self._placement.task.location,
            role_arn=self._settings.infrastructure_role_arn,
        )
        if volume and volume.kms_key_arn:
            role.grant_volume_key(volume.kms_key_arn)
        return role

    def _traffic(self, role: InfrastructureRole | None) -> dict[str, Any]:
        balancing = self._settings.load_balancing
        if balancing is None:
            return {}
        balancer = _needed(self.load_balancer, "a load balancer")
        container, port = _container_port(self._settings, balancing.port)
        first, *second = balancer.target_group_arns
        shift = None
        if second:
            shift = EcsServiceLoadBalancerAdvancedConfiguration(
                alternate_target_group_arn=second[0],
                production_listener_rule=_needed(balancer.rule, "a rule of its listener").arn,
                role_arn=_needed(role, "an infrastructure role").role_arn,
            )
        entry = EcsServiceLoadBalancer(
            target_group_arn=first, container_name=container, container_port=port, advanced_configuration=shift
        )
        return {"load_balancer": [entry], "health_check_grace_period_seconds": balancing.grace}

    def _discovery(self) -> dict[str, Any]:
        discovery = self._settings.discovery
        if discovery is None:
            return {}
        namespace = _needed(self._placement.cluster.namespace, "a cluster with a namespace")
        match discovery:
            case DnsDiscovery(ttl_seconds=ttl):
                record = ServiceDiscoveryServiceDnsConfigDnsRecords(type="A", ttl=ttl)
                service = ServiceDiscoveryService(
                    self,
                    "discovery",
                    name=self.node.id,
                    # Tasks that are still draining are in it when it is to go.
                    force_destroy=True,
                    dns_config=ServiceDiscoveryServiceDnsConfig(
                        namespace_id=namespace.id, dns_records=[record], routing_policy="MULTIVALUE"
                    ),
                )
                return {"service_registries": EcsServiceServiceRegistries(registry_arn=service.arn)}
            case ServiceConnect() as connect:
                return {"service_connect_configuration": self._service_connect(connect, namespace.arn)}
        raise TypeError(f"{type(discovery).__name__} is no way to be found")

    def _service_connect(self, connect: ServiceConnect, namespace_arn: str) -> EcsServiceServiceConnectConfiguration:
        services = []
        if connect.port is not None:
            _, port = _container_port(self._settings, connect.port)
            timeout = connect.per_request_timeout_seconds
            services.append(
                EcsServiceServiceConnectConfigurationService(
                    port_name=connect.port,
                    discovery_name=connect_name(self.node.id),
                    client_alias=EcsServiceServiceConnectConfigurationServiceClientAlias(
                        dns_name=self.node.id, port=connect.client_port or port
                    ),
                    timeout=None
                    if timeout is None
                    else EcsServiceServiceConnectConfigurationServiceTimeout(per_request_timeout_seconds=timeout),
                )
            )
        return EcsServiceServiceConnectConfiguration(
            enabled=True,
            namespace=namespace_arn,
            service=services or None,
            log_configuration=EcsServiceServiceConnectConfigurationLogConfiguration(
                log_driver="awslogs",
                options={
                    "awslogs-group": self.task_definition.log_group_name,
                    "awslogs-region": self._placement.task.location.region,
                    "awslogs-stream-prefix": f"{LOG_STREAM_PREFIX}-proxy",
                },
            ),
        )


def _needed(thing: Thing | None, what: str) -> Thing:
    """Return what the settings ask for, or raise where it is not there."""
    if thing is None:
        raise ValueError(f"a service that asks for it needs {what}")
    return thing


def _container_port(settings: ReplicaService, port_name: str) -> tuple[str, int]:
    """Return container and number of the port of this name, which the settings have checked."""
    for name, container in sorted(settings.task.containers.items()):
        if port_name in container.ports:
            return name, container.ports[port_name].port
    raise KeyError(port_name)


def _can_rebalance(settings: ReplicaService, strategies: Sequence[PlacementStrategy]) -> bool:
    """Return whether ECS may move tasks to keep them spread over zones: it needs room, and zones to go first."""
    deployment = settings.deployment
    room = not isinstance(deployment, RollingDeployment) or deployment.max_percent > 100
    # ECS balances no service whose tasks are bound to zones.
    constraints = settings.task.placement_constraints if isinstance(settings.task, Ec2Task) else ()
    bound = any("ecs.availability-zone" in expression for expression in constraints)
    return room and not bound and (not strategies or strategies[0] == SPREAD_OVER_ZONES)


def _ebs_volume(settings: EbsVolume | None, role: InfrastructureRole | None) -> dict[str, Any]:
    if settings is None:
        return {}
    return {
        "volume_configuration": EcsServiceVolumeConfiguration(
            name=EBS_VOLUME,
            managed_ebs_volume=EcsServiceVolumeConfigurationManagedEbsVolume(
                role_arn=_needed(role, "an infrastructure role").role_arn,
                encrypted=True,
                kms_key_id=settings.kms_key_arn,
                volume_type="gp3",
                size_in_gb=settings.size_gib,
                iops=settings.iops,
                throughput=settings.throughput_mib_per_second,
                file_system_type=settings.file_system,
                snapshot_id=settings.snapshot_id,
            ),
        )
    }
