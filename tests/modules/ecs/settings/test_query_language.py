"""What ECS takes to choose instances by."""

import pytest

from tests.modules.ecs.samples import ec2_task
from tests.problems import refused


@pytest.mark.parametrize(
    "expression",
    [
        "attribute:ecs.instance-type == g5.xlarge",
        "attribute:ecs.instance-type =~ g6.*",
        "attribute:ecs.instance-type =~ g[56].(x|2x)large and runningTasksCount < 3",
        "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]",
        "attribute:ecs.availability-zone !in [us-east-1a]",
        "attribute:stack exists",
        "not(task:group == service:production)",
        "(runningTasksCount >= 1 && agentConnected == true) || !(attribute:stack == 'my prod')",
        "ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']",
        "task:group equals database or agentVersion greater_than 1.0",
        "attribute:x == " + "a" * 1_985,
    ],
)
def test_a_constraint_is_an_expression(expression: str) -> None:
    assert ec2_task(placement_constraints=[expression]).placement_constraints == (expression,)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "g5.xlarge",
        "instance-type == g5.xlarge",
        "attribute:ecs.instance-type = g5.xlarge",
        "attribute:ecs.instance-type ==",
        "attribute:ecs.instance-type",
        "attribute: == a",
        "attribute:a == b attribute:c == d",
        "attribute:a == b and",
        "(attribute:a == b",
        "attribute:a in b",
        "attribute:x == " + "a" * 1_986,
    ],
)
def test_a_constraint_is_nothing_else(expression: str) -> None:
    found = refused(lambda: ec2_task(placement_constraints=[expression]))
    assert [item.partition(":")[0] for item in found] == ["placement_constraints[0]"]
