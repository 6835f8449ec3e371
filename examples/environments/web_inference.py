"""Web inference: answers while somebody waits, on Fargate; each way to reach and to release a service; production."""

from modules.cloudwatch.alarm_settings import Alarms
from modules.containers.dependencies import ContainerDependency
from modules.containers.settings import Ulimit
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings, ExecuteCommand
from modules.ecs.settings.containers import (
    FargateContainer,
    HealthCheck,
    Port,
    SharedFolderMount,
)
from modules.ecs.settings.deployments import (
    BlueGreenDeployment,
    CanaryDeployment,
    LifecycleHook,
    LinearDeployment,
    RollingDeployment,
)
from modules.ecs.settings.exposure import DnsDiscovery, OwnLoadBalancer, ServiceConnect, TargetHealth
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.network_load_balancers import OwnNetworkLoadBalancer
from modules.ecs.settings.run_tasks import RunTaskDefinition
from modules.ecs.settings.scaling import FixedTasks, ScaledTasks, ScheduledScaling
from modules.ecs.settings.services import ReplicaService
from modules.ecs.settings.tasks import FargateTask
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.kms.settings import ExistingKmsKey
from modules.lambda_functions.settings import ExistingFunction, QueueConsumption
from modules.operations.settings import Operations
from modules.s3.settings import BucketSettings, LifecycleRule
from modules.scheduler.settings import ScheduleGroup, ScheduleSettings
from modules.sqs.settings import MessageQueueSettings
from modules.targets.settings import FunctionCall, TaskRun
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import S3State

GATEWAY = RepositoryImage(repository="gateway", tag="3.2.0")
SEARCH = RepositoryImage(repository="search", tag="7.0.1")
FLUENT_BIT = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5"
CERTIFICATE = "arn:aws:acm:eu-central-1:444444444444:certificate/6d2b1c7e-7f0a-4b0e-9d53-2f6a1c9e8b10"
STATE_KEY = "arn:aws:kms:eu-central-1:444444444444:key/5f0b9a1c-3d2e-4f6a-8b7c-1d2e3f4a5b6c"
AUDIT_KEY = "arn:aws:kms:eu-central-1:444444444444:key/9e8d7c6b-5a49-4837-a625-1403f2e1d0c9"
SECRETS_KEY = "arn:aws:kms:eu-central-1:444444444444:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
COMPANY = "10.0.0.0/8"

# Of the alarms that operations has.
FEATURES_DOWN = "acme-web-inference-service-below-desired-features"

