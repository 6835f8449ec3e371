"""ECS: clusters, capacity providers, task definitions, services, and how those are scaled and reached."""

from tests.emitted.requests import Limit, Row
from tests.emitted.table.limits import CONTAINER_NAME, PATH, PORT, container

JUST_MADE = "the provider names what it has just made"
NAME = Limit("Amazon ECS API Reference", pattern=r"[A-Za-z0-9_-]{1,255}")
TARGET = "given as attributes of the balancer or group by ModifyLoadBalancerAttributes and ModifyTargetGroupAttributes"
# Provider 6.25.0 reads a bound back in this form, and would plan a difference indefinitely after another.
DIGITS = Limit("plain digits", pattern=r"-?(0|[1-9]\d*)(\.\d*[1-9])?")

ROWS = {
    "aws_appautoscaling_policy": Row(
        requests=("application-autoscaling.PutScalingPolicy",),
        schema="AWS::ApplicationAutoScaling::ScalingPolicy",
        names={"name": "PolicyName"},
        limits={
            "step_scaling_policy_configuration.cooldown": Limit("seconds", 0, 2**31 - 1, kind="number"),
            "step_scaling_policy_configuration.step_adjustment.metric_interval_lower_bound": DIGITS,
            "step_scaling_policy_configuration.step_adjustment.metric_interval_upper_bound": DIGITS,
            "target_tracking_scaling_policy_configuration.target_value": Limit(
                "more than nothing", 1e-6, 2.0**360, kind="number"
            ),
        },
    ),
    "aws_appautoscaling_scheduled_action": Row(
        requests=("application-autoscaling.PutScheduledAction",),
        names={"name": "ScheduledActionName"},
    ),
    "aws_appautoscaling_target": Row(
        requests=("application-autoscaling.RegisterScalableTarget",),
        schema="AWS::ApplicationAutoScaling::ScalableTarget",
        limits={
            "min_capacity": Limit("RegisterScalableTarget", 0, kind="number"),
            "max_capacity": Limit("RegisterScalableTarget", 0, kind="number"),
        },
    ),
    "aws_ecs_capacity_provider": Row(
        requests=("ecs.CreateCapacityProvider",),
        schema="AWS::ECS::CapacityProvider",
        limits={
            "name": Limit(
                "CreateCapacityProvider: not prefixed with aws, ecs or fargate",
                pattern=r"(?!(?i:aws|ecs|fargate))[A-Za-z0-9_-]{1,255}",
            )
        },
    ),
    "aws_ecs_cluster": Row(
        requests=("ecs.CreateCluster",),
        schema="AWS::ECS::Cluster",
        names={"name": "clusterName"},
        limits={"name": NAME},
    ),
    "aws_ecs_cluster_capacity_providers": Row(
        requests=("ecs.PutClusterCapacityProviders",),
        schema="AWS::ECS::ClusterCapacityProviderAssociations",
        names={"cluster_name": "cluster|Cluster"},
        limits={"capacity_providers": Limit("Amazon ECS service quotas: 20 a cluster", 0, 20, kind="entries")},
    ),
    "aws_ecs_service": Row(
        requests=("ecs.CreateService", "ecs.UpdateService"),
        schema="AWS::ECS::Service",
        names={
            "name": "serviceName",
            "alarms": "deploymentConfiguration.alarms",
            "deployment_circuit_breaker": "deploymentConfiguration.deploymentCircuitBreaker",
            "deployment_maximum_percent": "deploymentConfiguration.maximumPercent",
            "deployment_minimum_healthy_percent": "deploymentConfiguration.minimumHealthyPercent",
            "network_configuration": "networkConfiguration.awsvpcConfiguration",
            "ordered_placement_strategy": "placementStrategy",
            "volume_configuration.managed_ebs_volume.size_in_gb": "sizeInGiB",
        },
        elsewhere={"wait_for_steady_state": "how long Terraform waits"},
        filled={"service": JUST_MADE},
        limits={
            "name": NAME,
            "capacity_provider_strategy": Limit("CreateService: 20 providers", 0, 20, kind="entries"),
            "alarms.alarm_names": Limit("PutMetricAlarm: 255 characters", 1, 255, kind="characters"),
            "deployment_configuration.bake_time_in_minutes": Limit("DeploymentConfiguration", 0, 1_440, kind="number"),
            "deployment_maximum_percent": Limit("DeploymentConfiguration", 100, 2**31 - 1, kind="number"),
            "deployment_minimum_healthy_percent": Limit("DeploymentConfiguration", 0, 100, kind="number"),
            "load_balancer.container_port": PORT,
            "ordered_placement_strategy.field": Limit(
                "PlacementStrategy", pattern=r"instanceId|attribute:[A-Za-z0-9_./-]{1,128}|cpu|memory"
            ),
            "service_connect_configuration.service.port_name": Limit("PortMapping", 1, 64, kind="characters"),
            "volume_configuration.managed_ebs_volume.iops": Limit("gp3", 3_000, 16_000, kind="number"),
            "volume_configuration.managed_ebs_volume.size_in_gb": Limit("gp3", 1, 16_384, kind="number"),
            "volume_configuration.managed_ebs_volume.throughput": Limit("gp3", 125, 1_000, kind="number"),
            "desired_count": Limit("a number of tasks", 0, kind="number"),
            "health_check_grace_period_seconds": Limit("CreateService", 0, 2_147_483_647, kind="number"),
            "network_configuration.security_groups": Limit("AwsVpcConfiguration: 5 groups", 0, 5, kind="entries"),
            "network_configuration.subnets": Limit("AwsVpcConfiguration: 16 subnets", 1, 16, kind="entries"),
            "ordered_placement_strategy": Limit("CreateService: 5 strategies", 0, 5, kind="entries"),
            "placement_constraints": Limit("CreateService: 10 constraints", 0, 10, kind="entries"),
            "placement_constraints.expression": Limit(
                "PlacementConstraint: 2,000 characters", 1, 2_000, kind="characters"
            ),
            "platform_version": Limit(
                "AWS Fargate platform versions for Linux", words=("LATEST", "1.4.0", "1.3.0"), kind="word"
            ),
            "service_connect_configuration.service.client_alias.dns_name": Limit(
                "ServiceConnectClientAlias: 127 characters, lower case", pattern=r"[a-z0-9._-]{1,127}"
            ),
            "service_connect_configuration.service.client_alias.port": Limit("a port", 1, 65_535, kind="number"),
            "service_connect_configuration.service.discovery_name": Limit(
                "ServiceConnectService: 64 characters", pattern=r"(?![-])[a-z0-9_-]{1,64}"
            ),
            "service_connect_configuration.service.timeout.per_request_timeout_seconds": Limit(
                "TimeoutConfiguration", 0, 2_147_483_647, kind="number"
            ),
        },
    ),
    "aws_ecs_task_definition": Row(
        requests=("ecs.RegisterTaskDefinition",),
        schema="AWS::ECS::TaskDefinition",
        names={"volume.configure_at_launch": "configuredAtLaunch", "volume.host_path": "host.sourcePath"},
        elsewhere={"skip_destroy": "whether Terraform deregisters what it forgets"},
        limits={
            "family": NAME,
            "ephemeral_storage.size_in_gib": Limit("EphemeralStorage", 21, 200, kind="number"),
            "placement_constraints": Limit("RegisterTaskDefinition: 10 constraints", 0, 10, kind="entries"),
            "placement_constraints.expression": Limit(
                "PlacementConstraint: 2,000 characters", 1, 2_000, kind="characters"
            ),
            "volume.name": NAME,
            **container("container_definitions"),
            "container_definitions.name": CONTAINER_NAME,
            "container_definitions.dependsOn.containerName": CONTAINER_NAME,
            "container_definitions.healthCheck.command": Limit("a word", 0, kind="characters"),
            "container_definitions.workingDirectory": PATH,
            "container_definitions.cpu": Limit("128 units and more, 2 for Linux", 2, 196_608, kind="number"),
            "container_definitions.memory": Limit("ContainerDefinition: 6 MiB and more", 6, kind="number"),
            "container_definitions.memoryReservation": Limit("ContainerDefinition: 6 MiB", 6, kind="number"),
            "container_definitions.startTimeout": Limit("ContainerDefinition: from 2", 2, 2**31 - 1, kind="number"),
            "container_definitions.stopTimeout": Limit("ContainerDefinition: from 2", 2, 2**31 - 1, kind="number"),
            "container_definitions.healthCheck.interval": Limit("HealthCheck", 5, 300, kind="number"),
            "container_definitions.healthCheck.timeout": Limit("HealthCheck", 2, 60, kind="number"),
            "container_definitions.healthCheck.retries": Limit("HealthCheck", 1, 10, kind="number"),
            "container_definitions.healthCheck.startPeriod": Limit("HealthCheck", 0, 300, kind="number"),
            "container_definitions.portMappings.containerPort": PORT,
            "container_definitions.portMappings.hostPort": Limit("a port", 0, 65_535, kind="number"),
            "container_definitions.portMappings.name": Limit(
                "PortMapping: lower case, no hyphen at the start", pattern=r"[a-z0-9_][a-z0-9_-]{0,63}"
            ),
            "container_definitions.restartPolicy.restartAttemptPeriod": Limit(
                "ContainerRestartPolicy", 60, 1_800, kind="number"
            ),
            "container_definitions.restartPolicy.ignoredExitCodes": Limit(
                "ContainerRestartPolicy: 50 codes", 0, 50, kind="entries"
            ),
            "cpu": Limit("RegisterTaskDefinition: 128 units to 192 vCPUs", 128, 196_608, kind="number"),
            "memory": Limit("RegisterTaskDefinition", 6, 2**31 - 1, kind="number"),
            "volume.host_path": PATH,
        },
    ),
    "aws_lb": Row(
        requests=("elbv2.CreateLoadBalancer",),
        schema="AWS::ElasticLoadBalancingV2::LoadBalancer",
        names={"load_balancer_type": "Type"},
        elsewhere={
            "internal": "Scheme, internal or internet-facing",
            "access_logs": TARGET,
            "drop_invalid_header_fields": TARGET,
            "enable_cross_zone_load_balancing": TARGET,
            "enable_deletion_protection": TARGET,
            "idle_timeout": TARGET,
        },
        limits={
            "name": Limit(
                "CreateLoadBalancer: 32 characters, not internal-, no hyphen at either end",
                pattern=r"(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
            ),
            "idle_timeout": Limit("LoadBalancerAttribute idle_timeout.timeout_seconds", 1, 4_000, kind="number"),
            "security_groups": Limit("five groups an interface", 1, 5, kind="entries"),
        },
    ),
    "aws_lb_listener": Row(
        requests=("elbv2.CreateListener",),
        schema="AWS::ElasticLoadBalancingV2::Listener",
        names={"certificate_arn": "Certificates.CertificateArn"},
        elsewhere={"tcp_idle_timeout_seconds": "given as an attribute of the listener by ModifyListenerAttributes"},
        limits={"tcp_idle_timeout_seconds": Limit("ListenerAttribute", 60, 6_000, kind="number")},
    ),
    "aws_lb_listener_rule": Row(
        requests=("elbv2.CreateRule",),
        schema="AWS::ElasticLoadBalancingV2::ListenerRule",
        names={
            "action.forward": "ForwardConfig",
            "action.forward.target_group.arn": "TargetGroupArn",
            "condition.host_header": "HostHeaderConfig",
            "condition.path_pattern": "PathPatternConfig",
        },
        limits={
            "action.forward.target_group.weight": Limit("TargetGroupTuple", 0, 999, kind="number"),
            "condition.path_pattern.values": Limit(
                "PathPatternConditionConfig: 128 characters", pattern=r"[A-Za-z0-9_.$/~\"'@:+&*?-]{1,128}"
            ),
            "condition.host_header.values": Limit(
                "HostHeaderConditionConfig: 128 characters, a dot, letters after the last",
                pattern=r"(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z*?]+",
            ),
        },
    ),
    "aws_lb_target_group": Row(
        requests=("elbv2.CreateTargetGroup",),
        schema="AWS::ElasticLoadBalancingV2::TargetGroup",
        names={
            "name_prefix": "Name",
            "health_check": ".",
            "health_check.healthy_threshold": "HealthyThresholdCount",
            "health_check.interval": "HealthCheckIntervalSeconds",
            "health_check.matcher": "Matcher.HttpCode",
            "health_check.path": "HealthCheckPath",
            "health_check.port": "HealthCheckPort",
            "health_check.protocol": "HealthCheckProtocol",
            "health_check.timeout": "HealthCheckTimeoutSeconds",
            "health_check.unhealthy_threshold": "UnhealthyThresholdCount",
        },
        elsewhere={
            "deregistration_delay": TARGET,
            "preserve_client_ip": TARGET,
            "proxy_protocol_v2": TARGET,
            "stickiness": TARGET,
        },
        limits={
            "name_prefix": Limit(
                "CreateTargetGroup: 32 characters, of which Terraform appends 26",
                pattern=r"[A-Za-z0-9][A-Za-z0-9-]{0,5}",
            ),
            "deregistration_delay": Limit("TargetGroupAttribute", 0, 3_600, kind="number"),
            "health_check.matcher": Limit(
                "Matcher: 200 to 499", pattern=r"[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*"
            ),
        },
    ),
    "aws_service_discovery_private_dns_namespace": Row(
        requests=("servicediscovery.CreatePrivateDnsNamespace",),
        schema="AWS::ServiceDiscovery::PrivateDnsNamespace",
    ),
    "aws_service_discovery_service": Row(
        requests=("servicediscovery.CreateService",),
        schema="AWS::ServiceDiscovery::Service",
        elsewhere={"force_destroy": "read when the service is deleted"},
    ),
}
