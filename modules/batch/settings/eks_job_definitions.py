"""Job definitions that run as a pod in an EKS cluster.

Source: EksPodProperties in the Batch API reference, read from botocore's model.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.batch.settings.any_job_definitions import JobDefinitionSettings
from modules.batch.settings.containers import JobEnvironmentName
from modules.batch.settings.placeholders import PlaceholderUse
from modules.containers.settings import DATA_FOLDER, AbsolutePath, Architecture, EnvironmentValue, no_plain_secrets
from modules.ecr.image import Image
from modules.markers import given_in_production, production
from modules.problems import Problem, unknown_name
from modules.settings import Distinct, Sequence, Settings

# Source: "Object Names and IDs" and "Labels and Selectors" in the Kubernetes documentation.
KubernetesName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$", max_length=253)
]
# Of containers and volumes, which have no dots.
PodPartName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
LabelValue = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]
LabelKey = Annotated[
    str,
    StringConstraints(pattern=r"^([a-z0-9][a-z0-9.-]{0,252}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"),
    Field(description="up to 63 letters, digits, _ . and -, perhaps after a domain and a slash, e.g. example.com/team"),
]


class EksContainer(Settings):
    """A container of a pod."""

    image: Image
    """a RepositoryImage, or a full name; the nodes' role has to be allowed to pull it [required; must have a digest, or
    a tag that is not latest in production]"""
    command: Sequence[str] = ()
    """replaces the image's ENTRYPOINT [default empty]"""
    args: Sequence[str] = ()
    """replaces the image's CMD; Ref::name stands for a parameter [default empty]"""
    environment: Annotated[dict[JobEnvironmentName, EnvironmentValue], no_plain_secrets("a SecretVolume")] = Field(
        default_factory=dict
    )
    """names to values [each value at least 1 character; default empty; must not look like a secret in production]"""
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] = "IfNotPresent"
    """as in Kubernetes [one of 'Always', 'IfNotPresent', 'Never'; default 'IfNotPresent']"""
    vcpus: float = Field(ge=0.25, multiple_of=0.25)
    """a multiple of 0.25; request and limit [at least 0.25; a multiple of 0.25; required]"""
    memory_mib: int = Field(ge=4)
    """request and limit [at least 4; required]"""
    gpus: int = Field(default=0, ge=0, le=16)
    """whole GPUs [from 0 to 16; default 0]"""
    mounts: dict[PodPartName, AbsolutePath] = Field(default_factory=dict)
    """volume names to paths [default empty]"""
    read_only_root_filesystem: Annotated[
        bool, production(True, "otherwise a process could change its own program; write to volumes")
    ] = True
    """only volumes can be written then [default True; must be True in production]"""
    privileged: Annotated[bool, production(False, "it is root on the node")] = False
    """True: root on the node [default False; must be False in production]"""
    run_as_user: Annotated[int | None, given_in_production("the image's own is mostly root")] = Field(
        default=None, ge=1
    )
    """None: the image's own user; 0 would be root [at least 1; default None; must be given in production]"""
    run_as_group: int | None = Field(default=None, ge=1)
    """None: the image's own group [at least 1; default None]"""


class EksInitContainer(EksContainer):
    """A container that has to end before the others start."""

    name: PodPartName
    """unique in the pod [required]"""


class EksVolume(Settings, abstract=True):
    """Base of the volumes of a pod."""


class EmptyDirVolume(EksVolume):
    """A folder that lives as long as the pod."""

    size_mib: int = Field(ge=1)
    """the pod is evicted when it holds more [at least 1; required]"""
    in_memory: bool = False
    """True: counts against the pod's memory [default False]"""


class SecretVolume(EksVolume):
    """A Kubernetes secret as files."""

    secret_name: KubernetesName
    """in the pod's namespace [at most 253 characters; required]"""
    optional: bool = False
    """True: the pod starts without it [default False]"""


class HostPathVolume(EksVolume):
    """A folder of the node."""

    host_path: Annotated[AbsolutePath, DATA_FOLDER]
    """on the node [required; must be none of the system's own folders in production]"""


class EksJobDefinition(JobDefinitionSettings):
    """A pod on EKS. Its permissions come from its service account, its tags stay on the definition."""

    containers: dict[PodPartName, EksContainer] = Field(min_length=1, max_length=10)
    """containers by name [1 to 10 entries; required]"""
    init_containers: Sequence[EksInitContainer] = Field(default=(), max_length=10)
    """run one after the other before the rest [at most 10 items; default empty]"""
    volumes: dict[PodPartName, EksVolume] = Field(default_factory=dict)
    """what containers can mount [default empty]"""
    service_account_name: KubernetesName | None = None
    """carries the pod's AWS permissions [at most 253 characters; default None]"""
    host_network: Annotated[bool, production(False, "the pod would see the node's traffic")] = False
    """True: the pod has the node's address and sees its traffic [default False; must be False in production]"""
    image_pull_secrets: Distinct[KubernetesName] = ()
    """in the pod's namespace [each at most 253 characters; default empty]"""
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    """of the pod [default empty]"""
    architecture: Architecture = "X86_64"
    """what the images are built for [one of 'X86_64', 'ARM64'; default 'X86_64']"""

    def containers_by_path(self) -> Mapping[str, EksContainer]:
        """Return the containers of the pod, those that initialize included."""
        first = {f"init_containers[{index}]": container for index, container in enumerate(self.init_containers)}
        return first | {f"containers.{name}": container for name, container in self.containers.items()}

    def placeholder_uses(self) -> Iterator[PlaceholderUse]:
        """Yield every command and its arguments."""
        for path, container in self.containers_by_path().items():
            yield PlaceholderUse(f"{path}.command", container.command, container.environment)
            yield PlaceholderUse(f"{path}.args", container.args, container.environment)

    def check_eks_job_definition(self) -> Iterator[Problem]:
        """Check that what is mounted and referred to is there, and that names are used once."""
        names = [*self.containers, *(container.name for container in self.init_containers)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            reason = "names are unique among containers and init containers"
            yield Problem("init_containers", "use each name once in the pod", repr(name), reason)
        for path, container in self.containers_by_path().items():
            for name in sorted(set(container.mounts) - set(self.volumes)):
                yield unknown_name(f"{path}.mounts.{name}", name, self.volumes, "volumes")
