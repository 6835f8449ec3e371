"""Containers that wait for each other: what every task has in common, whether Batch starts it or ECS."""

from typing import Any

import pytest

from modules.batch.settings.job_containers import Ec2JobContainer
from modules.batch.settings.job_definitions import Ec2MultiContainerJobDefinition
from modules.containers.dependencies import ContainerDependency, TaskMember, dependency_problems
from tests.modules.batch.samples import IMAGE
from tests.modules.ecs.samples import fargate_container, fargate_task
from tests.problems import in_short, refused


class Member(TaskMember):
    """A container that is nothing but one of several."""


class HealthyMember(TaskMember):
    """The same, with something that tells whether it works."""

    @property
    def has_health_check(self) -> bool:
        """Return that it has."""
        return True


HELPER = Member(essential=False)


def after(container: str, condition: Any = "START") -> ContainerDependency:
    return ContainerDependency(container=container, condition=condition)


def found(**members: TaskMember) -> list[str]:
    return in_short(dependency_problems(members))


def test_something_ends_the_task() -> None:
    assert found(a=HELPER, b=Member()) == []
    assert found(a=HELPER, b=HELPER) == ["containers: got none"]


@pytest.mark.parametrize(
    ("other", "condition", "can_come"),
    [
        (Member(), "START", True),
        (Member(), "COMPLETE", False),
        (Member(), "SUCCESS", False),
        (HELPER, "COMPLETE", True),
        (HELPER, "SUCCESS", True),
        (HELPER, "HEALTHY", False),
        (HealthyMember(), "HEALTHY", True),
    ],
)
def test_a_container_waits_for_what_can_come(other: TaskMember, condition: str, can_come: bool) -> None:
    waiting = Member(depends_on=[after("other", condition)])
    expected = [] if can_come else [f"containers.worker.depends_on[0].condition: got {condition!r}"]
    assert found(other=other, worker=waiting) == expected


def test_a_container_waits_for_another_one_once() -> None:
    assert found(other=HELPER, worker=Member(depends_on=[after("other"), after("other", "COMPLETE")])) == [
        "containers.worker.depends_on[1].container: got 'other'"
    ]


def test_a_container_waits_for_another_one_of_its_task() -> None:
    assert found(a=Member(depends_on=[after("c")]), b=Member(depends_on=[after("b")])) == [
        "containers.a.depends_on[0].container: got 'c'",
        "containers.b.depends_on[0].container: got 'b'",
        "containers: got b → b",
    ]


def test_containers_do_not_wait_for_each_other() -> None:
    assert found(a=Member(depends_on=[after("b")]), b=Member(depends_on=[after("a")])) == ["containers: got a → b → a"]


def test_tasks_and_jobs_are_checked_alike() -> None:
    job: dict[str, Any] = {"image": IMAGE, "vcpus": 1, "memory_mib": 512}
    lonely = [after("nobody")]
    for build in (
        lambda: fargate_task(containers={"a": fargate_container(depends_on=lonely)}),
        lambda: Ec2MultiContainerJobDefinition(
            job_queues=["gpu"],
            timeout_seconds=60,
            containers={"a": Ec2JobContainer(**job, depends_on=lonely), "b": Ec2JobContainer(**job)},
        ),
    ):
        assert refused(build) == ["containers.a.depends_on[0].container: got 'nobody'"]


def test_a_task_of_ecs_knows_which_containers_have_a_health_check() -> None:
    waiting = fargate_container(depends_on=[after("server", "HEALTHY")])
    assert refused(lambda: fargate_task(containers={"server": fargate_container(), "worker": waiting})) == [
        "containers.worker.depends_on[0].condition: got 'HEALTHY'"
    ]
