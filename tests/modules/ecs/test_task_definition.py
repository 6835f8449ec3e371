"""The roles of tasks: what starts them, what they may use, who may run them."""

import json
from typing import Any

from cdktf import TerraformStack

from tests.conftest import Synthesized
from tests.modules.ecs.samples import fargate_task
from tests.modules.ecs.task_samples import (
    FIRELENS,
    FULL_FARGATE,
    PARAMETER,
    SECRET,
    define,
)
from tests.policies import findings, statements


def policies(stack: TerraformStack, role_name: str) -> dict[str, dict[str, Any]]:
    """Return all statements of a role by Sid."""
    synthesized = Synthesized(stack)
    role = synthesized.address("aws_iam_role", role_name)
    found: dict[str, dict[str, Any]] = {}
    for policy in synthesized.all("aws_iam_role_policy"):
        if policy["role"] == f"${{{role}.name}}":
            assert findings(policy["policy"]) == set()
            found |= statements(policy["policy"])
    return found


def test_the_execution_role_reads_this_image_these_secrets_and_writes_this_log(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    group = Synthesized(stack).address("aws_cloudwatch_log_group", "/aws/ecs/tb-test-embed")
    allowed = policies(stack, "tb-test-embed-task-execution")
    assert {sid: statement["Resource"] for sid, statement in allowed.items()} == {
        "LogInToRegistry": "*",
        "PullImages": [
            "arn:aws:ecr:us-east-1:111122223333:repository/embed",
            "arn:aws:ecr:us-east-1:111122223333:repository/tb-test-embed",
        ],
        "WriteLogs": f"${{{group}.arn}}:*",
        "ReadSecrets": SECRET.secret_arn,
        "ReadParameters": PARAMETER.parameter_arn,
    }


def test_firelens_secrets_are_readable_too(stack: TerraformStack) -> None:
    define(stack, FIRELENS)
    assert policies(stack, "tb-test-embed-task-execution")["ReadSecrets"]["Resource"] == SECRET.secret_arn


def test_the_task_role_has_what_it_is_granted_and_nothing_else(stack: TerraformStack) -> None:
    define(stack, FULL_FARGATE)
    synthesized = Synthesized(stack)
    # A mount asks for its file system; access asks for nothing but a policy of one's own.
    assert set(policies(stack, "tb-test-embed-task")) == {"ReadFiles"}
    attachment = synthesized.one("aws_iam_role_policy_attachment")
    assert attachment["policy_arn"] == "arn:aws:iam::111122223333:policy/tables"
    assert json.loads(synthesized.named("aws_iam_role", "tb-test-embed-task")["assume_role_policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    ]


def test_each_task_definition_has_a_log_group_with_a_retention(stack: TerraformStack) -> None:
    define(stack, fargate_task())
    group = Synthesized(stack).one("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/ecs/tb-test-embed", 30)
