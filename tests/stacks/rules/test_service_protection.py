"""What production refuses of services, and any other environment may have."""

from typing import Any

import pytest

from modules.containers.settings import HostMount
from modules.ec2.settings import LaunchTemplateSettings
from modules.ecs.settings.clusters import ExecuteCommand
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_container,
    group_provider,
    web_task,
    worker_settings,
)
from tests.problems import refused
from tests.stacks.rules.service_samples import (
    LOAD_BALANCER,
    on_gpu,
    replicas,
    with_cluster,
)

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
            "clusters.main.capacity_providers.gpu.termination_protection: got False",
            "clusters.main.capacity_providers.gpu.managed_draining: got False",
            "clusters.main.capacity_providers.gpu.launch_template.ssm_access: got True",
        ],
    ),
    "containers that change themselves or their host": (
        {
            "services": {
                "api": on_gpu(containers={"w": ec2_container(privileged=True, read_only_root_filesystem=False)})
            }
        },
        [
            "services.api.task.containers.w.read_only_root_filesystem: got False",
            "services.api.task.containers.w.privileged: got True",
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
        ["services.api.task.containers.w.mounts[1].host_path: got '/var/run'"],
    ),
    "a shell that needs to change the container": (
        {
            "services": {"api": replicas(execute_command=True, task=web_task(read_only_root_filesystem=False))},
            "clusters": {"main": cluster_settings(execute_command=ExecuteCommand())},
        },
        [],
    ),
    "requests in the clear": (
        {"services": {"api": replicas(load_balancing=LOAD_BALANCER)}},
        ["services.api.load_balancing.certificate_arn: got None"],
    ),
}


@pytest.mark.parametrize(("changes", "found"), WEAK.values(), ids=list(WEAK))
def test_production_is_not_weakened(changes: dict[str, Any], found: list[str]) -> None:
    assert with_cluster(**changes).name == "test"  # which anything else may be
    if found:
        assert refused(lambda: with_cluster(production=True, **changes)) == found
    else:
        assert with_cluster(production=True, **changes).production
