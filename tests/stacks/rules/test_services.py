"""Every rule between services, clusters, queues and the network, with its whole message."""

from typing import Any

import pytest

from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.containers.settings import FileSystemMount, HostMount
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.capacity_providers import Amount
from modules.ecs.settings.clusters import ExecuteCommandSettings
from modules.ecs.settings.deployments import CanaryDeployment
from modules.ecs.settings.exposure import DnsDiscovery, OwnLoadBalancer
from modules.ecs.settings.logging import FireLensLogging
from modules.ecs.settings.run_tasks import RunTaskDefinition, TaskSchedule
from modules.ecs.settings.scaling import FixedTasks
from modules.ecs.settings.services import DaemonService, ReplicaService
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import AccessSettings
from modules.iam.secret_settings import SecretsManagerSecret, SsmParameterSecret
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork, PublicNetwork
from stacks.environment import Environment
from stacks.rules.network import required_endpoints
from stacks.state import S3State
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_container,
    ec2_task,
    fargate_container,
    fargate_task,
    group_provider,
    managed_provider,
    web_task,
    worker_settings,
)
from tests.problems import problems

ZONES = ("us-east-1a", "us-east-1b")
PRIVATE = PrivateNetwork(availability_zones=ZONES, nat_gateways=1)
ISOLATED = PrivateNetwork(availability_zones=ZONES, nat_gateways=0, interface_endpoints=())
PUBLIC = PublicNetwork(availability_zones=ZONES)
OWN_IMAGE = RepositoryImage(repository="embed", tag="1")
GPU = [CapacityShare(provider="gpu")]
SECRET = SecretsManagerSecret(secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:hub-AbCdEf")
PARAMETER = SsmParameterSecret(parameter_arn="arn:aws:ssm:us-east-1:111122223333:parameter/key")
LOAD_BALANCER = OwnLoadBalancer(port="http", allowed_cidr_blocks=["10.0.0.0/16"])


def environment(**changes: Any) -> Environment:
    values: dict[str, Any] = {
        "name": "test",
        "project": "tb",
        "account_id": "111122223333",
        "region": "us-east-1",
        "production": False,
        "state": S3State(bucket="states", region="us-east-1"),
        "network": PRIVATE,
        "queues": {"documents": MessageQueueSettings(visibility_timeout_seconds=19)},
        "clusters": {"main": cluster_settings()},
    }
    return Environment(**(values | changes))


def replicas(**changes: Any) -> ReplicaService:
    values: dict[str, Any] = {"cluster": "main", "task": web_task(), "tasks": FixedTasks(count=1)}
    return ReplicaService(**(values | changes))


def on_gpu(**changes: Any) -> ReplicaService:
    return replicas(task=ec2_task(**changes), capacity=GPU)


def run_task(**changes: Any) -> RunTaskDefinition:
    return RunTaskDefinition(**({"cluster": "main", "task": fargate_task()} | changes))


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a worker on the default capacity": ({"services": {"embed": worker_settings()}}, []),
    "no network": (
        {"network": None},
        ["network must be given where there are clusters, got None; tasks need subnets"],
    ),
    "no such cluster": (
        {"services": {"embed": worker_settings(cluster="mian")}},
        ["services.embed.cluster must name one of the clusters, got 'mian'; did you mean main? known: main"],
    ),
    "no such queue": (
        {"services": {"embed": worker_settings(queue="pictures")}},
        ["services.embed.queue must name one of the queues, got 'pictures'; known: documents"],
    ),
    "no such provider": (
        {"services": {"embed": worker_settings(capacity=[CapacityShare(provider="gpus")], task=ec2_task())}},
        [
            "services.embed.capacity[0].provider must name one of the capacity_providers, got 'gpus'; "
            "did you mean gpu? known: FARGATE, FARGATE_SPOT, gpu, managed"
        ],
    ),
    "a message that is visible too soon": (
        {
            "services": {"embed": worker_settings()},
            "queues": {"documents": MessageQueueSettings(visibility_timeout_seconds=18)},
        },
        [
            "queues.documents.visibility_timeout_seconds must exceed services.embed.longest_message_seconds "
            "(18, which is three times its seconds_per_message), got 18; "
            "a shorter one hands a message in work to a second task"
        ],
    ),
    "somebody else's message that is visible too soon": (
        {
            "services": {"embed": worker_settings(longest_message_seconds=600)},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:111122223333:theirs", visibility_timeout_seconds=600
                )
            },
        },
        [
            "queues.documents.visibility_timeout_seconds must exceed services.embed.longest_message_seconds (600), "
            "got 600; a shorter one hands a message in work to a second task"
        ],
    ),
    "two workers on one queue": (
        {"services": {"a": worker_settings(), "b": worker_settings()}},
        [
            "services.b.queue must be another than that of services.a, got 'documents'; "
            "each would start tasks for the whole backlog"
        ],
    ),
    "tasks that nobody counts": (
        {
            "services": {"embed": worker_settings()},
            "clusters": {"main": cluster_settings(container_insights="disabled")},
        },
        [
            "clusters.main.container_insights must be enabled or enhanced for services.embed, got 'disabled'; "
            "it counts the tasks that a backlog is divided by"
        ],
    ),
    "tasks that nobody needs to count": (
        {
            "services": {"api": replicas()},
            "clusters": {"main": cluster_settings(container_insights="disabled")},
        },
        [],
    ),
    "a shell without a key": (
        {"services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))}},
        ["clusters.main.execute_command must be given for services.api.execute_command, got None; sessions need a key"],
    ),
    "a shell with a key": (
        {
            "services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))},
            "clusters": {"main": cluster_settings(execute_command=ExecuteCommandSettings())},
        },
        [],
    ),
    "a name without a domain": (
        {
            "services": {"api": replicas(discovery=DnsDiscovery())},
            "clusters": {"main": cluster_settings(namespace=None)},
        },
        ["clusters.main.namespace must be given for services.api.discovery, got None; names need a domain to be in"],
    ),
    "a load balancer in one zone": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": PrivateNetwork(availability_zones=ZONES[:1], nat_gateways=1),
        },
        ["network must have subnets in 2 zones for services.api.load_balancing, got 1; AWS refuses it"],
    ),
    "a load balancer in one existing subnet": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"]),
        },
        ["network must have subnets in 2 zones for services.api.load_balancing, got 1; AWS refuses it"],
    ),
    "a public load balancer in private subnets": (
        {"services": {"api": replicas(load_balancing=LOAD_BALANCER.model_copy(update={"internal": False}))}},
        [
            "services.api.load_balancing.internal must be True in a PrivateNetwork, got False; "
            "nobody outside would reach it; use an ExistingListener of a public load balancer"
        ],
    ),
    "a public load balancer in public subnets": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER.model_copy(update={"internal": False}))},
            "network": PUBLIC,
        },
        [],
    ),
    "an address that leads nowhere": (
        {"services": {"api": on_gpu()}, "network": PUBLIC},
        [
            "services.api.task.network_mode must be host or bridge in a public network, got 'awsvpc'; "
            "ECS gives tasks on instances no public address, so they would reach nothing"
        ],
    ),
    "the address of the instance": ({"services": {"api": on_gpu(network_mode="host")}, "network": PUBLIC}, []),
    "an access point that is not there": (
        {
            "file_systems": {
                "weights": FileSystemSettings(access_points={"models": AccessPointSettings(path="/m", uid=1, gid=1)})
            },
            "task_definitions": {
                "index": run_task(
                    task=fargate_task(
                        containers={
                            "worker": fargate_container(
                                mounts=[
                                    FileSystemMount(container_path="/m", file_system="weights", access_point="model")
                                ]
                            )
                        }
                    )
                )
            },
        },
        [
            "task_definitions.index.task.containers.worker.mounts[0].access_point must name one of the "
            "access points of weights, got 'model'; did you mean models? known: models"
        ],
    ),
    "Fargate's task on instances": (
        {"services": {"api": replicas(capacity=GPU)}},
        [
            "services.api.task must be an Ec2Task on gpu, got a FargateTask; "
            "Fargate's capacity is FARGATE and FARGATE_SPOT"
        ],
    ),
    "an instance's task on Fargate, by default": (
        {"task_definitions": {"index": run_task(task=ec2_task())}},
        [
            "task_definitions.index.task must be a FargateTask on FARGATE_SPOT, got an Ec2Task; "
            "choose another capacity for it"
        ],
    ),
    "two kinds of instances": (
        {
            "services": {
                "api": replicas(
                    task=ec2_task(containers={"worker": ec2_container()}),
                    capacity=[*GPU, CapacityShare(provider="managed")],
                )
            },
        },
        [
            "services.api.capacity must be of one kind: Fargate, Auto Scaling groups or managed instances, "
            "got gpu, managed; ECS refuses it"
        ],
    ),
    "what fits exactly": ({"services": {"api": on_gpu(vcpus=4, memory_mib=15_532)}}, []),
    "too many vCPUs": (
        {"services": {"api": on_gpu(vcpus=4.5)}},
        [
            f"services.api.task.vcpus must be at most 4 to fit on {name}, which gpu may start, got 4.5; "
            "choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "too much memory": (
        {"services": {"api": on_gpu(memory_mib=15_533)}},
        [
            f"services.api.task.memory_mib must be at most 15,532 to fit on {name}, which gpu may start, got 15,533; "
            "of its 16,384; choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "too many GPUs": (
        {"services": {"api": on_gpu(containers={"worker": ec2_container(gpus=2)})}},
        [
            f"services.api.task.containers must have at most 1 gpus to fit on {name}, which gpu may start, got 2; "
            "choose larger types, or make it smaller"
            for name in ("g5.xlarge", "g6.xlarge")
        ],
    ),
    "another architecture": (
        {
            "services": {"api": on_gpu(architecture="ARM64")},
            "clusters": {
                "main": cluster_settings(capacity_providers={"gpu": group_provider(instance_types=["g5.xlarge"])})
            },
        },
        [
            "services.api.task.architecture must be X86_64 on gpu, got 'ARM64'; "
            "an image built for one does not start on the other"
        ],
    ),
    "what managed instances cannot be": (
        {
            "services": {
                "api": replicas(
                    capacity=[CapacityShare(provider="managed")],
                    task=ec2_task(vcpus=8.5, architecture="ARM64", network_mode="bridge"),
                )
            },
        },
        [
            "clusters.main.capacity_providers.managed.vcpus must allow 8.5 for services.api, got 8; "
            "no instance would do",
            "clusters.main.capacity_providers.managed.gpus must allow 1 for services.api, got 0; no instance would do",
            "services.api.task.architecture must be X86_64 on managed, got 'ARM64'; "
            "an image built for one does not start on the other",
            "services.api.task.network_mode must be awsvpc or host on managed, got 'bridge'; "
            "managed instances have no bridge",
        ],
    ),
    "what managed instances can be": (
        {
            "services": {"api": replicas(capacity=[CapacityShare(provider="managed")], task=ec2_task(vcpus=8))},
            "clusters": {
                "main": cluster_settings(capacity_providers={"managed": managed_provider(gpus=Amount(min=1, max=1))})
            },
        },
        [],
    ),
    "a daemon without an instance": (
        {
            "services": {"agent": DaemonService(cluster="main", task=ec2_task())},
            "clusters": {"main": cluster_settings(capacity_providers={"managed": managed_provider()})},
        },
        [
            "clusters.main.capacity_providers must have an AutoScalingGroupCapacityProvider for services.agent, "
            "got none; it runs on every instance, and there is none"
        ],
    ),
    "a daemon with instances": ({"services": {"agent": DaemonService(cluster="main", task=ec2_task())}}, []),
    "no such dead-letter queue": (
        {
            "task_definitions": {
                "index": run_task(schedules={"n": TaskSchedule(expression="rate(1 day)", dead_letter_queue="failed")})
            }
        },
        [
            "task_definitions.index.schedules.n.dead_letter_queue must name one of the queues, got 'failed'; "
            "known: documents"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_services_go_with_what_is_around_them(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert problems(lambda: environment(**changes)) == found
    else:
        assert environment(**changes).name == "test"


LONG = "a" * 40
NAMES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a role of 64 characters": ({"services": {"a" * 41: worker_settings()}}, []),
    "a role of 65": (
        {"services": {"a" * 42: worker_settings()}},
        [
            f"services.{'a' * 42} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-{'a' * 42}-task-execution'); shorten the name"
        ],
    ),
    "a load balancer of 32": ({"services": {"a" * 24: replicas(load_balancing=LOAD_BALANCER)}}, []),
    "a load balancer of 33": (
        {"services": {"a" * 25: replicas(load_balancing=LOAD_BALANCER)}},
        [
            f"services.{'a' * 25} must give a physical name of at most 32 characters, "
            f"got 33 ('tb-test-{'a' * 25}'); shorten the name"
        ],
    ),
    "a capacity provider of 65": (
        {"clusters": {"m": cluster_settings(capacity_providers={LONG: group_provider()})}},
        [
            f"clusters.m.capacity_providers.{LONG} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-m-{LONG}-infrastructure'); shorten the name"
        ],
    ),
    "a capacity provider of 64": (
        {"clusters": {"m": cluster_settings(capacity_providers={LONG[1:]: group_provider()})}},
        [],
    ),
    "a capacity provider called like a compute environment": (
        {"compute_environments": {"main-gpu": FargateComputeEnvironment(max_vcpus=1)}},
        [
            "clusters.main.capacity_providers.gpu must not be called like compute_environments.main-gpu, "
            "got 'tb-test-main-gpu'; their roles are the same"
        ],
    ),
    "a schedule of 64": (
        {"task_definitions": {"i": run_task(schedules={"n" * 54: TaskSchedule(expression="rate(1 day)")})}},
        [],
    ),
    "a schedule of 65": (
        {"task_definitions": {"i": run_task(schedules={"n" * 55: TaskSchedule(expression="rate(1 day)")})}},
        [
            f"task_definitions.i.schedules.{'n' * 55} must give a physical name of at most 64 characters, "
            f"got 65 ('tb-test-i-{'n' * 55}'); shorten the name"
        ],
    ),
    "a name that AWS keeps": (
        {"project": "ecs-x"},
        [
            "project must not begin with aws, ecs, fargate where there are capacity_providers, got 'ecs-x'; "
            f"it begins their names (ecs-x-test-main-{name}), and AWS keeps those for its own"
            for name in ("gpu", "managed")
        ],
    ),
    "a name that AWS keeps, and nothing that has it": (
        {"project": "aws", "clusters": {"main": cluster_settings(capacity_providers={})}},
        [],
    ),
    "a task called like a service": (
        {"services": {"embed": worker_settings()}, "task_definitions": {"embed": run_task()}},
        [
            "task_definitions.embed must not be called like services.embed, got 'embed'; "
            "both have a task definition of that name"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "found"), NAMES.values(), ids=list(NAMES))
def test_names_are_ones_that_aws_takes(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert problems(lambda: environment(**changes)) == found
    else:
        assert environment(**changes).name == "test"


def test_one_bad_service_hides_no_others_problems() -> None:
    found = problems(
        lambda: environment(
            services={"a": replicas(capacity=GPU), "b": worker_settings(cluster="x"), "c": on_gpu(vcpus=5)},
            network=PUBLIC,
        )
    )
    assert sorted({problem.split(" must ")[0] for problem in found}) == [
        "services.a.task",
        "services.b.cluster",
        "services.c.task.network_mode",
        "services.c.task.vcpus",
    ]


WEAK: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all as it should be": ({"services": {"embed": worker_settings()}}, []),
    "instances that take their tasks with them": (
        {
            "clusters": {
                "main": cluster_settings(
                    capacity_providers={
                        "gpu": group_provider(
                            termination_protection=False,
                            managed_draining=False,
                            launch_template=LaunchTemplateSettings(ssm_access=True),
                        )
                    }
                )
            }
        },
        [
            "clusters.main.capacity_providers.gpu.termination_protection must be True in production, got False; "
            "scaling in would end instances at work",
            "clusters.main.capacity_providers.gpu.managed_draining must be True in production, got False; "
            "an instance that goes would take its tasks with it",
            "clusters.main.capacity_providers.gpu.launch_template.ssm_access must be False in production, got True; "
            "who has a shell on an instance has the data and the roles of its tasks",
        ],
    ),
    "containers that change themselves or their host": (
        {
            "services": {
                "api": on_gpu(containers={"w": ec2_container(privileged=True, read_only_root_filesystem=False)})
            }
        },
        [
            "services.api.task.containers.w.read_only_root_filesystem must be True in production without "
            "execute_command, got False; write to scratch_paths or mounts",
            "services.api.task.containers.w.privileged must be False in production, got True; "
            "it is root on the instance",
        ],
    ),
    "a folder by which a container becomes its host": (
        {
            "services": {
                "api": on_gpu(
                    containers={
                        "w": ec2_container(
                            mounts=[
                                HostMount(container_path="/data", host_path="/scratch"),
                                HostMount(container_path="/docker", host_path="/var/run"),
                            ]
                        )
                    }
                )
            }
        },
        [
            "services.api.task.containers.w.mounts[1].host_path must be none of the system's own folders in "
            "production, got '/var/run'; it is root on the host"
        ],
    ),
    "a shell that needs to change the container": (
        {
            "services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))},
            "clusters": {"main": cluster_settings(execute_command=ExecuteCommandSettings())},
        },
        [],
    ),
    "requests in the clear": (
        {"services": {"api": replicas(load_balancing=LOAD_BALANCER)}},
        [
            "services.api.load_balancing.certificate_arn must be given in production, got None; "
            "without it requests go over HTTP"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "found"), WEAK.values(), ids=list(WEAK))
def test_production_is_not_weakened(changes: dict[str, Any], found: list[str]) -> None:
    assert environment(**changes).name == "test"  # which anything else may be
    if found:
        assert problems(lambda: environment(production=True, **changes)) == found
    else:
        assert environment(production=True, **changes).production


FULL_TASK = fargate_task(
    access=AccessSettings(send=["documents"]),
    logging=FireLensLogging(router_image=OWN_IMAGE, options={"Name": "datadog"}, secret_options={"apikey": PARAMETER}),
    containers={
        "worker": fargate_container(image=OWN_IMAGE, secrets={"TOKEN": SECRET}, read_only_root_filesystem=False)
    },
)


def isolated(**changes: Any) -> dict[str, Any]:
    return {"network": ISOLATED, "repositories": {"embed": RepositorySettings()}} | changes


def test_without_nat_tasks_need_an_endpoint_for_all_that_they_use() -> None:
    settings = environment(
        clusters={"main": cluster_settings(capacity_providers={}, execute_command=ExecuteCommandSettings())},
        services={
            "embed": worker_settings(task=fargate_task(containers={"worker": fargate_container(image=OWN_IMAGE)})),
            "api": replicas(task=FULL_TASK, execute_command=True),
        },
        repositories={"embed": RepositorySettings()},
    )
    assert required_endpoints(settings) == {
        "ecr.api": "services.api pulls its images through it",
        "ecr.dkr": "services.api pulls its images through it",
        "logs": "services.api writes its logs through it",
        "sqs": "services.api reaches queues.documents through it",
        "ssmmessages": "services.api has ECS Exec through it",
        "secretsmanager": "services.api gets TOKEN through it",
        "ssm": "services.api gets apikey through it",
    }


def test_a_worker_reaches_its_queue() -> None:
    settings = environment(
        services={"embed": worker_settings()}, clusters={"main": cluster_settings(capacity_providers={})}
    )
    assert required_endpoints(settings)["sqs"] == "services.embed reaches queues.documents through it"


def test_instances_register_with_ecs() -> None:
    template = LaunchTemplateSettings(ssm_access=True)
    provider = group_provider(launch_template=template)
    settings = environment(clusters={"main": cluster_settings(capacity_providers={"gpu": provider})})
    path = "clusters.main.capacity_providers.gpu"
    assert required_endpoints(settings) == {
        "ecs": f"{path} registers its instances through it",
        "ecs-agent": f"{path} gets its work through it",
        "ecs-telemetry": f"{path} reports on its work through it",
        "ssm": f"{path} has Session Manager through it",
        "ssmmessages": f"{path} has Session Manager through it",
    }


def test_an_endpoint_that_is_missing_is_asked_for() -> None:
    changes = isolated(
        clusters={"main": cluster_settings(capacity_providers={})},
        task_definitions={
            "index": run_task(task=fargate_task(containers={"worker": fargate_container(image=OWN_IMAGE)}))
        },
    )
    assert problems(lambda: environment(**changes)) == [
        f"network.interface_endpoints must contain {service!r} where nat_gateways is 0; "
        f"task_definitions.index {why} through it"
        for service, why in (
            ("ecr.api", "pulls its images"),
            ("ecr.dkr", "pulls its images"),
            ("logs", "writes its logs"),
        )
    ]


def test_without_nat_images_come_from_the_regions_registry() -> None:
    network = PrivateNetwork(
        availability_zones=ZONES, nat_gateways=0, interface_endpoints=("ecr.api", "ecr.dkr", "logs")
    )
    router = FireLensLogging(router_image="public.ecr.aws/x/fluent-bit:1", options={"Name": "stdout"})
    task = fargate_task(containers={"worker": fargate_container(image="python:3.13")}, logging=router)
    fix = "no other registry is in reach; copy the image, or have ECR pull it through"
    rule = "must be in ECR in us-east-1 where network.nat_gateways is 0"
    assert problems(
        lambda: environment(
            network=network,
            clusters={"main": cluster_settings(capacity_providers={})},
            task_definitions={"index": run_task(task=task)},
        )
    ) == [
        f"task_definitions.index.task.containers.worker.image {rule}, got 'python:3.13'; {fix}",
        f"task_definitions.index.task.logging.router_image {rule}, got 'public.ecr.aws/x/fluent-bit:1'; {fix}",
    ]


def test_a_canary_has_a_role_whose_name_fits() -> None:
    changes = {"deployment": CanaryDeployment(), "load_balancing": LOAD_BALANCER}
    assert environment(services={"a" * 24: replicas(**changes)}).name == "test"
