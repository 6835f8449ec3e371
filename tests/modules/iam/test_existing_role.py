import json

from cdktf import App, TerraformStack

from modules.iam.account_rules import AccountStack, IamRules
from modules.iam.existing_role import ExistingRole, define_role, required_policies
from modules.iam.policy import allow
from modules.iam.workload_role import WorkloadRole
from tests.conftest import Synthesized

ARN = "arn:aws:iam::111122223333:role/ml/embed"
READ = allow("Read", ["s3:GetObject"], "arn:aws:s3:::data/*")
SEND = allow("Send", ["sqs:SendMessage"], "arn:aws:sqs:us-east-1:111122223333:out")


def existing(stack: TerraformStack, id_: str = "role", arn: str = ARN, service: str = "ecs-tasks") -> ExistingRole:
    role = define_role(
        stack, id_, name="n", services=[f"{service}.amazonaws.com"], account_id=None, description="d", role_arn=arn
    )
    assert isinstance(role, ExistingRole)
    return role


def test_nothing_is_made_for_a_role_that_exists(stack: TerraformStack, synthesize: type[Synthesized]) -> None:
    role = existing(stack)
    role.add_policy("read", [READ])
    role.attach_managed_policy("theirs", "arn:aws:iam::111122223333:policy/theirs")

    assert (role.role_arn, role.permissions) == (ARN, [])
    assert synthesize(stack).types() == []


def test_a_role_that_is_not_named_is_made(stack: TerraformStack) -> None:
    role = define_role(stack, "role", name="n", services=["a"], account_id=None, description="d", role_arn=None)
    assert type(role) is WorkloadRole


def test_what_it_needs_is_one_policy_of_all_that_was_granted(stack: TerraformStack) -> None:
    role = existing(stack)
    role.add_policy("read", [READ])
    role.add_policy("send", [SEND])
    role.attach_managed_policy("theirs", "arn:aws:iam::111122223333:policy/theirs")
    required = required_policies([role.needs])[ARN]

    assert required["assumed_by"] == ["ecs-tasks.amazonaws.com"]
    assert [statement["Sid"] for statement in json.loads(required["policy"])["Statement"]] == ["Read", "Send"]
    assert required["managed_policy_arns"] == ["arn:aws:iam::111122223333:policy/theirs"]


def test_a_role_that_is_used_twice_needs_what_both_uses_need_and_each_sid_is_there_once(stack: TerraformStack) -> None:
    first, second = existing(stack, "a"), existing(stack, "b", service="batch")
    other = allow("Read", ["s3:GetObject"], "arn:aws:s3:::other/*")
    first.add_policy("read", [READ])
    second.add_policy("read", [READ])
    second.add_policy("more", [other])
    required = required_policies([first.needs, second.needs])

    assert list(required) == [ARN]
    assert required[ARN]["assumed_by"] == ["batch.amazonaws.com", "ecs-tasks.amazonaws.com"]
    statements = json.loads(required[ARN]["policy"])["Statement"]
    assert [(item["Sid"], item["Resource"]) for item in statements] == [
        ("Read", "arn:aws:s3:::data/*"),
        ("Read2", "arn:aws:s3:::other/*"),
    ]


def test_a_role_that_needs_nothing_says_only_who_assumes_it(stack: TerraformStack) -> None:
    assert required_policies([existing(stack).needs]) == {ARN: {"assumed_by": ["ecs-tasks.amazonaws.com"]}}


def test_a_stack_with_rules_knows_the_roles_of_others() -> None:
    ours = AccountStack(App(), "ours")
    ours.iam = IamRules()
    roles = [existing(ours, "a"), existing(ours, "b")]
    assert ours.iam.needs == [role.needs for role in roles]
