"""Policies for deploying: every emitted type is known, every action exists, and nothing of others is open."""

import json
from typing import Any

import parliament
import pytest

from handover.deployment_policy import POLICY_LENGTH, deployment_policies, plan_policies, table
from handover.platforms import Document, Platform
from modules.iam.actions import actions_of
from tests.emitted.table import ROWS
from tests.handover.platforms import root_module, shipped_platforms
from tests.simulator import Request, is_allowed

HERE = "us-east-1:333333333333"
# What IAM calls otherwise than the API: services, and actions.
SERVICES = {"efs": "elasticfilesystem", "elbv2": "elasticloadbalancing", "stepfunctions": "states"}
ACTIONS = {
    "CreateBudget": "ModifyBudget",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
# Managed policies that a role may have, unless its account asks for more.
MOST_POLICIES = 10


def production() -> Platform:
    return next(platform for platform in shipped_platforms() if platform.name == "prod")


def statements(platform: Platform) -> list[Any]:
    return [statement for policy in deployment_policies(platform) for statement in policy["Statement"]]


def allowed(platform: Platform, action: str, arn: str, **context: str) -> bool:
    return is_allowed(statements(platform), Request(action, arn, context=context))


def test_every_type_that_is_emitted_is_in_the_table() -> None:
    emitted = {
        f"{prefix}{type_}"
        for platform in shipped_platforms()
        for module in platform.modules
        for kind, prefix in (("resource", ""), ("data", "data."))
        for type_ in module.document.get(kind, {})
    } - {"data.terraform_remote_state"}
    assert (emitted | ROWS.keys()) - table().keys() == set()


@pytest.mark.parametrize("type_", table())
def test_the_table_has_actions_that_there_are_and_those_with_resources_apart(type_: str) -> None:
    for kind in ("actions", "any"):
        for action in table()[type_].get(kind, ()):
            service, _, name = action.partition(":")
            assert name in actions_of(service).names, action
            assert kind == "any" or name in actions_of(service).on_resources, action


@pytest.mark.parametrize("type_", ROWS)
def test_who_makes_something_may_send_the_requests_that_make_it(type_: str) -> None:
    row = table()[type_]
    for request in ROWS[type_].requests:
        service, _, operation = request.partition(".")
        action = f"{SERVICES.get(service, service)}:{ACTIONS.get(operation, operation)}"
        assert action in (*row["actions"], *row.get("any", ()))


def test_policies_are_as_short_and_as_few_as_iam_takes_them() -> None:
    for platform in shipped_platforms():
        for policies in (deployment_policies(platform), plan_policies(platform)):
            assert 0 < len(policies) <= MOST_POLICIES
            for policy in policies:
                assert len(json.dumps(policy, separators=(",", ":"))) <= POLICY_LENGTH
            sids = [statement["Sid"] for policy in policies for statement in policy["Statement"]]
            assert len(sids) == len(set(sids))


def test_who_plans_only_reads_and_reads_all_that_who_deploys_does() -> None:
    """As IAM sorts actions by what they do; what encrypts states has to be asked to read them."""
    services = {service["prefix"]: service["privileges"] for service in parliament.iam_definition}
    reading = {"kms:Decrypt"} | {
        f"{service}:{action['privilege']}"
        for service, privileges in services.items()
        for action in privileges
        if action["access_level"] in {"Read", "List"}
    }
    for platform in shipped_platforms():
        planned = [item for policy in plan_policies(platform) for item in policy["Statement"]]
        assert {action for item in planned for action in item["Action"]} <= reading
        kept = {item["Sid"]: {*item["Action"]} for item in planned}
        for item in statements(platform):
            left_out = {*item["Action"]} - kept.get(item["Sid"], set())
            assert left_out & reading <= {"kms:Decrypt"} or item["Sid"] == "EmptyBuckets"


@pytest.mark.parametrize(("action", "may"), [("s3:GetObject", True), ("s3:PutObject", False), ("kms:Decrypt", True)])
def test_who_plans_reads_states_and_writes_none(action: str, may: bool) -> None:
    key = f"arn:aws-cn:kms:cn-north-1:333333333333:key/{'1' * 36}"
    backend = {"s3": {"bucket": "states", "key": "dev/batch.tfstate", "kms_key_id": key}}
    (policy,) = plan_policies(one({"terraform": {"backend": backend}}))
    arn = key if action.startswith("kms") else "arn:aws-cn:s3:::states/dev/batch.tfstate"
    assert is_allowed(policy["Statement"], Request(action, arn)) is may


@pytest.mark.parametrize(
    ("action", "arn"),
    [
        ("sqs:DeleteQueue", f"arn:aws:sqs:{HERE}:{{}}requests"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::{}data-333333333333"),
        ("iam:PutRolePolicy", "arn:aws:iam::333333333333:role/{}embed-job"),
        ("iam:PassRole", "arn:aws:iam::333333333333:role/{}embed-job"),
        ("ecs:UpdateService", f"arn:aws:ecs:{HERE}:service/main/{{}}document-worker"),
        ("batch:UpdateJobQueue", f"arn:aws:batch:{HERE}:job-queue/{{}}spot"),
        ("batch:RegisterJobDefinition", f"arn:aws:batch:{HERE}:job-definition/{{}}embed-documents:3"),
        ("scheduler:DeleteSchedule", f"arn:aws:scheduler:{HERE}:schedule/default/{{}}nightly"),
    ],
)
def test_the_environment_s_own_things_are_open_and_no_others(action: str, arn: str) -> None:
    assert allowed(production(), action, arn.format("terrabatch-prod-"))
    assert not allowed(production(), action, arn.format("terrabatch-dev-"))
    assert not allowed(production(), action, arn.format("other-prod-"))


def test_roles_that_aws_makes_are_those_of_the_services_that_are_used() -> None:
    role = "arn:aws:iam::333333333333:role/aws-service-role/x/AWSServiceRoleForX"
    for service, may in (("batch.amazonaws.com", True), ("ssm.amazonaws.com", False)):
        context = {"iam:AWSServiceName": service}
        assert allowed(production(), "iam:CreateServiceLinkedRole", role, **context) is may


def one(document: Document) -> Platform:
    provider = {"aws": [{"region": "cn-north-1", "allowed_account_ids": ["333333333333"]}]}
    return Platform("dev", (root_module("dev-batch", provider=provider, **document),))


def test_names_that_only_terraform_knows_are_left_open_as_far_as_they_are_not_known() -> None:
    environment = {"name_prefix": "${aws_vpc.a.id}-b-", "service_role": "arn:aws-cn:iam::333333333333:role/batch"}
    platform = one({"resource": {"aws_batch_compute_environment": {"a": environment}}})
    assert allowed(platform, "iam:PassRole", "arn:aws-cn:iam::333333333333:role/batch")
    assert not allowed(platform, "iam:PassRole", "arn:aws-cn:iam::333333333333:role/other")
    place = "arn:aws-cn:batch:cn-north-1:333333333333:compute-environment/"
    assert allowed(platform, "batch:DeleteComputeEnvironment", f"{place}x-b-1")
    assert not allowed(platform, "batch:DeleteComputeEnvironment", f"{place}x-c-1")


@pytest.mark.parametrize("may", [True, False])
def test_only_buckets_that_go_with_their_objects_may_be_emptied(may: bool) -> None:
    bucket = {"bucket": "tb-dev-data", **({"force_destroy": True} if may else {})}
    platform = one({"resource": {"aws_s3_bucket": {"a": bucket}}})
    assert allowed(platform, "s3:DeleteObjectVersion", "arn:aws-cn:s3:::tb-dev-data/a") is may
    assert not allowed(platform, "s3:DeleteObjectVersion", "arn:aws-cn:s3:::tb-dev-other/a")


def test_states_in_s3_are_kept_by_who_deploys() -> None:
    backend = {"s3": {"bucket": "states", "key": "dev/batch.tfstate"}}
    platform = one({"terraform": {"backend": backend}})
    assert allowed(platform, "s3:PutObject", "arn:aws-cn:s3:::states/dev/batch.tfstate.tflock")
    assert not allowed(platform, "s3:PutObject", "arn:aws-cn:s3:::states/prod/batch.tfstate")
