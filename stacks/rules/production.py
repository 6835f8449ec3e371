"""What production refuses: every setting that is weaker than its default where protection is concerned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.batch.settings.compute_environments import InstanceCapacity, UnmanagedComputeEnvironment
from modules.batch.settings.containers import ContainerSettings, Ec2ContainerSettings
from modules.batch.settings.job_definitions import EksContainerSettings, EksJobDefinition
from modules.batch.settings.job_queues import JobStateTimeLimits
from modules.problems import Problem, shown
from modules.s3.settings import BucketSettings
from modules.settings import readable
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, MadeNetwork, PublicNetwork
from stacks.state import LocalState

if TYPE_CHECKING:
    from stacks.environment import Environment


def production_is_protected(environment: Environment) -> Iterator[Problem]:
    """Refuse what a production environment must not be weakened by."""
    if not environment.production:
        return
    for check in (
        _state_is_shared,
        _network_is_private,
        _data_is_kept,
        _images_are_known,
        _instances_are_left_alone,
        _jobs_do_not_wait_for_ever,
        _jobs_are_confined,
    ):
        yield from readable(check(environment))


def _state_is_shared(environment: Environment) -> Iterator[Problem]:
    if isinstance(environment.state, LocalState):
        yield Problem(
            "state",
            "be S3State or HcpTerraformState in production",
            shown(environment.state),
            "a state on one machine is lost with it",
        )


def _network_is_private(environment: Environment) -> Iterator[Problem]:
    network = environment.network
    if isinstance(network, PublicNetwork):
        yield Problem(
            "network",
            "be a PrivateNetwork or ExistingNetwork in production",
            shown(network),
            "public addresses are one wrong rule away from being reached",
        )
    if isinstance(network, ExistingNetwork) and network.assign_public_ip:
        yield Problem("network.assign_public_ip", "be False in production", "True", "use private subnets")
    if isinstance(network, MadeNetwork) and network.flow_log_retention_days is None:
        yield Problem(
            "network.flow_log_retention_days", "be given in production", "None", "an incident cannot be traced without"
        )


def _data_is_kept(environment: Environment) -> Iterator[Problem]:
    for name, bucket in environment.buckets.items():
        if not isinstance(bucket, BucketSettings):
            continue
        if bucket.force_destroy:
            yield Problem(f"buckets.{name}.force_destroy", "be False in production", "True", "it deletes the objects")
        if not bucket.versioning:
            yield Problem(
                f"buckets.{name}.versioning", "be True in production", "False", "a mistake could not be undone"
            )
    for name, file_system in environment.file_systems.items():
        if not file_system.backup:
            yield Problem(
                f"file_systems.{name}.backup", "be True in production", "False", "a mistake could not be undone"
            )
    for name, queue in environment.queues.items():
        if isinstance(queue, MessageQueueSettings) and queue.max_receive_count is None:
            yield Problem(
                f"queues.{name}.max_receive_count",
                "be given in production",
                "None",
                "without a dead-letter queue a message that always fails is lost when its retention ends",
            )


def _images_are_known(environment: Environment) -> Iterator[Problem]:
    for name, repository in environment.repositories.items():
        path = f"repositories.{name}"
        if repository.force_delete:
            yield Problem(f"{path}.force_delete", "be False in production", "True", "it deletes the images")
        if not repository.immutable_tags:
            yield Problem(
                f"{path}.immutable_tags", "be True in production", "False", "a tag could come to mean other code"
            )
        if not repository.scan_on_push:
            yield Problem(
                f"{path}.scan_on_push", "be True in production", "False", "known vulnerabilities stay unknown"
            )


def _instances_are_left_alone(environment: Environment) -> Iterator[Problem]:
    for name, settings in environment.compute_environments.items():
        path = f"compute_environments.{name}"
        if isinstance(settings, InstanceCapacity | UnmanagedComputeEnvironment) and settings.launch_template.ssm_access:
            yield Problem(
                f"{path}.launch_template.ssm_access",
                "be False in production",
                "True",
                "who has a shell on an instance has the data and the roles of its jobs",
            )
        if isinstance(settings, InstanceCapacity) and settings.update_policy.terminate_jobs_on_update:
            yield Problem(
                f"{path}.update_policy.terminate_jobs_on_update",
                "be False in production",
                "True",
                "each new launch template would end all running jobs",
            )


def _jobs_do_not_wait_for_ever(environment: Environment) -> Iterator[Problem]:
    for name, queue in environment.job_queues.items():
        for limit in JobStateTimeLimits.model_fields:
            if getattr(queue.job_state_time_limits, limit) is None:
                yield Problem(
                    f"job_queues.{name}.job_state_time_limits.{limit}",
                    "be given in production",
                    "None",
                    "a job that cannot start would hold up the queue until somebody looks",
                )


def _jobs_are_confined(environment: Environment) -> Iterator[Problem]:
    """Check that no container can change its image or the machine it runs on."""
    for name, job in environment.job_definitions.items():
        for inner, container in job.containers().items():
            path = f"job_definitions.{name}.{inner}" if inner else f"job_definitions.{name}"
            if not isinstance(container, ContainerSettings | EksContainerSettings):
                continue
            if not container.read_only_root_filesystem:
                where = f"{path}.read_only_root_filesystem"
                yield Problem(where, "be True in production", "False", "write to scratch_paths, mounts or volumes")
            if isinstance(container, Ec2ContainerSettings | EksContainerSettings) and container.privileged:
                yield Problem(f"{path}.privileged", "be False in production", "True", "it is root on the instance")
        if isinstance(job, EksJobDefinition) and job.host_network:
            where = f"job_definitions.{name}.host_network"
            yield Problem(where, "be False in production", "True", "the pod would see the node's traffic")
