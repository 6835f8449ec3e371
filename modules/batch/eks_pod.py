"""The pod of an EKS job definition, as the provider's typed blocks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from cdktf_cdktf_provider_aws.batch_job_definition import (
    BatchJobDefinitionEksPropertiesPodProperties,
    BatchJobDefinitionEksPropertiesPodPropertiesContainers,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersEnv,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersResources,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersSecurityContext,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersVolumeMounts,
    BatchJobDefinitionEksPropertiesPodPropertiesImagePullSecret,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainers,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersEnv,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersResources,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersSecurityContext,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersVolumeMounts,
    BatchJobDefinitionEksPropertiesPodPropertiesMetadata,
    BatchJobDefinitionEksPropertiesPodPropertiesVolumes,
    BatchJobDefinitionEksPropertiesPodPropertiesVolumesEmptyDir,
    BatchJobDefinitionEksPropertiesPodPropertiesVolumesHostPath,
    BatchJobDefinitionEksPropertiesPodPropertiesVolumesSecret,
)

from modules.batch.settings.job_definitions import (
    EksContainerSettings,
    EksJobDefinition,
    EksVolume,
    EmptyDirVolume,
    HostPathVolume,
    SecretVolume,
)
from modules.ecr.image import image_uri
from modules.terraform_literal import terraform_literal


class _ContainerTypes(NamedTuple):
    """The provider has two sets of classes with the same fields: for containers and for those that run before them."""

    container: type
    variable: type
    resources: type
    security_context: type
    mount: type


CONTAINERS = _ContainerTypes(
    BatchJobDefinitionEksPropertiesPodPropertiesContainers,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersEnv,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersResources,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersSecurityContext,
    BatchJobDefinitionEksPropertiesPodPropertiesContainersVolumeMounts,
)
INIT_CONTAINERS = _ContainerTypes(
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainers,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersEnv,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersResources,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersSecurityContext,
    BatchJobDefinitionEksPropertiesPodPropertiesInitContainersVolumeMounts,
)


def pod_properties(
    settings: EksJobDefinition, repository_uris: Mapping[str, str]
) -> BatchJobDefinitionEksPropertiesPodProperties:
    """Return the pod: containers and volumes sorted by name, initializing containers in the order they run."""
    return BatchJobDefinitionEksPropertiesPodProperties(
        containers=[
            _container(CONTAINERS, name, item, repository_uris) for name, item in sorted(settings.group.items())
        ],
        init_containers=[
            _container(INIT_CONTAINERS, item.name, item, repository_uris) for item in settings.init_containers
        ]
        or None,
        volumes=[_volume(name, volume) for name, volume in sorted(settings.volumes.items())] or None,
        service_account_name=settings.service_account_name,
        host_network=settings.host_network,
        image_pull_secret=[
            BatchJobDefinitionEksPropertiesPodPropertiesImagePullSecret(name=name)
            for name in settings.image_pull_secrets
        ]
        or None,
        metadata=BatchJobDefinitionEksPropertiesPodPropertiesMetadata(labels=dict(sorted(settings.labels.items())))
        if settings.labels
        else None,
    )


def _container(
    types: _ContainerTypes, name: str, settings: EksContainerSettings, repository_uris: Mapping[str, str]
) -> Any:
    environment = sorted(settings.environment.items())
    return types.container(
        name=name,
        image=image_uri(settings.image, repository_uris),
        image_pull_policy=settings.image_pull_policy,
        command=terraform_literal(settings.command) or None,
        args=terraform_literal(settings.args) or None,
        env=[types.variable(name=variable, value=terraform_literal(value)) for variable, value in environment] or None,
        resources=types.resources(limits=_amounts(settings), requests=_amounts(settings)),
        security_context=types.security_context(
            privileged=settings.privileged,
            read_only_root_file_system=settings.read_only_root_filesystem,
            run_as_user=settings.run_as_user,
            run_as_group=settings.run_as_group,
            run_as_non_root=settings.run_as_user is not None,
        ),
        volume_mounts=[types.mount(name=volume, mount_path=path) for volume, path in sorted(settings.mounts.items())]
        or None,
    )


def _amounts(settings: EksContainerSettings) -> Mapping[str, str]:
    gpus = {"nvidia.com/gpu": str(settings.gpus)} if settings.gpus else {}
    return {"cpu": f"{settings.vcpus:g}", "memory": f"{settings.memory_mib}Mi"} | gpus


def _volume(name: str, settings: EksVolume) -> BatchJobDefinitionEksPropertiesPodPropertiesVolumes:
    match settings:
        case EmptyDirVolume():
            empty_dir = BatchJobDefinitionEksPropertiesPodPropertiesVolumesEmptyDir(
                size_limit=f"{settings.size_mib}Mi", medium="Memory" if settings.in_memory else None
            )
            return BatchJobDefinitionEksPropertiesPodPropertiesVolumes(name=name, empty_dir=empty_dir)
        case SecretVolume():
            secret = BatchJobDefinitionEksPropertiesPodPropertiesVolumesSecret(
                secret_name=settings.secret_name, optional=settings.optional
            )
            return BatchJobDefinitionEksPropertiesPodPropertiesVolumes(name=name, secret=secret)
        case HostPathVolume():
            host_path = BatchJobDefinitionEksPropertiesPodPropertiesVolumesHostPath(path=settings.host_path)
            return BatchJobDefinitionEksPropertiesPodPropertiesVolumes(name=name, host_path=host_path)
    raise TypeError(f"{type(settings).__name__} is not a kind of volume")