WEB_INFERENCE = Environment(
    name="web-inference",
    project="acme",  # short: a load balancer's name has 32 characters for project, environment and service
    account_id="444444444444",
    region="eu-central-1",
    production=True,
    state=S3State(
        bucket="acme-terraform-state",
        region="eu-central-1",
        key_prefix="inference",
        kms_key_arn=STATE_KEY,
        role_arn="arn:aws:iam::444444444444:role/terraform-state",
    ),
    deployment_role_arn="arn:aws:iam::444444444444:role/deploy",
    network=PrivateNetwork(
        cidr_block="10.40.0.0/16",
        availability_zones=["eu-central-1a", "eu-central-1b"],
        ipv6=True,  # so that phones without IPv4 reach the gateway
        load_balancer_subnets=True,  # public ones, for the gateway; its tasks stay in private subnets
        nat_gateways=2,  # a zone that fails takes only its own way out with it
        interface_endpoints=[],  # images and logs are too small to pay for endpoints besides NAT
        flow_log_retention_days=90,
    ),
    queues={
        "missed-exports": MessageQueueSettings(visibility_timeout_seconds=60),
        "usage": MessageQueueSettings(visibility_timeout_seconds=200),
    },
    buckets={"callers": BucketSettings(lifecycle={"all": LifecycleRule(expire_after_days=90)})},
    repositories={"gateway": RepositorySettings(keep_images=20), "search": RepositorySettings()},
    clusters={
        "web": ClusterSettings(
            default_capacity=[
                CapacityShare(provider="FARGATE", base=2),  # what remains when Spot has nothing
                CapacityShare(provider="FARGATE_SPOT", weight=3),
            ],
            container_insights="enhanced",
            execute_command=ExecuteCommand(kms_key=ExistingKmsKey(key_arn=AUDIT_KEY), retention_days=365),
            namespace="inference.internal",
            tags={"tier": "web"},
        ),
    },
    services={
        # Everybody's way in, so a new revision gets one request in ten first.
        "gateway": ReplicaService(
            cluster="web",
            tasks=ScaledTasks(
                min_tasks=2,
                max_tasks=40,
                cpu_percent=60,
                memory_percent=75,
                scale_out_cooldown_seconds=30,
                scale_in_cooldown_seconds=600,
                schedules={
                    "morning": ScheduledScaling(
                        schedule="cron(0 7 ? * MON-FRI *)", timezone="Europe/Berlin", min_tasks=8, max_tasks=40
                    ),
                    "evening": ScheduledScaling(
                        schedule="cron(0 20 ? * MON-FRI *)", timezone="Europe/Berlin", min_tasks=2, max_tasks=20
                    ),
                },
            ),
            load_balancing=OwnLoadBalancer(
                port="http",
                internal=False,
                certificate_arn=CERTIFICATE,
                allowed_cidr_blocks=["0.0.0.0/0"],
                idle_timeout_seconds=300,  # a long answer is streamed
                access_log_bucket="callers",
                deregistration_seconds=300,
                health=TargetHealth(
                    port="admin",
                    path="/healthz",
                    status_codes="200-299",
                    interval_seconds=10,
                    timeout_seconds=4,
                    healthy_count=3,
                    unhealthy_count=2,
                    grace_seconds=90,
                ),
            ),
            discovery=ServiceConnect(),  # calls features, is called by none
            deployment=CanaryDeployment(
                canary_percent=10, canary_bake_minutes=15, bake_minutes=30, rollback_alarms=["gateway-errors"]
            ),
            wait_for_steady_state=True,
            tags={"tier": "edge"},
            task=FargateTask(
                vcpus=1.0,
                memory_mib=4_096,
                ephemeral_storage_gib=50,
                platform_version="1.4.0",
                tags={"data": "requests"},
                logging=FireLensLogging(
                    router_image=FLUENT_BIT,
                    options={"Name": "datadog", "Host": "http-intake.logs.datadoghq.eu", "TLS": "on"},
                    secret_options={
                        "apikey": SecretsManagerSecret(
                            secret_arn="arn:aws:secretsmanager:eu-central-1:444444444444:secret:datadog-a1B2c3",
                            json_key="api_key",
                            version_stage="AWSPREVIOUS",  # until the new key is known everywhere
                            kms_key_arn=SECRETS_KEY,
                        ),
                    },
                    router_memory_mib=128,
                    retention_days=14,
                ),
                containers={
                    "gateway": FargateContainer(
                        image=GATEWAY,
                        entry_point=["/usr/bin/gateway"],
                        command=["--features", "http://features:8080"],
                        environment={"LOG_LEVEL": "info"},
                        secrets={
                            "SESSION_KEY": SsmParameterSecret(
                                parameter_arn="arn:aws:ssm:eu-central-1:444444444444:parameter/gateway/session-key"
                            ),
                        },
                        user="1000:1000",
                        working_directory="/srv",
                        scratch_paths=["/tmp", "/var/cache/gateway"],
                        ports={"http": Port(port=8_080, application_protocol="http"), "admin": Port(port=9_091)},
                        cpu_units=768,
                        memory_mib=3_072,
                        memory_reservation_mib=2_048,
                        ulimits=[Ulimit(name="nofile", soft=65_536, hard=65_536)],
                        depends_on=[
                            ContainerDependency(container="policies", condition="SUCCESS"),
                            ContainerDependency(container="auth", condition="HEALTHY"),
                        ],
                        mounts=[SharedFolderMount(folder="policies", container_path="/policies")],
                    ),
                    "auth": FargateContainer(
                        image=GATEWAY,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["auth"],
                        start_timeout_seconds=60,
                        stop_timeout_seconds=60,
                        health_check=HealthCheck(
                            command="auth --check",
                            interval_seconds=10,
                            timeout_seconds=3,
                            retries=5,
                            start_period_seconds=20,
                        ),
                    ),
                    "policies": FargateContainer(
                        image=GATEWAY,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["fetch-policies"],
                        essential=False,
                        init_process=False,  # ends by itself within a second
                        mounts=[SharedFolderMount(folder="policies", container_path="/policies", read_only=False)],
                    ),
                },
            ),
        ),
        "features": ReplicaService(
            cluster="web",
            tasks=ScaledTasks(min_tasks=2, max_tasks=12, cpu_percent=50),
            discovery=ServiceConnect(port="grpc", client_port=8_080, per_request_timeout_seconds=120),
            deployment=RollingDeployment(
                min_healthy_percent=50,
                max_percent=150,
                rollback_alarms=["features-errors", FEATURES_DOWN],
            ),
            execute_command=True,
            task=FargateTask(
                vcpus=2.0,
                memory_mib=8_192,
                containers={
                    "features": FargateContainer(
                        image=SEARCH,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["features"],
                        read_only_root_filesystem=False,  # ECS Exec puts its agent there
                        ports={"grpc": Port(port=9_000, application_protocol="grpc")},
                    ),
                },
            ),
        ),
        # Half an hour from the old to the new ranking, a fifth of the traffic at a time.
        "ranking": ReplicaService(
            cluster="web",
            tasks=FixedTasks(count=2),
            load_balancing=OwnLoadBalancer(port="ranking", certificate_arn=CERTIFICATE, allowed_cidr_blocks=[COMPANY]),
            deployment=LinearDeployment(step_percent=20, step_bake_minutes=5, bake_minutes=5),
            task=FargateTask(
                vcpus=2.0,
                memory_mib=8_192,
                containers={
                    "ranking": FargateContainer(
                        image=SEARCH,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["rank"],
                        ports={"ranking": Port(port=8_100)},
                    )
                },
            ),
        ),
        # Its cache is of one revision, so all traffic moves at once.
        "search": ReplicaService(
            cluster="web",
            tasks=FixedTasks(count=3),
            load_balancing=OwnLoadBalancer(
                port="search",
                certificate_arn=CERTIFICATE,
                allowed_cidr_blocks=[COMPANY],
                deletion_protection=False,  # it is to be removed with the next deployment
            ),
            deployment=BlueGreenDeployment(
                bake_minutes=60,
                # Asks the new tasks what the old ones were asked last.
                lifecycle_hooks={
                    "replay": LifecycleHook(
                        function="replay-queries", stages=["POST_SCALE_UP"], details='{"queries": 500}'
                    )
                },
                hook_role_arn="arn:aws:iam::444444444444:role/platform/ecs-hooks",
            ),
            task=FargateTask(
                vcpus=4.0,
                memory_mib=16_384,
                architecture="ARM64",
                containers={
                    "search": FargateContainer(
                        image=SEARCH,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["search"],
                        ports={"search": Port(port=8_200)},
                    )
                },
            ),
        ),
        "catalog": ReplicaService(
            cluster="web",
            tasks=ScaledTasks(min_tasks=1, max_tasks=10, requests_per_task=600),
            load_balancing=OwnLoadBalancer(port="catalog", certificate_arn=CERTIFICATE, allowed_cidr_blocks=[COMPANY]),
            discovery=DnsDiscovery(ttl_seconds=5),
            task=FargateTask(
                vcpus=0.5,
                memory_mib=1_024,
                containers={
                    "catalog": FargateContainer(
                        image=GATEWAY, user="1000:1000", scratch_paths=["/tmp"], ports={"catalog": Port(port=8_300)}
                    )
                },
            ),
        ),
        # Devices in the field keep one connection for hours, and speak no HTTP.
        "devices": ReplicaService(
            cluster="web",
            tasks=ScaledTasks(min_tasks=2, max_tasks=8, cpu_percent=60),
            load_balancing=OwnNetworkLoadBalancer(
                port="devices",
                protocol="TLS",
                listener_port=8_883,
                certificate_arn=CERTIFICATE,
                internal=False,
                allowed_cidr_blocks=["0.0.0.0/0"],
                cross_zone=True,
                proxy_protocol=True,  # the server asks for the device's address
                deregistration_seconds=300,
                health=TargetHealth(port="admin", path="/healthz"),
            ),
            task=FargateTask(
                vcpus=0.5,
                memory_mib=1_024,
                containers={
                    "devices": FargateContainer(
                        image=GATEWAY,
                        user="1000:1000",
                        scratch_paths=["/tmp"],
                        command=["devices"],
                        ports={"devices": Port(port=8_400), "admin": Port(port=9_091)},
                    )
                },
            ),
        ),
    },
    task_definitions={
        "export": RunTaskDefinition(
            cluster="web",
            capacity=[CapacityShare(provider="FARGATE_SPOT")],
            task=FargateTask(
                vcpus=1.0,
                memory_mib=2_048,
                containers={
                    "export": FargateContainer(
                        image=GATEWAY, user="1000:1000", scratch_paths=["/tmp"], command=["export-usage"]
                    )
                },
            ),
            tags={"data": "usage"},
        ),
    },
    functions={
        "replay-queries": ExistingFunction(
            function_arn="arn:aws:lambda:eu-central-1:444444444444:function:replay-queries"
        ),
        "tell-finance": ExistingFunction(
            function_arn="arn:aws:lambda:eu-central-1:444444444444:function:tell-finance:live",
            timeout_seconds=30,
            consumes={
                "usage": QueueConsumption(
                    batch_size=100,
                    batching_window_seconds=20,
                    maximum_concurrency=2,  # finance's database takes no more
                    report_batch_item_failures=True,
                    enabled=False,  # until finance has closed the year
                    tags={"data": "usage"},
                )
            },
        ),
    },
    schedule_groups={"exports": ScheduleGroup(tags={"data": "usage"})},
    schedules={
        "export-hourly": ScheduleSettings(
            target=TaskRun(task_definition="export", task_count=2),  # each takes one of the two regions it reports to
            expression="rate(1 hour)",
            start="2027-01-01T00:00:00Z",
            end="2027-12-31T23:00:00Z",
            flexible_window_minutes=15,
            retry_attempts=10,
            max_event_age_seconds=1_800,
            dead_letter_queue="missed-exports",
            group="exports",
        ),
        # Kept for the day when somebody asks for the old reports again.
        "export-month-end": ScheduleSettings(
            target=TaskRun(
                task_definition="export",
                environment={"MONTH_OF": "<aws.scheduler.scheduled-time>"},
                commands={"export": ["export-usage", "--month"]},
            ),
            expression="cron(0 1 1 * ? *)",
            timezone="Europe/Berlin",
            state="DISABLED",
            dead_letter_queue="missed-exports",
            group="exports",
        ),
        "finance-year-end": ScheduleSettings(
            target=FunctionCall(function="tell-finance", payload='{"report": "year"}'),
            expression="at(2027-12-31T18:00:00)",
            timezone="Europe/Berlin",
            dead_letter_queue="missed-exports",
        ),
    },
    operations=Operations(alarms=Alarms(waiting_minutes=15)),
)
