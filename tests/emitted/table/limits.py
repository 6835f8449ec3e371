"""Limits that stand in AWS's documentation and in no model, where several types of resources have them."""

from tests.emitted.requests import Limit

SIZE = Limit("a size in MiB", 1, 2**31 - 1, kind="number")
PATH = Limit("an absolute path", pattern=r"/.*")
PORT = Limit("a port", 1, 65_535, kind="number")
IMAGE = Limit("ContainerDefinition, ContainerProperties: 255 characters", pattern=r"[A-Za-z0-9_:./#@-]{1,255}")
KUBERNETES_NAME = Limit("Kubernetes: DNS label", pattern=r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
KUBERNETES_SUBDOMAIN = Limit(
    "Kubernetes: DNS subdomain", pattern=r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
)
ENVIRONMENT_NAME = Limit("a name without = and NUL", pattern=r"[^=\0]+")
NOT_EMPTY = Limit("something", 1, kind="characters")
CONTAINER_NAME = Limit("ContainerDefinition: 255 letters, digits, _ and -", pattern=r"[A-Za-z0-9_-]{1,255}")


def container(path: str) -> dict[str, Limit]:
    """Return the limits of a container of Batch or ECS at ``path``, and of what both APIs call the same."""
    return {
        f"{path}.image": IMAGE,
        f"{path}.environment.name": ENVIRONMENT_NAME,
        f"{path}.secrets.name": ENVIRONMENT_NAME,
        f"{path}.secrets.valueFrom": NOT_EMPTY,
        f"{path}.logConfiguration.secretOptions.name": NOT_EMPTY,
        f"{path}.logConfiguration.options": Limit("keys that are not empty", 1, kind="keys"),
        f"{path}.mountPoints.containerPath": PATH,
        f"{path}.mountPoints.sourceVolume": CONTAINER_NAME,
        f"{path}.linuxParameters.sharedMemorySize": SIZE,
        f"{path}.linuxParameters.maxSwap": Limit("LinuxParameters", 0, 2**31 - 1, kind="number"),
        f"{path}.linuxParameters.swappiness": Limit("LinuxParameters", 0, 100, kind="number"),
        f"{path}.linuxParameters.tmpfs.size": SIZE,
        f"{path}.linuxParameters.tmpfs.containerPath": PATH,
        f"{path}.linuxParameters.devices.hostPath": PATH,
        f"{path}.linuxParameters.devices.containerPath": PATH,
        f"{path}.ulimits.softLimit": Limit("setrlimit; -1: unlimited", -1, 2**31 - 1, kind="number"),
        f"{path}.ulimits.hardLimit": Limit("setrlimit; -1: unlimited", -1, 2**31 - 1, kind="number"),
        f"{path}.user": Limit("a user, and perhaps a group", pattern=r"[^:\s]+(:[^:\s]+)?"),
    }


def job_container(path: str) -> dict[str, Limit]:
    """Return the limits of a container of a Batch job."""
    return container(path) | {
        f"{path}.resourceRequirements.value": Limit("a plain number", pattern=r"0\.\d+|[1-9]\d*(\.\d+)?"),
        f"{path}.ephemeralStorage.sizeInGiB": Limit("EphemeralStorage", 21, 200, kind="number"),
        f"{path}.fargatePlatformConfiguration.platformVersion": Limit(
            "AWS Fargate platform versions", words=("LATEST", "1.4.0"), kind="word"
        ),
        f"{path}.volumes.name": CONTAINER_NAME,
        f"{path}.volumes.host.sourcePath": PATH,
        f"{path}.environment.name": Limit("not AWS_BATCH…", pattern=r"(?!AWS_BATCH)[^=\0]+"),
    }


def pod_container(path: str) -> dict[str, Limit]:
    """Return the limits of a container of a pod."""
    quantity = Limit("a Kubernetes quantity, as Batch takes it", pattern=r"[1-9]\d*(Mi)?|\d+\.(25|5|75)")
    return {
        f"{path}.image": IMAGE,
        f"{path}.name": KUBERNETES_NAME,
        f"{path}.env.name": Limit("not AWS_BATCH…", pattern=r"(?!AWS_BATCH)[^=\0]+"),
        f"{path}.image_pull_policy": Limit("EksContainer", words=("Always", "IfNotPresent", "Never"), kind="word"),
        f"{path}.resources.limits.cpu": quantity,
        f"{path}.resources.limits.memory": quantity,
        f"{path}.security_context.run_as_user": Limit("a user id", 0, 2**31 - 1, kind="number"),
        f"{path}.security_context.run_as_group": Limit("a group id", 0, 2**31 - 1, kind="number"),
        f"{path}.volume_mounts.mount_path": PATH,
        f"{path}.volume_mounts.name": KUBERNETES_NAME,
    }
