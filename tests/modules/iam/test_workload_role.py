import json

import pytest
from cdktf import TerraformStack

from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole
from tests.conftest import Synthesized
from tests.problems import refused

READ = allow("Read", ["s3:GetObject"], "arn:aws:s3:::data/*")
WRITE = allow("Write", ["s3:PutObject"], "arn:aws:s3:::data/*")


def role(stack: TerraformStack, name: str = "tb-test-worker") -> WorkloadRole:
    return WorkloadRole(
        stack,
        "role",
        name=name,
        services=["ecs-tasks.amazonaws.com"],
        account_id="111122223333",
        description="what workers run as",
    )


def test_a_role_can_do_nothing_by_itself(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    role(stack)
    synthesized = synthesize(stack)

    assert synthesized.types() == ["aws_iam_role"]
    resource = synthesized.one("aws_iam_role")
    trust = json.loads(resource.pop("assume_role_policy"))
    assert resource == {"name": "tb-test-worker", "description": "what workers run as"}
    assert trust["Statement"][0]["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_each_right_is_a_policy_of_its_own(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    worker = role(stack)
    worker.add_policy("read", [READ])
    worker.add_policy("write", [WRITE])
    synthesized = synthesize(stack)

    address = synthesized.address("aws_iam_role", "tb-test-worker")
    policies = {policy["name"]: policy for policy in synthesized.all("aws_iam_role_policy")}
    assert {name: json.loads(policy["policy"])["Statement"][0]["Sid"] for name, policy in policies.items()} == {
        "read": "Read",
        "write": "Write",
    }
    assert {policy["role"] for policy in policies.values()} == {f"${{{address}.name}}"}


def test_granting_the_same_right_twice_is_granting_it_once(
    stack: TerraformStack, synthesize: type[Synthesized]
) -> None:
    worker = role(stack)
    worker.add_policy("read", [READ])
    worker.add_policy("read", [READ])

    assert len(synthesize(stack).all("aws_iam_role_policy")) == 1


def test_two_permissions_of_one_name_are_refused_since_one_would_be_lost(stack: TerraformStack) -> None:
    worker = role(stack)
    worker.add_policy("read", [READ])

    with pytest.raises(ValueError, match=r"^test/role has another policy called read: one of the two would be lost$"):
        worker.add_policy("read", [WRITE])


def test_a_managed_policy_is_attached_by_its_arn(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    role(stack).attach_managed_policy("own", arn)
    synthesized = synthesize(stack)

    address = synthesized.address("aws_iam_role", "tb-test-worker")
    assert synthesized.one("aws_iam_role_policy_attachment") == {"policy_arn": arn, "role": f"${{{address}.name}}"}


def test_a_role_knows_what_was_granted_to_it_either_way(stack: TerraformStack) -> None:
    worker = role(stack)
    assert worker.permissions == []
    worker.add_policy("read", [READ])
    worker.attach_managed_policy("own", "arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert [permission.node.id for permission in worker.permissions] == ["read", "own"]


def test_a_role_tells_of_each_permission_that_is_granted_to_it(stack: TerraformStack) -> None:
    worker = role(stack)
    told: list[list[str]] = []
    worker.add_policy("read", [READ])
    worker.tell_when_granted(lambda: told.append([permission.node.id for permission in worker.permissions]))
    assert told == []
    worker.add_policy("read", [READ])
    worker.add_policy("write", [WRITE])
    worker.attach_managed_policy("own", "arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert told == [["read", "write"], ["read", "write", "own"]]


def test_a_name_has_at_most_64_characters(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    role(stack, "x" * 64)

    assert synthesize(stack).one("aws_iam_role")["name"] == "x" * 64
    assert refused(
        lambda: WorkloadRole(stack, "b", name="x" * 65, services=["a"], account_id=None, description="")
    ) == [f"name: 64, got 65 ('{'x' * 65}')"]


def test_the_name_of_a_policy_that_joins_long_names_ends_in_a_hash_where_iam_takes_no_more(
    stack: TerraformStack,
) -> None:
    role = WorkloadRole(stack, "role", name="work", services=["ecs-tasks"], account_id=None, description="d")
    for name in ("a" * 128, "a" * 129, "a" * 128 + "b"):
        role.add_policy(name, [allow("Send", ["sqs:SendMessage"], "arn:aws:sqs:us-east-1:111122223333:a")])

    names = sorted(item["name"] for item in Synthesized(stack).all("aws_iam_role_policy"))
    assert names[0] == "a" * 119 + "-" + names[0][-8:]
    assert names[-1] == "a" * 128
    assert [len(name) for name in names] == [128, 128, 128]
    assert len(set(names)) == 3
