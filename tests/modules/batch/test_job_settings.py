"""Every rule of a job of one container, on both edges and one step outside, with its whole message."""

from collections.abc import Callable
from typing import Any

import pytest

from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.settings import FileSystemMount, HostMount, Tmpfs, Ulimit
from tests.modules.batch.samples import SECRET, ec2_job, fargate_job
from tests.problems import problems

Build = Callable[..., object]


@pytest.mark.parametrize(
    ("build", "setting", "edges"),
    [
        (fargate_job, "timeout_seconds", [60, 1_209_600]),
        (ec2_job, "timeout_seconds", [60, 1_209_601]),
        (ec2_job, "memory_mib", [9_216]),
        (fargate_job, "scheduling_priority", [0, 9_999]),
        (fargate_job, "ephemeral_storage_gib", [21, 200]),
        (ec2_job, "vcpus", [1]),
        (ec2_job, "gpus", [0, 16]),
        (ec2_job, "swappiness", [0, 100]),
    ],
)
def test_the_edges_of_a_range_are_accepted(build: Build, setting: str, edges: list[int]) -> None:
    for edge in edges:
        assert getattr(build(**{setting: edge}), setting) == edge


@pytest.mark.parametrize(
    ("build", "changes", "message"),
    [
        (
            fargate_job,
            {"timeout_seconds": 59},
            "timeout_seconds must be at least 60 seconds, got 59; "
            "an attempt that takes longer is ended and not tried again",
        ),
        (
            fargate_job,
            {"scheduling_priority": 10_000},
            "scheduling_priority must be from 0 to 9,999, got 10,000; "
            "for fair-share queues, which want one: the highest first, within a share",
        ),
        (
            fargate_job,
            {"ephemeral_storage_gib": 20},
            "ephemeral_storage_gib must be from 21 to 200 GiB, got 20; None: the 20 GiB that every Fargate job has",
        ),
        (
            fargate_job,
            {"ephemeral_storage_gib": 201},
            "ephemeral_storage_gib must be from 21 to 200 GiB, got 201; None: the 20 GiB that every Fargate job has",
        ),
        (
            fargate_job,
            {"vcpus": 3.0},
            "vcpus must be one of 0.25, 0.5, 1, 2, 4, 8, 16, 32, got 3; the next size up is 4",
        ),
        (
            fargate_job,
            {"vcpus": 1.0, "memory_mib": 1_024},
            "memory_mib must be from 2,048 to 8,192 in steps of 1,024 MiB with 1 vCPU, got 1,024; "
            "the next size up is 2,048",
        ),
        (
            fargate_job,
            {"environment": {"AWS_BATCH_JOB_ID": "1"}},
            "environment.AWS_BATCH_JOB_ID must not start with AWS_BATCH, which Batch sets itself, "
            "got 'AWS_BATCH_JOB_ID'; names to values; an empty value shows as a change in every plan",
        ),
        (
            fargate_job,
            {"environment": {"1ST": "x"}},
            "environment.1ST must match ^[A-Za-z_][A-Za-z0-9_]*$, got '1ST'; "
            "names to values; an empty value shows as a change in every plan",
        ),
        (
            fargate_job,
            {"environment": {"MODEL": ""}},
            "environment.MODEL must have at least 1 character, got ''; "
            "names to values; an empty value shows as a change in every plan",
        ),
        (
            fargate_job,
            {"environment": {"TOKEN": "x"}, "secrets": {"TOKEN": SECRET}},
            "secrets.TOKEN must not be in environment too, got 'TOKEN'; only one of the two can win",
        ),
        (
            fargate_job,
            {"mounts": [FileSystemMount(container_path="/tmp", file_system="weights", access_point="models")]},
            "mounts must use each path once, got '/tmp'; scratch_paths and tmpfs count too",
        ),
        (
            fargate_job,
            {"mounts": [HostMount(host_path="/mnt", container_path="/mnt")]},
            "mounts[0] must not be a HostMount on Fargate, got a HostMount; there is no host to mount from",
        ),
        (
            fargate_job,
            {"logs": DriverJobLogs(driver="fluentd")},
            "logs.driver must be splunk on Fargate, got 'fluentd'; it has no other",
        ),
        (
            fargate_job,
            {"timeout_seconds": 1_209_601},
            "timeout_seconds must be at most 1,209,600 seconds on Fargate, got 1,209,601; "
            "after 14 days AWS may end the job; use EC2",
        ),
        (
            fargate_job,
            {"platform_version": "1.3.0"},
            "platform_version must be one of 'LATEST', '1.4.0', got '1.3.0'; "
            "of Fargate; those before 1.4.0 have no file systems and are going",
        ),
        (
            fargate_job,
            {"tags": {"aws:team": "search"}},
            "tags.aws:team must not start with \"aws:\", which AWS keeps for itself, got 'aws:team'; "
            "on the definition and, but for EKS, on its tasks",
        ),
        (
            fargate_job,
            {"parameters": {"shards": "1"}},
            "command must refer to declared parameters only, got 'Ref::shard'; "
            "Batch would pass it on as it is; known: shards",
        ),
        (
            fargate_job,
            {"job_queues": []},
            "job_queues must have at least 1 item, got 0; "
            "where it may be submitted; the first is the usual one and holds its logs",
        ),
        (
            ec2_job,
            {"vcpus": 0},
            "vcpus must be at least 1, got 0; whole ones on EC2",
        ),
        (
            ec2_job,
            {"vcpus": 0.5},
            "vcpus must be a whole number, got 0.5; whole ones on EC2",
        ),
        (
            ec2_job,
            {"memory_mib": 3, "shared_memory_mib": None, "tmpfs": []},
            "memory_mib must be at least 4 MiB, got 3; more than this and the container is killed",
        ),
        (
            ec2_job,
            {"max_swap_mib": None},
            "swappiness must be left out without max_swap_mib, got 10; set max_swap_mib",
        ),
        (
            ec2_job,
            {"swappiness": 101},
            "swappiness must be from 0 to 100, got 101; 0: as little as possible; needs max_swap_mib; "
            "without effect on Amazon Linux 2023",
        ),
        (
            ec2_job,
            {"ulimits": [Ulimit(name="nofile", soft=2, hard=1)]},
            "ulimits[0].soft must be at most hard (1), got 2; a process could never reach it",
        ),
        (
            ec2_job,
            {"ulimits": [Ulimit(name="nofile", soft=1, hard=1), Ulimit(name="nofile", soft=2, hard=2)]},
            "ulimits must set each limit once, got 'nofile'; only one of the two can win",
        ),
        (
            ec2_job,
            {"tmpfs": [Tmpfs(container_path="/tmp", size_mib=1)]},
            "mounts must use each path once, got '/tmp'; scratch_paths and tmpfs count too",
        ),
        (
            ec2_job,
            {"memory_mib": 9_215},
            "memory_mib must cover shared_memory_mib and tmpfs (9,216), got 9,215; raise it",
        ),
    ],
)
def test_a_step_outside_is_refused_with_the_reason(build: Build, changes: dict[str, Any], message: str) -> None:
    assert problems(lambda: build(**changes)) == [message]


def test_shared_memory_and_tmpfs_may_take_all_of_the_memory() -> None:
    tmpfs = [Tmpfs(container_path="/fast", size_mib=1_024)]
    assert ec2_job(memory_mib=9_216, shared_memory_mib=8_192, tmpfs=tmpfs)
