"""The images of containers can be named, and pulled from where the containers run, in Batch and in ECS."""

from collections.abc import Iterator

from modules.batch.settings.containers import ContainerSettings
from modules.batch.settings.eks_job_definitions import EksContainer
from modules.ecr.image import MAX_IMAGE_LENGTH, Image, RepositoryImage, image_uri
from modules.ecr.image_reference import is_cached, parse_image
from modules.ecs.settings.logging import FireLensLogging
from modules.problems import Problem, format_value
from modules.settings import skip_if_invalid
from modules.vpc.settings import PrivateNetwork
from stacks.environment_settings import EnvironmentSettings
from stacks.rules.services import in_clusters


def check_images(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Check that each image is in reach, as those of the environment's own repositories are, and can be named."""
    network = environment.network
    without_nat = isinstance(network, PrivateNetwork) and not network.nat_gateways
    for path, image in images(environment):
        if isinstance(image, str):
            yield from _reach_problems(environment, path, image, without_nat=without_nat)
        else:
            yield from skip_if_invalid(_length_problems(environment, path, image))


def images(environment: EnvironmentSettings) -> Iterator[tuple[str, Image]]:
    """Yield every image that is pulled, with the path of its setting."""
    for name, job in environment.job_definitions.items():
        for inner, container in job.containers_by_path().items():
            if isinstance(container, ContainerSettings | EksContainer):
                yield ".".join(filter(None, ("job_definitions", name, inner, "image"))), container.image
    for path, settings in in_clusters(environment).items():
        for name, task_container in settings.task.containers.items():
            yield f"{path}.task.containers.{name}.image", task_container.image
        if isinstance(settings.task.logging, FireLensLogging):
            yield f"{path}.task.logging.router_image", settings.task.logging.router_image


def _length_problems(environment: EnvironmentSettings, path: str, image: RepositoryImage) -> Iterator[Problem]:
    length = len(image_uri(image, environment.repository_uris))
    if length > MAX_IMAGE_LENGTH:
        rule = f"leave the image within {MAX_IMAGE_LENGTH} characters, registry and repository included"
        fix = "shorten the tag, or the name of the repository"
        yield Problem(f"{path}.tag", rule, format_value(length), fix=fix)


def _reach_problems(environment: EnvironmentSettings, path: str, image: str, *, without_nat: bool) -> Iterator[Problem]:
    reference, here = parse_image(image), environment.location
    if reference.location and reference.location.partition != here.partition:
        rule = f"be of the partition {here.partition}, as {here.region} is"
        reason = "AWS partitions do not share resources"
        yield Problem(path, rule, format_value(image), reason, fix="push a copy to a registry of this one")
    elif without_nat and not reference.is_behind_endpoint(here.region):
        rule = f"be in ECR in {here.region} where network.nat_gateways is 0"
        reason = "no other registry can be reached"
        yield Problem(path, rule, format_value(image), reason, fix="push a copy to one of repositories")
    elif without_nat and is_cached(reference.repository, environment.pull_through_prefixes):
        rule = "be outside of pull_through_prefixes where network.nat_gateways is 0"
        reason = "the first pull of an image through ECR's cache needs a way to the internet"
        fix = "push a copy to one of repositories, or leave the prefix out if each image is first pulled from elsewhere"
        yield Problem(path, rule, format_value(image), reason, fix)
