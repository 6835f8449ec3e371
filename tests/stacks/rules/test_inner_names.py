"""Names that are put together, or stand inside something else, fit what AWS takes: each on both edges."""

from typing import Any

import pytest

from modules.containers.settings import HostMount
from modules.ecr.image import RepositoryImage
from modules.ecr.settings import RepositorySettings
from modules.ecs.settings.clusters import ExecuteCommand
from modules.ecs.settings.scaling import ScheduledScaling
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from tests.modules.ecs.samples import (
    cluster_settings,
    ec2_container,
    ec2_task,
    fargate_container,
    fargate_task,
    group_provider,
    worker_settings,
)
from tests.modules.ecs.settings.service_samples import scaled
from tests.problems import refused
from tests.stacks.rules.service_samples import GPU, environment, replicas

POINT = AccessPointSettings(path="/a", uid=1, gid=1)
DAY = ScheduledScaling(schedule="rate(1 day)", max_tasks=5)
KEY = RepositorySettings(kms_key=NewKmsKey())
SHELL = ExecuteCommand(kms_key=NewKmsKey())


def image(name: str, tag: str) -> dict[str, Any]:
    container = fargate_container(image=RepositoryImage(repository=name, tag=tag))
    task = fargate_task(containers={"worker": container})
    return {"repositories": {name: RepositorySettings()}, "services": {"api": replicas(task=task, load_balancing=None)}}


def host_folders(*paths: str) -> dict[str, Any]:
    mounts = [HostMount(container_path=f"/data{index}", host_path=path) for index, path in enumerate(paths)]
    task = ec2_task(containers={"worker": ec2_container(mounts=mounts)})
    service = replicas(task=task, capacity=GPU, load_balancing=None)
    return {
        "clusters": {"main": cluster_settings(capacity_providers={"gpu": group_provider()})},
        "services": {"api": service},
    }


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"repositories": {"a" * 238: KEY}}, []),
        ({"repositories": {"a" * 239: KEY}}, [f"repositories.{'a' * 239}.kms_key: 256"]),
        ({"clusters": {"a" * 233: cluster_settings(execute_command=SHELL, namespace=None, capacity_providers={})}}, []),
        (
            {"clusters": {"a" * 234: cluster_settings(execute_command=SHELL, namespace=None, capacity_providers={})}},
            [f"clusters.{'a' * 234}.execute_command.kms_key: 256"],
        ),
        ({"file_systems": {"b": FileSystemSettings(access_points={"a" * 246: POINT})}}, []),
        (
            {"file_systems": {"b": FileSystemSettings(access_points={"a" * 247: POINT})}},
            [f"file_systems.b.access_points.{'a' * 247}: 256"],
        ),
        ({"services": {"api": replicas(tasks=scaled(schedules={"a" * 244: DAY}))}}, []),
        (
            {"services": {"api": replicas(tasks=scaled(schedules={"a" * 245: DAY}))}},
            [f"services.api.tasks.schedules.{'a' * 245}: 256"],
        ),
        (
            {"services": {"work": worker_settings(schedules={"a" * 244: DAY})}},
            [f"services.work.schedules.{'a' * 244}: 256"],
        ),
        (image("a" * 73, "t" * 128), []),
        (image("a" * 74, "t" * 128), ["services.api.task.containers.worker.image.tag: 255"]),
        (host_folders("/a/b", "/c/b"), []),
        (host_folders("/a/b", "/a_b"), ["services.api.task.containers.worker.mounts[1].host_path"]),
    ],
)
def test_a_name_that_is_put_together_fits(changes: dict[str, Any], found: list[str]) -> None:
    if found:
        assert [item.partition(", got")[0].partition(": got")[0] for item in refused(environment, **changes)] == found
    else:
        assert environment(**changes)
