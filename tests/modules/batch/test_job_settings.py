"""Every rule of a job of one container, on both edges and one step outside, with its whole message."""

from collections.abc import Callable
from typing import Any

import pytest

from modules.batch.settings.job_logs import DriverJobLogs
from modules.containers.settings import FileSystemMount, HostMount, Tmpfs, Ulimit
from tests.modules.batch.samples import SECRET, ec2_job, fargate_job
from tests.problems import refused

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
            "timeout_seconds: 60, got 59",
        ),
        (
            fargate_job,
            {"scheduling_priority": 10_000},
            "scheduling_priority: 0, 9,999, got 10,000",
        ),
        (
            fargate_job,
            {"ephemeral_storage_gib": 20},
            "ephemeral_storage_gib: 21, 200, got 20",
        ),
        (
            fargate_job,
            {"ephemeral_storage_gib": 201},
            "ephemeral_storage_gib: 21, 200, got 201",
        ),
        (
            fargate_job,
            {"vcpus": 3.0},
            "vcpus: 0.25, 0.5, 1, 2, 4, 8, 16, 32, got 3",
        ),
        (
            fargate_job,
            {"vcpus": 1.0, "memory_mib": 1_024},
            "memory_mib: 2,048, 8,192, 1,024, 1, got 1,024",
        ),
        (
            fargate_job,
            {"environment": {"AWS_BATCH_JOB_ID": "1"}},
            "environment.AWS_BATCH_JOB_ID: got 'AWS_BATCH_JOB_ID'",
        ),
        (
            fargate_job,
            {"environment": {"1ST": "x"}},
            "environment.1ST: got '1ST'",
        ),
        (
            fargate_job,
            {"environment": {"MODEL": ""}},
            "environment.MODEL: 1, got ''",
        ),
        (
            fargate_job,
            {"environment": {"TOKEN": "x"}, "secrets": {"TOKEN": SECRET}},
            "secrets.TOKEN: got 'TOKEN'",
        ),
        (
            fargate_job,
            {"mounts": [FileSystemMount(container_path="/tmp", file_system="weights", access_point="models")]},
            "mounts: got '/tmp'",
        ),
        (
            fargate_job,
            {"mounts": [HostMount(host_path="/mnt", container_path="/mnt")]},
            "mounts[0]: got a HostMount",
        ),
        (
            fargate_job,
            {"logs": DriverJobLogs(driver="fluentd")},
            "logs.driver: got 'fluentd'",
        ),
        (
            fargate_job,
            {"timeout_seconds": 1_209_601},
            "timeout_seconds: 1,209,600, got 1,209,601",
        ),
        (
            fargate_job,
            {"platform_version": "1.3.0"},
            "platform_version: got '1.3.0'",
        ),
        (
            fargate_job,
            {"tags": {"aws:team": "search"}},
            "tags.aws:team: got 'aws:team'",
        ),
        (
            fargate_job,
            {"parameters": {"shards": "1"}},
            "command: got 'Ref::shard'",
        ),
        (
            fargate_job,
            {"job_queues": []},
            "job_queues: 1, got 0",
        ),
        (
            ec2_job,
            {"vcpus": 0},
            "vcpus: 1, got 0",
        ),
        (
            ec2_job,
            {"vcpus": 0.5},
            "vcpus: got 0.5",
        ),
        (
            ec2_job,
            {"memory_mib": 3, "shared_memory_mib": None, "tmpfs": []},
            "memory_mib: 4, got 3",
        ),
        (
            ec2_job,
            {"max_swap_mib": None},
            "swappiness: got 10",
        ),
        (
            ec2_job,
            {"swappiness": 101},
            "swappiness: 0, 100, got 101",
        ),
        (
            ec2_job,
            {"ulimits": [Ulimit(name="nofile", soft=2, hard=1)]},
            "ulimits[0].soft: 1, got 2",
        ),
        (
            ec2_job,
            {"ulimits": [Ulimit(name="nofile", soft=1, hard=1), Ulimit(name="nofile", soft=2, hard=2)]},
            "ulimits: got 'nofile'",
        ),
        (
            ec2_job,
            {"scratch_paths": ["/tmp"], "tmpfs": [Tmpfs(container_path="/tmp", size_mib=1)]},
            "mounts: got '/tmp'",
        ),
        (
            ec2_job,
            {"memory_mib": 9_215},
            "memory_mib: 9,216, got 9,215",
        ),
    ],
)
def test_a_step_outside_is_refused_with_the_reason(build: Build, changes: dict[str, Any], message: str) -> None:
    assert refused(lambda: build(**changes)) == [message]


def test_shared_memory_and_tmpfs_may_take_all_of_the_memory() -> None:
    tmpfs = [Tmpfs(container_path="/fast", size_mib=1_024)]
    assert ec2_job(memory_mib=9_216, shared_memory_mib=8_192, tmpfs=tmpfs)
