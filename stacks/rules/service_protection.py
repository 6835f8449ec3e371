"""What production refuses of clusters, services and tasks."""

from collections.abc import Iterator

from modules.containers.settings import HostMount
from modules.ecs.capacity_fit import InCluster
from modules.ecs.settings.capacity_providers import AutoScalingGroupCapacityProvider, CapacityProviderSettings
from modules.ecs.settings.containers import Ec2Container
from modules.ecs.settings.exposure import OwnLoadBalancer
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.problems import Problem
from modules.settings import skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.production import folder_is_for_data
from stacks.rules.services import in_clusters


def check_service_protection(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse what services of a production environment must not be weakened by."""
    if not environment.production:
        return
    for name, cluster in environment.clusters.items():
        for short_name, provider in cluster.capacity_providers.items():
            yield from skip_if_invalid(
                _tasks_are_not_killed(f"clusters.{name}.capacity_providers.{short_name}", provider)
            )
    for path, settings in in_clusters(environment).items():
        yield from skip_if_invalid(_tasks_are_confined(path, settings))
        yield from skip_if_invalid(_traffic_is_encrypted(path, settings))


def _tasks_are_not_killed(path: str, provider: CapacityProviderSettings) -> Iterator[Problem]:
    if not isinstance(provider, AutoScalingGroupCapacityProvider):
        return
    for setting, value, wanted, consequence in (
        ("termination_protection", provider.termination_protection, True, "scaling in would end instances at work"),
        ("managed_draining", provider.managed_draining, True, "an instance that goes would take its tasks with it"),
        (
            "launch_template.ssm_access",
            provider.launch_template.ssm_access,
            False,
            "who has a shell on an instance has the data and the roles of its tasks",
        ),
    ):
        if value != wanted:
            yield Problem(f"{path}.{setting}", f"be {wanted} in production", str(value), consequence)


def _tasks_are_confined(path: str, settings: InCluster) -> Iterator[Problem]:
    """Check that no container can change its image or the machine it runs on. ECS Exec needs a writable image."""
    writable = isinstance(settings, ServiceSettings) and settings.execute_command
    for name, container in settings.task.all_containers().items():
        where = f"{path}.task.containers.{name}"
        if not container.read_only_root_filesystem and not writable:
            yield Problem(
                f"{where}.read_only_root_filesystem",
                "be True in production without execute_command",
                "False",
                fix="write to scratch_paths or mounts",
            )
        for index, mount in enumerate(container.mounts):
            if isinstance(mount, HostMount):
                yield from folder_is_for_data(f"{where}.mounts[{index}].host_path", mount.host_path)
        if isinstance(container, Ec2Container) and container.privileged:
            yield Problem(f"{where}.privileged", "be False in production", "True", "it is root on the instance")


def _traffic_is_encrypted(path: str, settings: InCluster) -> Iterator[Problem]:
    balancing = settings.load_balancing if isinstance(settings, ReplicaService) else None
    if isinstance(balancing, OwnLoadBalancer) and balancing.certificate_arn is None:
        yield Problem(
            f"{path}.load_balancing.certificate_arn",
            "be given in production",
            "None",
            fix="without it requests go over HTTP",
        )
