"""Every rule between services, clusters, queues and the network, with its whole message."""

from typing import Any

import pytest

from modules.containers.settings import FileSystemMount
from modules.ecs.settings.capacity import CapacityShare
from modules.ecs.settings.clusters import ClusterSettings, ExecuteCommandSettings
from modules.ecs.settings.exposure import DnsDiscovery
from modules.ecs.settings.managed_instances import Amount
from modules.ecs.settings.run_tasks import TaskSchedule
from modules.ecs.settings.services import DaemonService
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.sqs.settings import ExistingQueue, MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
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
from tests.modules.ecs.settings.service_samples import LISTENER, listener
from tests.problems import problems
from tests.stacks.rules.service_samples import (
    GPU,
    LOAD_BALANCER,
    PUBLIC,
    ZONES,
    environment,
    on_gpu,
    replicas,
    run_task,
)

NIGHTLY = {"nightly": TaskSchedule(expression="rate(1 day)")}


def cluster_of_groups(count: int) -> ClusterSettings:
    names = [f"g{index}" for index in range(count)]
    return cluster_settings(
        capacity_providers={name: group_provider() for name in names},
        default_capacity=[CapacityShare(provider=name) for name in names],
    )


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
            "queues.documents.visibility_timeout_seconds must be at least 19, to exceed "
            "services.embed.longest_message_seconds (18, which is three times its seconds_per_message), got 18; "
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
            "queues.documents.visibility_timeout_seconds must be at least 601, to exceed "
            "services.embed.longest_message_seconds (600), got 600; "
            "a shorter one hands a message in work to a second task"
        ],
    ),
    "a queue of another account": (
        {
            "services": {"embed": worker_settings()},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:us-east-1:999999999999:theirs", visibility_timeout_seconds=600
                )
            },
        },
        [
            "services.embed.queue must be a queue of account 111122223333 in us-east-1, "
            "got 'arn:aws:sqs:us-east-1:999999999999:theirs'; "
            "the backlog of any other is counted elsewhere, and no task would ever start"
        ],
    ),
    "a queue of another region": (
        {
            "services": {"embed": worker_settings()},
            "queues": {
                "documents": ExistingQueue(
                    queue_arn="arn:aws:sqs:eu-west-1:111122223333:theirs", visibility_timeout_seconds=600
                )
            },
        },
        [
            "services.embed.queue must be a queue of account 111122223333 in us-east-1, "
            "got 'arn:aws:sqs:eu-west-1:111122223333:theirs'; "
            "the backlog of any other is counted elsewhere, and no task would ever start"
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
    "two rules of a listener": (
        {"services": {"a": replicas(load_balancing=listener()), "b": replicas(load_balancing=listener(priority=2))}},
        [],
    ),
    "two rules of two listeners": (
        {
            "services": {
                "a": replicas(load_balancing=listener()),
                "b": replicas(load_balancing=listener(listener_arn=f"{LISTENER[:-1]}1")),
            }
        },
        [],
    ),
    "two rules in one place": (
        {"services": {"a": replicas(load_balancing=listener()), "b": replicas(load_balancing=listener())}},
        [
            "services.b.load_balancing.priority must be another than that of services.a, got 1; "
            "both are rules of one listener, and AWS refuses the second"
        ],
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
    "a daemon that is too large for an instance": (
        {"services": {"agent": DaemonService(cluster="main", task=ec2_task(vcpus=64))}},
        [
            "services.agent.task.vcpus must be at most 4 to fit on g5.xlarge, which gpu may start, got 64; "
            "choose larger types, or make it smaller",
            "services.agent.task.vcpus must be at most 4 to fit on g6.xlarge, which gpu may start, got 64; "
            "choose larger types, or make it smaller",
        ],
    ),
    "two kinds of managed instances in one strategy": (
        {
            "services": {
                "api": replicas(
                    capacity=[CapacityShare(provider="managed"), CapacityShare(provider="others")],
                    task=ec2_task(vcpus=8),
                )
            },
            "clusters": {
                "main": cluster_settings(
                    capacity_providers={
                        "managed": managed_provider(gpus=Amount(min=1, max=1)),
                        "others": managed_provider(gpus=Amount(min=1, max=1)),
                    }
                )
            },
        },
        [
            "services.api.capacity must have one share only where ECS manages the instances, got managed, others; "
            "ECS refuses several"
        ],
    ),
    "a default that Scheduler takes": (
        {
            "task_definitions": {"index": run_task(task=ec2_task(), schedules=NIGHTLY)},
            "clusters": {"main": cluster_of_groups(6)},
        },
        [],
    ),
    "a default that Scheduler does not take": (
        {
            "task_definitions": {"index": run_task(task=ec2_task(), schedules=NIGHTLY)},
            "clusters": {"main": cluster_of_groups(7)},
        },
        [
            "task_definitions.index.capacity must be given where clusters.main.default_capacity has more than 6 items, "
            "got (); Scheduler takes no more"
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
