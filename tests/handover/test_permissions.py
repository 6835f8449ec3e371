"""What roles may do, in words."""

import json

from handover.permissions import roles
from tests.handover.platforms import root_module, shipped_platforms

TRUST = {"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}}]}
CONSUME = {
    "Action": ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
    "Effect": "Allow",
    "Resource": "${aws_sqs_queue.a.arn}",
    "Sid": "ConsumeMessages",
}


def test_a_role_is_told_with_who_takes_it_on_and_what_its_policies_allow() -> None:
    role = {
        "//": {"metadata": {"path": "dev/jobs/embed/role/Resource"}},
        "assume_role_policy": json.dumps(TRUST),
        "description": "What embed may use",
        "name": "embed",
    }
    attached = {"role": "${aws_iam_role.r.name}", "policy_arn": "arn:aws:iam::aws:policy/Some"}
    document = root_module(
        resource={
            "aws_iam_role": {"r": role},
            "aws_iam_role_policy": {
                "p": {"role": "${aws_iam_role.r.name}", "policy": json.dumps({"Statement": CONSUME})},
                "q": {"role": "${aws_iam_role.other.name}", "policy": json.dumps({"Statement": CONSUME})},
            },
            "aws_iam_role_policy_attachment": {"a": attached},
            "aws_sqs_queue": {"a": {"//": {"metadata": {"path": "dev/queues/a/Resource"}}}},
        }
    ).document
    (found,) = roles(document)
    assert (found.path, found.description, found.taken_by) == (
        "jobs/embed/role",
        role["description"],
        ("ecs.amazonaws.com",),
    )
    assert found.permissions == (
        "consume messages (sqs:DeleteMessage, sqs:ReceiveMessage) on `queues/a`",
        "what the policy arn:aws:iam::aws:policy/Some allows",
    )


def test_every_role_that_is_shipped_says_who_takes_it_on() -> None:
    found = [role for platform in shipped_platforms() for module in platform.modules for role in roles(module.document)]
    assert len(found) > 100
    assert [role.path for role in found if not role.taken_by or not role.path] == []
    assert sum(not role.permissions for role in found) < 0.1 * len(found)
