"""Every rule between services, clusters, listeners and the network, with its whole message."""

from typing import Any

import pytest

from modules.containers.settings import FileSystemMount
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.exposure import DnsDiscovery
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from tests.modules.ecs.samples import cluster_settings, fargate_container, fargate_task, web_task, worker_settings
from tests.modules.ecs.settings.service_samples import LISTENER, listener
from tests.problems import refused
from tests.stacks.rules.service_samples import (
    GPU,
    LOAD_BALANCER,
    PUBLIC,
    ZONES,
    on_gpu,
    replicas,
    run_task,
    with_cluster,
)

SUBNETS = ("subnet-01234567", "subnet-89abcdef")
CALLED_FROM_OUTSIDE = LOAD_BALANCER.model_copy(update={"internal": False})


def existing(**changes: Any) -> ExistingNetwork:
    return ExistingNetwork(**({"vpc_id": "vpc-01234567", "subnet_ids": SUBNETS} | changes))


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no network": (
        {"network": None},
        ["network: got None"],
    ),
    "no such cluster": (
        {"services": {"embed": worker_settings(cluster="mian")}},
        ["services.embed.cluster: got 'mian'"],
    ),
    "a shell without a key": (
        {"services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))}},
        ["clusters.main.execute_command: got None"],
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
        ["clusters.main.namespace: got None"],
    ),
    "a load balancer in one zone": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": PrivateNetwork(availability_zones=ZONES[:1], nat_gateways=1),
        },
        ["network: 2, got 1"],
    ),
    "a load balancer in one existing subnet": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=["subnet-01234567"]),
        },
        ["network: 2, got 1"],
    ),
    "a public load balancer in private subnets": (
        {"services": {"api": replicas(load_balancing=LOAD_BALANCER.model_copy(update={"internal": False}))}},
        ["network.load_balancer_subnets: got False"],
    ),
    "a public load balancer in subnets of its own": (
        {
            "services": {"api": replicas(load_balancing=CALLED_FROM_OUTSIDE)},
            "network": PrivateNetwork(availability_zones=ZONES, nat_gateways=1, load_balancer_subnets=True),
        },
        [],
    ),
    "a public load balancer in public subnets": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER.model_copy(update={"internal": False}))},
            "network": PUBLIC,
        },
        [],
    ),
    "a public load balancer in existing private subnets": (
        {"services": {"api": replicas(load_balancing=CALLED_FROM_OUTSIDE)}, "network": existing()},
        ["network.load_balancer_subnet_ids: got ()"],
    ),
    "a public load balancer in public subnets of an existing network": (
        {
            "services": {"api": replicas(load_balancing=CALLED_FROM_OUTSIDE)},
            "network": existing(load_balancer_subnet_ids=["subnet-aaaaaaaa", "subnet-bbbbbbbb"]),
        },
        [],
    ),
    "a public load balancer beside tasks with public addresses": (
        {
            "services": {"api": replicas(load_balancing=CALLED_FROM_OUTSIDE)},
            "network": existing(assign_public_ip=True),
        },
        [],
    ),
    "a public load balancer in one public subnet of an existing network": (
        {
            "services": {"api": replicas(load_balancing=CALLED_FROM_OUTSIDE)},
            "network": existing(load_balancer_subnet_ids=["subnet-aaaaaaaa"]),
        },
        ["network: 2, got 1"],
    ),
    "a load balancer in two existing subnets of two zones": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": existing(availability_zones=dict(zip(SUBNETS, ZONES, strict=True))),
        },
        [],
    ),
    "a load balancer in two existing subnets of one zone": (
        {
            "services": {"api": replicas(load_balancing=LOAD_BALANCER)},
            "network": existing(availability_zones=dict.fromkeys(SUBNETS, ZONES[0])),
        },
        ["network: 2, got 1"],
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
        ["services.b.load_balancing.priority: got 1"],
    ),
    "an address that leads nowhere": (
        {"services": {"api": on_gpu()}, "network": PUBLIC},
        ["services.api.task.network_mode: got 'awsvpc'"],
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
        ["task_definitions.index.task.containers.worker.mounts[0].access_point: got 'model'"],
    ),
}


@pytest.mark.parametrize(("changes", "found"), CASES.values(), ids=list(CASES))
def test_services_go_with_what_is_around_them(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert refused(lambda: with_cluster(**changes)) == found
    else:
        assert with_cluster(**changes).name == "test"


def test_one_bad_service_hides_no_others_problems() -> None:
    found = refused(
        lambda: with_cluster(
            services={"a": replicas(capacity=GPU), "b": worker_settings(cluster="x"), "c": on_gpu(vcpus=5)},
            network=PUBLIC,
        )
    )
    assert sorted({problem.partition(":")[0] for problem in found}) == [
        "services.a.task",
        "services.b.cluster",
        "services.c.task.network_mode",
        "services.c.task.vcpus",
    ]
