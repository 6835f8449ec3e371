"""Every rule of jobs on several nodes, on both edges and one step outside, with its whole message."""

import pytest

from modules.batch.settings.job_definitions import MultiNodeJobDefinition, NodeGroup
from tests.modules.batch.samples import ec2_container
from tests.problems import refused


def nodes(*counts: int, main_node: int = 0) -> MultiNodeJobDefinition:
    groups = [NodeGroup(**ec2_container(node_count=count)) for count in counts]
    return MultiNodeJobDefinition(
        job_queues=["distributed"], timeout_seconds=60, node_groups=groups, main_node=main_node
    )


def test_a_multi_node_job_has_at_most_a_thousand_nodes() -> None:
    assert nodes(999, 1).node_count == 1_000
    assert refused(lambda: nodes(999, 2)) == ["node_groups: 2, 1,000, got 1,001"]
    assert refused(lambda: nodes(1_001))[0] == "node_count: 1, 1,000, got 1,001"


def test_the_nodes_of_a_job_have_one_architecture() -> None:
    mixed = [NodeGroup(**ec2_container(node_count=1)), NodeGroup(**ec2_container(node_count=1, architecture="ARM64"))]
    assert refused(
        lambda: MultiNodeJobDefinition(job_queues=["distributed"], timeout_seconds=60, node_groups=mixed)
    ) == ["node_groups: got ARM64 and X86_64"]


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
    assert refused(lambda: nodes(1)) == ["node_groups: 2, 1,000, got 1"]
    assert refused(lambda: nodes(1, 1, 1, 1, 1, 1)) == ["node_groups: 5, got 6"]


def test_the_main_node_is_one_of_the_nodes() -> None:
    assert nodes(1, 2, main_node=2).main_node == 2
    assert refused(lambda: nodes(1, 2, main_node=3)) == ["main_node: 3, got 3"]
