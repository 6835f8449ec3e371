"""Every rule of job definitions, on both edges and one step outside, with its whole message."""

from collections.abc import Callable
from typing import Any, Literal

import pytest

from modules.batch.settings.container_groups import ContainerDependency, Ec2GroupContainer, FargateGroupContainer
from modules.batch.settings.eks_job_definitions import (
    EksContainerSettings,
    EksInitContainer,
    EksJobDefinition,
    EmptyDirVolume,
)
from modules.batch.settings.job_definitions import (
    Ec2MultiContainerJobDefinition,
    FargateMultiContainerJobDefinition,
    MultiNodeJobDefinition,
    NodeGroup,
)
from modules.batch.settings.job_logs import DriverJobLogs
from modules.batch.settings.retries import RetryRule, RetryStrategy, SpotRetryStrategy
from modules.containers.settings import FileSystemMount, HostMount, Tmpfs, Ulimit
from tests.modules.batch.samples import IMAGE, SECRET, ec2_container, ec2_job, fargate_job
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


def test_retries_are_one_to_ten_and_the_rules_at_most_five() -> None:
    rule = RetryRule(action="EXIT", on_exit_code="1")
    assert RetryStrategy(attempts=1)
    assert RetryStrategy(attempts=10, evaluate_on_exit=[rule] * 5)
    assert problems(lambda: RetryStrategy(attempts=11, evaluate_on_exit=[rule] * 6)) == [
        "attempts must be from 1 to 10, got 11; 1: no retry; a job that reached its timeout is never retried",
        "evaluate_on_exit must have at most 5 items, got 6; in this order; what matches none is retried",
    ]
    assert problems(lambda: RetryStrategy(attempts=0)) == [
        "attempts must be from 1 to 10, got 0; 1: no retry; a job that reached its timeout is never retried"
    ]


def test_a_retry_rule_has_a_pattern_that_batch_can_read() -> None:
    assert problems(lambda: RetryRule(action="EXIT")) == [
        'on_reason must be given where no other pattern is; a rule for everything has on_reason="*"'
    ]
    assert problems(lambda: RetryRule(action="EXIT", on_exit_code="1x")) == [
        "on_exit_code must match ^[0-9]*\\*?$, got '1x'; the container's exit code; may end in *"
    ]
    assert problems(lambda: RetryRule(action="EXIT", on_reason="a*b")) == [
        "on_reason must match ^[0-9A-Za-z.:\\s]*\\*?$, got 'a*b'; the container's reason; may end in *"
    ]
    assert RetryRule(action="EXIT", on_reason="x" * 511 + "*")
    assert problems(lambda: RetryRule(action="EXIT", on_reason="x" * 513)) == [
        f"on_reason must have at most 512 characters, got '{'x' * 75} ...; the container's reason; may end in *"
    ]


def test_the_spot_preset_gives_up_only_on_what_is_the_jobs_own_fault() -> None:
    rules = SpotRetryStrategy().evaluate_on_exit

    assert [(rule.action, rule.on_status_reason or rule.on_reason) for rule in rules] == [
        ("RETRY", "Host EC2*"),
        ("RETRY", "Your Spot Task was interrupted*"),
        ("RETRY", "CannotPull*"),
        ("EXIT", "*"),
    ]


def group(**containers: dict[str, Any]) -> dict[str, Ec2GroupContainer]:
    base: dict[str, Any] = {"image": IMAGE, "vcpus": 1, "memory_mib": 512}
    return {name: Ec2GroupContainer(**(base | changes)) for name, changes in containers.items()}


def several(containers: dict[str, Ec2GroupContainer]) -> Ec2MultiContainerJobDefinition:
    return Ec2MultiContainerJobDefinition(job_queues=["gpu"], timeout_seconds=60, group=containers)


def after(name: str, condition: Literal["START", "COMPLETE", "SUCCESS"]) -> dict[str, Any]:
    return {"depends_on": [ContainerDependency(container=name, condition=condition)]}


def test_a_group_has_two_to_ten_containers() -> None:
    assert several(group(a={}, b={}))
    assert several(group(**{f"c{number}": {} for number in range(10)}))
    assert problems(lambda: several(group(a={}))) == [
        "group must have at least 2 items, got 1; containers by name; one container is an Ec2JobDefinition"
    ]
    assert problems(lambda: several(group(**{f"c{number}": {} for number in range(11)}))) == [
        "group must have at most 10 items, got 11; containers by name; one container is an Ec2JobDefinition"
    ]


