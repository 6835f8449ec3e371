"""Names that are put together, or stand inside something else, fit what AWS accepts: images and the like."""

from collections.abc import Iterator

from modules.containers.settings import HostMount
from modules.ecr.image import MAX_IMAGE_LENGTH, RepositoryImage, image_uri
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.ecs.settings.scaling import ScaledTasks, ScheduledScaling
from modules.ecs.settings.services import ReplicaService, ServiceSettings
from modules.names import name_problems
from modules.problems import Problem, format_value
from modules.settings import settings_in, skip_if_invalid
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters


def check_inner_names(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check the length of every name that is put together from short names."""
    for problems in (_scheduled_actions, _images, _host_volumes):
        yield from skip_if_invalid(problems(environment))


def _scheduled_actions(environment: EnvironmentSettings) -> Iterator[Problem]:
    for name, service in environment.services.items():
        for path, schedules in _schedules(service):
            for short_name in schedules:
                action = f"{environment.physical_name(name, 'services')}-{short_name}"
                yield from name_problems("scheduled action", f"services.{name}.{path}.{short_name}", action)


def _schedules(service: ServiceSettings) -> Iterator[tuple[str, dict[str, ScheduledScaling]]]:
    if isinstance(service, QueueWorkerService):
        yield "schedules", service.schedules
    if isinstance(service, ReplicaService) and isinstance(service.tasks, ScaledTasks):
        yield "tasks.schedules", service.tasks.schedules


def _images(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check images of the environment's own repositories, whose registry and tag count too."""
    for path, image in settings_in(environment):
        if isinstance(image, RepositoryImage):
            length = len(image_uri(image, environment.repository_uris))
            if length > MAX_IMAGE_LENGTH:
                yield Problem(
                    f"{path}.tag",
                    f"leave the image within {MAX_IMAGE_LENGTH} characters, registry and repository included",
                    format_value(length),
                    fix="shorten the tag, or the name of the repository",
                )


def _host_volumes(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that no two folders of the instance give a task's volumes one name."""
    for path, settings in in_clusters(environment).items():
        folders: dict[str, str] = {}
        for where, mount in settings.task.mounts():
            if isinstance(mount, HostMount):
                first = folders.setdefault(mount.volume_name, mount.host_path)
                if first != mount.host_path:
                    yield Problem(
                        f"{path}.task.{where}.host_path",
                        f"give its volume a name different from that of {first}",
                        repr(mount.host_path),
                        f"both would be {mount.volume_name}",
                        fix="mount a folder above them",
                    )
