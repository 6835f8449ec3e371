"""Every rule between services, clusters, listeners and the network, with its whole message."""

from typing import Any

import pytest

from modules.containers.settings import FileSystemMount
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.exposure import DnsDiscovery
from modules.ecs.settings.run_tasks import TaskSchedule
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from tests.modules.ecs.samples import cluster_settings, fargate_container, fargate_task, web_task, worker_settings
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

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no network": (
        {"network": None},
        ["network must be given where there are clusters, got None; tasks need subnets"],
    ),
    "no such cluster": (
        {"services": {"embed": worker_settings(cluster="mian")}},
        ["services.embed.cluster must name one of the clusters, got 'mian'; did you mean main? known: main"],
    ),
    "a shell without a key": (
        {"services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))}},
        ["clusters.main.execute_command must be given for services.api.execute_command, got None; sessions need a key"],
    ),
    "a shell with a key": (
        {
            "services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))},
            "clusters": {"main": cluster_settings(execute_command=ExecuteCommand())},
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
            "services.b.load_balancing.priority must be different from that of services.a, got 1; "
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