def test_a_group_needs_an_essential_container() -> None:
    assert problems(lambda: several(group(a={"essential": False}, b={"essential": False}))) == [
        "group must have an essential container, got none; nothing would end the job"
    ]


def test_containers_wait_for_others_that_can_come_that_far() -> None:
    assert several(group(a=after("b", "START"), b={}))
    assert several(group(a=after("b", "SUCCESS"), b={"essential": False}))
    assert problems(lambda: several(group(a=after("c", "START"), b={}))) == [
        "group.a.depends_on[0].container must name another container (b), got 'c'"
    ]
    assert problems(lambda: several(group(a=after("b", "COMPLETE"), b={}))) == [
        "group.a.depends_on[0].container must name a container that is not essential with COMPLETE, got 'b'; "
        "the job ends when an essential container does"
    ]
    twice = {"depends_on": [*after("b", "START")["depends_on"], *after("b", "COMPLETE")["depends_on"]]}
    assert problems(lambda: several(group(a=twice, b={"essential": False}))) == [
        "group.a.depends_on[1].container must be named once, got 'b'; Batch refuses the job definition"
    ]
    assert problems(lambda: several(group(a=after("b", "START"), b=after("a", "START")))) == [
        "group must have no circle of depends_on, got a → b → a; none of them would start"
    ]


@pytest.mark.parametrize("seconds", [2, 120])
def test_a_container_has_two_to_120_seconds_to_stop(seconds: int) -> None:
    assert several(group(a={"stop_timeout_seconds": seconds, "start_timeout_seconds": seconds}, b={}))


@pytest.mark.parametrize("seconds", [1, 121])
def test_a_container_has_no_less_and_no_more_time_to_stop(seconds: int) -> None:
    assert problems(lambda: several(group(a={"stop_timeout_seconds": seconds}, b={}))) == [
        f"stop_timeout_seconds must be from 2 to 120 seconds, got {seconds}; from SIGTERM to SIGKILL; None: 30"
    ]


def test_containers_on_fargate_share_the_size_of_the_job() -> None:
    def share(vcpus: float, memory_mib: int) -> FargateMultiContainerJobDefinition:
        container = FargateGroupContainer(image=IMAGE, vcpus=vcpus, memory_mib=memory_mib)
        return FargateMultiContainerJobDefinition(
            job_queues=["light"], timeout_seconds=60, vcpus=1, memory_mib=2_048, group={"a": container, "b": container}
        )

    assert share(0.5, 1_024)
    assert problems(lambda: share(0.75, 1_025)) == [
        "vcpus must cover its containers (1.5), got 1; raise it or lower theirs",
        "memory_mib must cover its containers (2,050), got 2,048; raise it or lower theirs",
    ]


def test_containers_on_one_instance_have_one_architecture() -> None:
    assert several(group(a={"architecture": "ARM64"}, b={"architecture": "ARM64"}))
    assert problems(lambda: several(group(a={"architecture": "ARM64"}, b={}))) == [
        "group must have one architecture, got ARM64 and X86_64; its instances are of one type"
    ]


def test_what_fargate_does_not_have_is_refused_in_each_container_of_a_group() -> None:
    container = FargateGroupContainer(
        image=IMAGE,
        vcpus=0.5,
        memory_mib=1_024,
        mounts=[HostMount(host_path="/mnt", container_path="/mnt")],
        logs=DriverJobLogs(driver="syslog"),
    )
    assert problems(
        lambda: FargateMultiContainerJobDefinition(
            job_queues=["light"],
            timeout_seconds=1_209_601,
            vcpus=1,
            memory_mib=2_048,
            group={"a": container, "b": FargateGroupContainer(image=IMAGE, vcpus=0.5, memory_mib=1_024)},
        )
    ) == [
        "timeout_seconds must be at most 1,209,600 seconds on Fargate, got 1,209,601; "
        "after 14 days AWS may end the job; use EC2",
        "group.a.mounts[0] must not be a HostMount on Fargate, got a HostMount; there is no host to mount from",
        "group.a.logs.driver must be splunk on Fargate, got 'syslog'; it has no other",
    ]


