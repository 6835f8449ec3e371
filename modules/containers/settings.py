"""What a container sees of files, secrets and the kernel: the same in the APIs of Batch and of ECS.

Source: ContainerProperties in the Batch API reference, ContainerDefinition in that of ECS.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import normpath
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from modules.checks import only_with
from modules.containers.plain_secrets import is_plain_secret
from modules.ecr.image import Image, is_of_ecr
from modules.iam.secret_settings import RepositoryCredentials, SecretSettings
from modules.markers import EachInProduction, Production, RefersTo, given_in_production, production
from modules.naming import ShortName
from modules.problems import Problem, format_value
from modules.settings import Distinct, Sequence, Settings

Architecture = Literal["X86_64", "ARM64"]
SYSTEM_FOLDERS = {"/"} | {
    f"/{name}"
    for name in ("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr", "var")
}


def _is_for_data(folder: str) -> bool:
    """Return whether a folder of the host is none by which a container could become root there."""
    return f"/{normpath(folder).strip('/').partition('/')[0]}" not in SYSTEM_FOLDERS


DATA_FOLDER = Production(_is_for_data, "be none of the system's own folders", "it is root on the host")

# What gives a container no way to the instance's memory, disks or kernel.
HARMLESS_DEVICE = re.compile(
    r"/dev/(fuse|gdrdrv|kfd|kvm|nitro_enclaves|net/tun|null|zero|full|u?random|ptp[0-9]+"
    r"|(dri|infiniband|nvidia-caps)/[a-zA-Z0-9_-]+|(neuron|nvidia)[a-z0-9-]*)"
)
HARMLESS_DEVICES = EachInProduction(
    lambda path: bool(HARMLESS_DEVICE.fullmatch(normpath(path))),
    "be an accelerator, network or FUSE device",
    "with most others, such as /dev/mem or a disk, it is root on the instance",
)


def no_plain_secrets(where: str) -> EachInProduction:
    """Return the wish that no name or value in a map looks like a secret, which belongs into ``where``."""
    return EachInProduction(
        lambda item: not is_plain_secret(*item),
        "not look like a secret",
        f"everybody who may look at Batch, ECS or the Terraform could read it; use {where}",
    )


AbsolutePath = Annotated[str, StringConstraints(pattern=r"^/[0-9A-Za-z_./-]*$")]
# A shell takes none with dots or hyphens in it, Java and .NET do.
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")]
# A name of an option or parameter, which nothing can have that is empty.
OptionName = Annotated[str, StringConstraints(min_length=1)]
# An empty value would show as a change in every plan.
EnvironmentValue = Annotated[str, StringConstraints(min_length=1)]


class MountSettings(Settings, abstract=True):
    """Base of what can be mounted into a container."""

    container_path: AbsolutePath
    """where the container sees it [required]"""
    read_only: bool = True
    """False: the container may write to it [default True]"""


class FileSystemMount(MountSettings):
    """A file system of this environment through one of its access points; the permissions to it are granted along."""

    file_system: Annotated[ShortName, RefersTo("file_systems")]
    """one of file_systems [one of the environment's file_systems; required]"""
    access_point: ShortName
    """one of the file system's access points [required]"""


class ExistingFileSystemMount(MountSettings):
    """An EFS file system that somebody else owns; always with encryption in transit and IAM authorization."""

    file_system_id: str = Field(pattern=r"^fs-[0-9a-f]{8,40}$")
    """the file system's id [required]"""
    access_point_id: str | None = Field(default=None, pattern=r"^fsap-[0-9a-f]{8,40}$")
    """None: the whole file system, as far as its policy allows [default None]"""


FILE_SYSTEM_MOUNTS = (ExistingFileSystemMount, FileSystemMount)


class HostMount(MountSettings):
    """A folder of the EC2 instance, such as an instance-store RAID at /mnt."""

    host_path: Annotated[AbsolutePath, Field(max_length=255 - len("host")), DATA_FOLDER]
    """on the instance; left there when the container is gone [at most 251 characters; required; must be none of the
    system's own folders in production]"""

    @property
    def volume_name(self) -> str:
        """Return what ECS calls the volume, whose name has no slashes."""
        return "host" + self.host_path.replace("/", "_").replace(".", "-")


class Ulimit(Settings):
    """A limit of the kernel for the processes of a container."""

    name: Literal[
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
    ]
    """as in setrlimit [one of 'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile',
    'nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack'; required]"""
    soft: int = Field(ge=-1)
    """what a process gets; -1: unlimited [at least -1; required]"""
    hard: int = Field(ge=-1)
    """what it may raise it to; -1: unlimited [at least -1; required]"""


class Tmpfs(Settings):
    """A folder in memory."""

    container_path: AbsolutePath
    """where the container sees it [required]"""
    size_mib: int = Field(ge=1)
    """counts against the container's memory [at least 1; required]"""


class CommonContainer(Settings, abstract=True):
    """What every container has, wherever it runs."""

    # What can be mounted where this container runs.
    mount_kinds: ClassVar[tuple[type[MountSettings], ...]] = FILE_SYSTEM_MOUNTS

    image: Image
    """a RepositoryImage, or a full name; a digest runs the same code indefinitely [required; must have a digest, or a
    tag that is not latest in production]"""
    repository_credentials: RepositoryCredentials | None = None
    """for an image of a private registry other than ECR; the permission to read them is granted [default None]"""
    command: Sequence[str] = ()
    """empty: the image's own [default empty]"""
    environment: Annotated[dict[EnvironmentName, EnvironmentValue], no_plain_secrets("secrets")] = Field(
        default_factory=dict
    )
    """names to values; an empty value shows as a change in every plan [each value at least 1 character; default empty;
    must not look like a secret in production]"""
    secrets: dict[EnvironmentName, SecretSettings] = Field(default_factory=dict)
    """environment names to secrets, read by AWS before the container starts [default empty]"""
    user: Annotated[
        str | None,
        given_in_production("the image's own is mostly root; name an unprivileged user, or root if it has to be"),
    ] = Field(default=None, pattern=r"^[0-9A-Za-z_.-]+(:[0-9A-Za-z_.-]+)?$")
    """None: the image's own [default None; must be given in production]"""
    read_only_root_filesystem: Annotated[
        bool, production(True, "otherwise a process could change its own program; write to scratch_paths or mounts")
    ] = True
    """True: only scratch_paths and mounts can be written [default True; must be True in production]"""
    scratch_paths: Sequence[AbsolutePath] | None = None
    """writable folders that vanish with it; root's own on Fargate, unless the image has VOLUME; None: /tmp, where
    nothing else is and the rest is read-only [default None]"""
    init_process: bool = True
    """an init process reaps orphans and passes on signals [default True]"""
    mounts: Sequence[MountSettings] = ()
    """file systems and folders of the instance [default empty]"""

    def mounted_paths(self) -> list[str]:
        """Return where something other than scratch_paths is mounted, in any order."""
        return [mount.container_path for mount in self.mounts]

    def scratch_folders(self) -> Sequence[str]:
        """Return scratch_paths, or what stands for them."""
        if self.scratch_paths is not None:
            return self.scratch_paths
        # What the image has at /tmp can be written where its root can; a volume over it would be root's on Fargate.
        return ("/tmp",) if self.read_only_root_filesystem and "/tmp" not in self.mounted_paths() else ()

    def all_secrets(self) -> Mapping[str, SecretSettings]:
        """Return what AWS reads before it starts the container, by what it is for."""
        credentials = self.repository_credentials
        return self.secrets | ({"repository credentials": credentials.secret()} if credentials else {})

    def check_repository_credentials(self) -> Iterator[Problem]:
        """Check that they are for a registry that asks for them."""
        if self.repository_credentials is not None and is_of_ecr(self.image):
            rule, reason = (
                "be left out for an image of ECR",
                "the execution role pulls it from ECR without a password",
            )
            yield self.problem("repository_credentials", rule, reason)

    def check_common_container(self) -> Iterator[Problem]:
        """Check the kinds of mounts, and names and paths that are used twice."""
        for index, mount in enumerate(self.mounts):
            if not isinstance(mount, self.mount_kinds):
                kinds = ", ".join(kind.__name__ for kind in self.mount_kinds)
                yield Problem(f"mounts[{index}]", f"be one of {kinds}", format_value(mount), "no others exist")
        for name in sorted(set(self.environment) & set(self.secrets)):
            yield Problem(
                f"secrets.{name}", "not be in environment too", repr(name), "only one of the two values can apply"
            )
        paths = [*self.scratch_folders(), *self.mounted_paths()]
        for path in sorted({path for path in paths if paths.count(path) > 1}):
            yield Problem("mounts", "use each path once", repr(path), "scratch_paths and tmpfs count too")


def fargate_scratch_problems(container: CommonContainer) -> Iterator[Problem]:
    """Check that scratch_paths are given on Fargate for a user other than root.

    Source: "Bind mounts" in the ECS guide: 0755 and root's, unless the image has VOLUME of that very path.
    """
    user = (container.user or "root").partition(":")[0]
    if container.scratch_paths is None and container.scratch_folders() and user not in {"0", "root"}:
        reason = "the folder belongs to root, mode 0755, unless the image declares it as VOLUME with another owner"
        fix = 'give ["/tmp"] and an image with VOLUME /tmp, or [] for a process that writes no files'
        yield Problem("scratch_paths", "be given on Fargate for a user other than root", None, reason, fix)


class UlimitedContainer(CommonContainer, abstract=True):
    """A container whose processes may have other limits than those of the host."""

    ulimits: Sequence[Ulimit] = ()
    """limits of the kernel for its processes, e.g. memlock unlimited for EFA; Fargate takes nofile only [default
    empty]"""

    def check_ulimits(self) -> Iterator[Problem]:
        """Check that each limit is set once, and can be reached."""
        limits = [limit.name for limit in self.ulimits]
        for name in sorted({name for name in limits if limits.count(name) > 1}):
            yield Problem("ulimits", "set each limit once", repr(name), "only one of the two values can apply")
        for index, limit in enumerate(self.ulimits):
            if limit.hard != -1 and (limit.soft == -1 or limit.soft > limit.hard):
                rule, reason = f"be at most hard ({limit.hard:,})", "a soft limit cannot exceed its hard limit"
                yield Problem(f"ulimits[{index}].soft", rule, format_value(limit.soft), reason)


class HostContainer(UlimitedContainer, abstract=True):
    """What a container can have of the EC2 instance that it runs on."""

    gpus: int = Field(default=0, ge=0, le=16)
    """whole GPUs, seen by this container alone [from 0 to 16; default 0]"""
    shared_memory_mib: int | None = Field(default=None, ge=1)
    """/dev/shm; data loaders and NCCL need more than Docker's 64 MiB [at least 1; default None]"""
    tmpfs: Sequence[Tmpfs] = ()
    """folders in memory [default empty]"""
    max_swap_mib: int | None = Field(default=None, ge=0)
    """0: no swap; the instance must have some [at least 0; default None]"""
    swappiness: int | None = Field(default=None, ge=0, le=100)
    """0: as little as possible; without effect on Amazon Linux 2023 [from 0 to 100; default None]"""
    devices: Annotated[Distinct[AbsolutePath], HARMLESS_DEVICES] = ()
    """devices of the instance, e.g. /dev/infiniband/uverbs0 [default empty; must be an accelerator, network or FUSE
    device in production]"""
    privileged: Annotated[bool, production(False, "it is root on the instance")] = False
    """True: root on the instance; production refuses it [default False; must be False in production]"""

    check_swappiness: ClassVar = only_with("swappiness", "max_swap_mib")

    def mounted_paths(self) -> list[str]:
        """Return where something other than scratch_paths is mounted, in any order."""
        return [*super().mounted_paths(), *(folder.container_path for folder in self.tmpfs)]
