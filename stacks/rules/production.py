"""What production refuses: every setting that is weaker than its default where protection is concerned."""

from collections.abc import Callable, Iterator
from posixpath import normpath
from typing import Any

from modules.batch.settings.compute_environments import (
    ComputeEnvironmentSettings,
    InstanceCapacity,
    UnmanagedComputeEnvironment,
)
from modules.batch.settings.containers import ContainerSettings, Ec2ContainerSettings
from modules.batch.settings.eks_job_definitions import EksContainerSettings, EksJobDefinition, HostPathVolume
from modules.batch.settings.job_definitions import JobDefinitionSettings
from modules.batch.settings.job_queues import JobQueueSettings, JobStateTimeLimits
from modules.containers.settings import HostMount
from modules.ecr.settings import RepositorySettings
from modules.efs.settings import FileSystemSettings
from modules.problems import Problem, format_value
from modules.s3.settings import AnyBucketSettings, BucketSettings
from modules.settings import skip_if_invalid
from modules.sqs.settings import MessageQueueSettings, QueueSettings
from modules.vpc.settings import ExistingNetwork, MadeNetwork, PublicNetwork
from stacks.environment_settings import EnvironmentSettings
from stacks.state import LocalState

SYSTEM_FOLDERS = {"/"} | {
    f"/{name}"
    for name in ("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "root", "run", "sbin", "sys", "usr", "var")
}


def check_production(environment: EnvironmentSettings) -> Iterator[Problem]:
    """Refuse what a production environment must not be weakened by."""
    if not environment.production:
        return
    yield from skip_if_invalid(_state_is_shared(environment))
    yield from skip_if_invalid(_network_is_private(environment))
    for kind, check in (
        ("buckets", _bucket_is_kept),
        ("file_systems", _file_system_is_kept),
        ("queues", _messages_are_kept),
        ("repositories", _images_are_known),
        ("compute_environments", _instances_are_left_alone),
        ("job_queues", _jobs_do_not_wait_for_ever),
        ("job_definitions", _jobs_are_confined),
    ):
        yield from skip_if_invalid(_of_each(environment, kind, check))


def _of_each(
    environment: EnvironmentSettings, kind: str, check: Callable[[str, Any], Iterator[Problem]]
) -> Iterator[Problem]:
    """Yield what ``check`` finds in each entry of a map; an entry with a bad setting hides no other's problems."""
    for name, settings in getattr(environment, kind).items():
        yield from skip_if_invalid(check(f"{kind}.{name}", settings))


def _state_is_shared(environment: EnvironmentSettings) -> Iterator[Problem]:
    if isinstance(environment.state, LocalState):
        yield Problem(
            "state",
            "be S3State or HcpTerraformState in production",
            format_value(environment.state),
            "a state on one machine is lost with it",
        )


def _network_is_private(environment: EnvironmentSettings) -> Iterator[Problem]:
    network = environment.network
    if isinstance(network, PublicNetwork):
        yield Problem(
            "network",
            "be a PrivateNetwork or ExistingNetwork in production",
            format_value(network),
            "public addresses are one wrong rule away from being reached",
        )
    if isinstance(network, ExistingNetwork) and network.assign_public_ip:
        yield Problem("network.assign_public_ip", "be False in production", "True", fix="use private subnets")
    if isinstance(network, MadeNetwork) and network.flow_log_retention_days is None:
        yield Problem(
            "network.flow_log_retention_days", "be given in production", "None", "an incident cannot be traced without"
        )


def _must_be(path: str, value: object, wanted: object, consequence: str) -> Iterator[Problem]:
    if value != wanted:
        yield Problem(path, f"be {wanted} in production", format_value(value), consequence)


def _bucket_is_kept(path: str, bucket: AnyBucketSettings) -> Iterator[Problem]:
    if isinstance(bucket, BucketSettings):
        yield from _must_be(f"{path}.force_destroy", bucket.force_destroy, False, "it deletes the objects")
        yield from _must_be(f"{path}.versioning", bucket.versioning, True, "a mistake could not be undone")


def _file_system_is_kept(path: str, file_system: FileSystemSettings) -> Iterator[Problem]:
    yield from _must_be(f"{path}.backup", file_system.backup, True, "a mistake could not be undone")


def _messages_are_kept(path: str, queue: QueueSettings) -> Iterator[Problem]:
    if isinstance(queue, MessageQueueSettings) and queue.max_receive_count is None:
        yield Problem(
            f"{path}.max_receive_count",
            "be given in production",
            "None",
            fix="without a dead-letter queue a message that always fails is lost when its retention ends",
        )


def _images_are_known(path: str, repository: RepositorySettings) -> Iterator[Problem]:
    for setting, wanted, consequence in (
        ("force_delete", False, "it deletes the images"),
        ("immutable_tags", True, "a tag could come to mean other code"),
        ("scan_on_push", True, "known vulnerabilities stay unknown"),
    ):
        yield from _must_be(f"{path}.{setting}", getattr(repository, setting), wanted, consequence)


def _instances_are_left_alone(path: str, settings: ComputeEnvironmentSettings) -> Iterator[Problem]:
    if isinstance(settings, InstanceCapacity | UnmanagedComputeEnvironment):
        yield from _must_be(
            f"{path}.launch_template.ssm_access",
            settings.launch_template.ssm_access,
            False,
            "who has a shell on an instance has the data and the roles of its jobs",
        )
    if isinstance(settings, InstanceCapacity):
        yield from _must_be(
            f"{path}.update_policy.terminate_jobs_on_update",
            settings.update_policy.terminate_jobs_on_update,
            False,
            "each new launch template would end all running jobs",
        )


def _jobs_do_not_wait_for_ever(path: str, queue: JobQueueSettings) -> Iterator[Problem]:
    for limit in JobStateTimeLimits.model_fields:
        if getattr(queue.job_state_time_limits, limit) is None:
            yield Problem(
                f"{path}.job_state_time_limits.{limit}",
                "be given in production",
                "None",
                "a job that cannot start would hold up the queue until somebody looks",
            )


def _jobs_are_confined(path: str, job: JobDefinitionSettings) -> Iterator[Problem]:
    """Check that no container can change its image or the machine it runs on."""
    for name, container in job.containers_by_path().items():
        yield from _container_is_confined(f"{path}.{name}" if name else path, container)
    if isinstance(job, EksJobDefinition):
        for name, volume in job.volumes.items():
            if isinstance(volume, HostPathVolume):
                yield from folder_is_for_data(f"{path}.volumes.{name}.host_path", volume.host_path)
        yield from _must_be(f"{path}.host_network", job.host_network, False, "the pod would see the node's traffic")


def _container_is_confined(path: str, container: object) -> Iterator[Problem]:
    if isinstance(container, ContainerSettings | EksContainerSettings):
        confined = container.read_only_root_filesystem
        where = f"{path}.read_only_root_filesystem"
        yield from _must_be(where, confined, True, "write to scratch_paths, mounts or volumes")
    if isinstance(container, ContainerSettings):
        for index, mount in enumerate(container.mounts):
            if isinstance(mount, HostMount):
                yield from folder_is_for_data(f"{path}.mounts[{index}].host_path", mount.host_path)
    if isinstance(container, Ec2ContainerSettings | EksContainerSettings):
        yield from _must_be(f"{path}.privileged", container.privileged, False, "it is root on the instance")


def folder_is_for_data(path: str, folder: str) -> Iterator[Problem]:
    """Check that a folder of the host is none by which a container could become root there."""
    first = f"/{normpath(folder).strip('/').partition('/')[0]}"
    if first in SYSTEM_FOLDERS:
        yield Problem(path, "be none of the system's own folders in production", repr(folder), "it is root on the host")