def nodes(*counts: int, main_node: int = 0) -> MultiNodeJobDefinition:
    groups = [NodeGroup(**ec2_container(node_count=count)) for count in counts]
    return MultiNodeJobDefinition(
        job_queues=["distributed"], timeout_seconds=60, node_groups=groups, main_node=main_node
    )


def test_a_multi_node_job_has_at_most_a_thousand_nodes() -> None:
    assert nodes(999, 1).node_count == 1_000
    assert problems(lambda: nodes(999, 2)) == [
        "node_groups must have at most 1,000 nodes, got 1,001; more do not fit into one cluster"
    ]
    assert problems(lambda: nodes(1_001))[0] == (
        "node_count must be from 1 to 1,000, got 1,001; how many nodes; they are numbered through all groups"
    )


def test_the_nodes_of_a_job_have_one_architecture() -> None:
    mixed = [NodeGroup(**ec2_container(node_count=1)), NodeGroup(**ec2_container(node_count=1, architecture="ARM64"))]
    assert problems(
        lambda: MultiNodeJobDefinition(job_queues=["distributed"], timeout_seconds=60, node_groups=mixed)
    ) == ["node_groups must have one architecture, got ARM64 and X86_64; its instances are of one type"]


@pytest.mark.parametrize(
    ("job", "least"), [(nodes(4), 2), (nodes(1, 3), 2), (nodes(2, 2), 3), (nodes(1, 3, main_node=3), 4)]
)
def test_a_submission_can_shrink_the_last_group_to_one_node_but_not_below_the_main_node(
    job: MultiNodeJobDefinition, least: int
) -> None:
    assert job.least_node_count == least


def test_a_multi_node_job_has_two_nodes_in_at_most_five_groups() -> None:
    assert nodes(2).node_count == 2
    assert nodes(1, 1, 1, 1, 1).node_count == 5
    assert problems(lambda: nodes(1)) == ["node_groups must have at least 2 nodes, got 1; use an Ec2JobDefinition"]
    assert problems(lambda: nodes(1, 1, 1, 1, 1, 1)) == [
        "node_groups must have at most 5 items, got 6; "
        "in the order of their node numbers, which start at 0; the last is the one a submission can resize"
    ]


def test_the_main_node_is_one_of_the_nodes() -> None:
    assert nodes(1, 2, main_node=2).main_node == 2
    assert problems(lambda: nodes(1, 2, main_node=3)) == [
        "main_node must be below the number of nodes (3), got 3; nodes are numbered from 0"
    ]


def pod(**changes: Any) -> EksJobDefinition:
    container = EksContainerSettings(image=IMAGE, vcpus=0.25, memory_mib=4, mounts={"scratch": "/tmp"})
    values: dict[str, Any] = {
        "job_queues": ["pods"],
        "timeout_seconds": 60,
        "group": {"main": container},
        "volumes": {"scratch": EmptyDirVolume(size_mib=1)},
    }
    return EksJobDefinition(**(values | changes))


def test_a_pod_mounts_and_refers_to_what_it_declares() -> None:
    first = EksInitContainer(name="main", image=IMAGE, vcpus=0.25, memory_mib=4, args=["Ref::shard"])
    assert pod()
    assert problems(lambda: pod(volumes={}, init_containers=[first])) == [
        "init_containers must use each name once in the pod, got 'main'; group counts too",
        "init_containers[0].args must refer to declared parameters only, got 'Ref::shard'; "
        "Batch would pass it on as it is; known: none",
        "group.main.mounts.scratch must name one of volumes, got 'scratch'; known: none",
    ]


def test_a_pod_s_environment_leaves_batch_s_own_names_alone() -> None:
    variables = {"AWS_BATCH_JOB_ID": "1"}
    assert problems(lambda: EksContainerSettings(image=IMAGE, vcpus=0.25, memory_mib=4, environment=variables)) == [
        "environment.AWS_BATCH_JOB_ID must not start with AWS_BATCH, which Batch sets itself, "
        "got 'AWS_BATCH_JOB_ID'; names to values"
    ]


def test_a_pod_takes_quarters_of_a_vcpu() -> None:
    assert EksContainerSettings(image=IMAGE, vcpus=1.75, memory_mib=4)
    assert problems(lambda: EksContainerSettings(image=IMAGE, vcpus=0.3, memory_mib=4)) == [
        "vcpus must be a multiple of 0.25, got 0.3; a multiple of 0.25; request and limit"
    ]
