"""The pod of an EKS job definition as plain data, in the keys of Batch's RegisterJobDefinition. No constructs."""

from collections.abc import Mapping
from typing import Any

from modules.batch.settings.eks_job_definitions import (
    EksContainer,
    EksJobDefinition,
    EksVolume,
    EmptyDirVolume,
    HostPathVolume,
    SecretVolume,
)
from modules.ecr.image import image_uri

Document = dict[str, Any]


def eks_job(settings: EksJobDefinition, repository_uris: Mapping[str, str]) -> Document:
    """Return what only a pod has in the request: containers and volumes by name, initializing containers in order."""
    pod = {
        "containers": [
            _container(name, container, repository_uris) for name, container in sorted(settings.containers.items())
        ],
        "initContainers": [
            _container(container.name, container, repository_uris) for container in settings.init_containers
        ],
        "volumes": [{"name": name, **_volume(volume)} for name, volume in sorted(settings.volumes.items())],
        "serviceAccountName": settings.service_account_name,
        "hostNetwork": settings.host_network,
        "imagePullSecrets": [{"name": name} for name in settings.image_pull_secrets],
        "metadata": {"labels": dict(sorted(settings.labels.items()))},
    }
    return {"eksProperties": {"podProperties": pod}}


def _container(name: str, settings: EksContainer, repository_uris: Mapping[str, str]) -> Document:
    return {
        "name": name,
        "image": image_uri(settings.image, repository_uris),
        "imagePullPolicy": settings.image_pull_policy,
        "command": list(settings.command),
        "args": list(settings.args),
        "env": [{"name": variable, "value": value} for variable, value in sorted(settings.environment.items())],
        "resources": {"limits": _amounts(settings), "requests": _amounts(settings)},
        "securityContext": {
            "privileged": settings.privileged,
            "readOnlyRootFilesystem": settings.read_only_root_filesystem,
            "runAsUser": settings.run_as_user,
            "runAsGroup": settings.run_as_group,
            "runAsNonRoot": settings.run_as_user is not None,
        },
        "volumeMounts": [{"name": volume, "mountPath": path} for volume, path in sorted(settings.mounts.items())],
    }


def _amounts(settings: EksContainer) -> Mapping[str, str]:
    gpus = {"nvidia.com/gpu": str(settings.gpus)} if settings.gpus else {}
    return {"cpu": f"{settings.vcpus:g}", "memory": f"{settings.memory_mib}Mi"} | gpus


def _volume(settings: EksVolume) -> Document:
    match settings:
        case EmptyDirVolume():
            medium = "Memory" if settings.in_memory else None
            return {"emptyDir": {"sizeLimit": f"{settings.size_mib}Mi", "medium": medium}}
        case SecretVolume():
            return {"secret": {"secretName": settings.secret_name, "optional": settings.optional}}
        case HostPathVolume():
            return {"hostPath": {"path": settings.host_path}}
    raise TypeError(f"{type(settings).__name__} is not a kind of volume")
