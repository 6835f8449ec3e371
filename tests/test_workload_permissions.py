"""What each workload of every environment may do, and what not, with keys of one's own for everything.

Each row of the table is what a setting opens; everything else that could be done to what is in the environment is
tried too, and must be refused.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from modules.batch.settings.any_job_definitions import EcsJobDefinition
from modules.containers.settings import FileSystemMount
from modules.ecr.image import RepositoryImage
from modules.ecs.settings.queue_workers import QueueWorkerService
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretsManagerSecret
from modules.settings import settings_in
from stacks.environment import Environment
from stacks.rules.services import in_clusters
from tests.shipped import PACKAGES
from tests.simulator import Request, is_allowed
from tests.worlds import World, as_shipped, governed_world

ENVIRONMENTS = as_shipped(*PACKAGES)
Probe = tuple[str, str, tuple[tuple[str, str], ...]]

# What may be done to a queue, a bucket and a mount, by what opens it.
QUEUE = {
    "consume": {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"},
    "send": {"sqs:SendMessage"},
    "redrive": {"sqs:SendMessage"},
    "move": {"sqs:StartMessageMoveTask", "sqs:CancelMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage"},
    "": {"sqs:PurgeQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:AddPermission"},
}
OBJECTS = {
    "read": {"s3:GetObject"},
    "write": {"s3:PutObject"},
    "delete": {"s3:DeleteObject"},
    "": {"s3:GetObjectVersion", "s3:PutObjectAcl", "s3:BypassGovernanceRetention"},
}
MOUNT = {
    "read": {"elasticfilesystem:ClientMount"},
    "write": {"elasticfilesystem:ClientWrite"},
    "": {"elasticfilesystem:ClientRootAccess"},
}
KEY = {
    "consume": {"kms:Decrypt"},
    "read": {"kms:Decrypt"},
    "send": {"kms:Decrypt", "kms:GenerateDataKey"},
    "redrive": {"kms:Decrypt", "kms:GenerateDataKey"},
    "move": {"kms:Decrypt"},
    "write": {"kms:Decrypt", "kms:GenerateDataKey"},
    "": {"kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:CreateGrant", "kms:DisableKey"},
}
ELSEWHERE = "elsewhere/"
ROLE = "arn:aws:iam::111122223333:role/any"


@pytest.fixture(scope="module", params=sorted(ENVIRONMENTS))
def world(request: Any) -> World:
    return governed_world(request.param)


class Workload:
    """A job or task: the path of its role, what it is granted, and what it mounts."""

    def __init__(self, path: str, role: str, execution: str, settings: Any, access: Access) -> None:
        self.path, self.role, self.execution, self.settings, self.access = path, role, execution, settings, access
        queue = [settings.queue] if isinstance(settings, QueueWorkerService) else []
        self.queues = {
            "consume": {*access.consume, *queue},
            "send": set(access.send),
            "redrive": set(access.redrive),
            "move": {f"{name}/dead-letter-queue" for name in access.redrive},
        }
        self.mounts = [item for _, item in settings_in(settings) if isinstance(item, FileSystemMount)]

    @property
    def has_existing_role(self) -> bool:
        task = getattr(self.settings, "task", self.settings)
        return (getattr(task, "job_role_arn", None) or getattr(task, "task_role_arn", None)) is not None

    def prefixes(self, verb: str, bucket: str) -> list[str]:
        return [item.start for item in getattr(self.access, verb) if item.bucket == bucket]


def workloads(environment: Environment) -> Iterator[Workload]:
    for name, job in environment.job_definitions.items():
        if isinstance(job, EcsJobDefinition):
            path = f"job_definitions/{name}"
            yield Workload(path, f"{path}/job-role", f"{path}/execution-role", job, job.access)
    for where, item in in_clusters(environment).items():
        path = where.replace(".", "/", 1)
        task = f"{path}/task-definition"
        yield Workload(path, f"{task}/task-role", f"{task}/execution-role", item, item.task.access)


def with_roles(world: World) -> Iterator[Workload]:
    """Yield the workloads whose role is made here; others ask for nothing, or have a role of somebody else's."""
    for workload in workloads(world.environment):
        if workload.role in world.roles:
            yield workload
        else:
            wants = any(workload.queues.values()) or workload.access.read or workload.access.write or workload.mounts
            assert not wants or workload.has_existing_role, workload.path


def every(table: dict[str, set[str]]) -> set[str]:
    return set().union(*table.values())


def opened(table: dict[str, set[str]], verbs: Iterator[str] | list[str]) -> set[str]:
    return set().union(*(table[verb] for verb in verbs))


def test_each_workload_does_with_queues_what_its_settings_name(world: World) -> None:
    queues, keys = world.arns("aws_sqs_queue"), world.arns("aws_kms_key")
    for workload in with_roles(world):
        for path, arn in queues.items():
            name = path.removeprefix("queues/")
            verbs = [verb for verb, names in workload.queues.items() if name in names]
            done = {action for action in every(QUEUE) if world.may(workload.role, action, arn)}
            assert done == opened(QUEUE, verbs), (workload.path, path)
            key, via = keys.get(f"{path}/key"), f"sqs.{world.environment.region}.amazonaws.com"
            if key:
                found = {action for action in every(KEY) if world.may(workload.role, action, key, kms__ViaService=via)}
                assert found == opened(KEY, verbs), (workload.path, path)
                assert not any(world.may(workload.role, action, key) for action in every(KEY)), (workload.path, path)


def test_each_workload_does_with_buckets_what_its_settings_name(world: World) -> None:
    keys = world.arns("aws_kms_key")
    everywhere = {
        item.start
        for work in workloads(world.environment)
        for item in (*work.access.read, *work.access.write, *work.access.delete)
    }
    for workload in with_roles(world):
        for path, arn in world.arns("aws_s3_bucket").items():
            name = path.removeprefix("buckets/")
            allowed = {verb: workload.prefixes(verb, name) for verb in ("read", "write", "delete")}
            for prefix in sorted({*everywhere, ELSEWHERE}):
                verbs = [verb for verb, found in allowed.items() if prefix.startswith(tuple(found))]
                done = {action for action in every(OBJECTS) if world.may(workload.role, action, f"{arn}/{prefix}key")}
                assert done == opened(OBJECTS, verbs), (workload.path, path, prefix)
                listed = world.may(workload.role, "s3:ListBucket", arn, s3__prefix=prefix)
                assert listed == ("read" in verbs), (workload.path, path, prefix)
            assert not world.may(workload.role, "s3:PutBucketPolicy", arn)
            key, via = keys.get(f"{path}/key"), f"s3.{world.environment.region}.amazonaws.com"
            if key:
                found = {action for action in every(KEY) if world.may(workload.role, action, key, kms__ViaService=via)}
                assert found == opened(KEY, [verb for verb, found in allowed.items() if found and verb in KEY]), (
                    workload.path,
                    path,
                )


def test_each_workload_mounts_what_its_settings_name(world: World) -> None:
    points = world.arns("aws_efs_access_point")
    for workload in with_roles(world):
        for path, arn in world.arns("aws_efs_file_system").items():
            system = path.removeprefix("file_systems/")
            for where, point in points.items():
                if not where.startswith(f"{path}/access_points/"):
                    continue
                name = where.rpartition("/")[2]
                mounts = [item for item in workload.mounts if (item.file_system, item.access_point) == (system, name)]
                verbs = ["read"] * bool(mounts) + ["write"] * any(not mount.read_only for mount in mounts)
                context = {"elasticfilesystem__AccessPointArn": point}
                done = {action for action in every(MOUNT) if world.may(workload.role, action, arn, **context)}
                assert done == opened(MOUNT, verbs), (workload.path, where)


def test_what_starts_a_workload_pulls_its_images_and_reads_its_secrets(world: World) -> None:
    repositories = world.arns("aws_ecr_repository")
    settings = [item for _, item in settings_in(world.environment)]
    secrets = {item.secret_arn for item in settings if isinstance(item, SecretsManagerSecret)}
    for workload in workloads(world.environment):
        if workload.execution not in world.roles:
            continue
        inside = [item for _, item in settings_in(workload.settings)]
        images = {item.repository for item in inside if isinstance(item, RepositoryImage)}
        for path, arn in repositories.items():
            pulled = world.may(workload.execution, "ecr:BatchGetImage", arn)
            assert pulled == (path.removeprefix("repositories/") in images), (workload.path, path)
            assert not world.may(workload.execution, "ecr:PutImage", arn)
        named = {item.secret_arn for item in inside if isinstance(item, SecretsManagerSecret)}
        found = {arn for arn in secrets if world.may(workload.execution, "secretsmanager:GetSecretValue", arn)}
        assert found == named, workload.path


# What no role made here may do, to anything.
NEVER = (
    "iam:AttachRolePolicy",
    "iam:CreateAccessKey",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "sqs:AddPermission",
    "sqs:DeleteQueue",
    "sqs:SetQueueAttributes",
    "sts:AssumeRole",
    "ec2:RunInstances",
    "ec2:AuthorizeSecurityGroupIngress",
    "lambda:UpdateFunctionCode",
    "ecr:PutImage",
    "ecs:RegisterTaskDefinition",
    "ecs:UpdateService",
    "batch:RegisterJobDefinition",
    "logs:DeleteLogGroup",
    "secretsmanager:PutSecretValue",
    "ssm:SendCommand",
)


def test_no_role_gains_permissions_or_destroys_what_is_kept(world: World) -> None:
    kinds = (
        "aws_iam_role",
        "aws_kms_key",
        "aws_s3_bucket",
        "aws_sqs_queue",
        "aws_ecr_repository",
        "aws_efs_file_system",
    )
    resources = ["*", *(arn for kind in kinds for arn in world.arns(kind).values())]
    found = {
        (role, action)
        for role in world.roles
        for action in NEVER
        for resource in resources
        if world.may(role, action, resource)
    }
    assert found == set()


def test_a_role_is_handed_only_to_the_service_that_is_to_take_it_on(world: World) -> None:
    roles = world.arns("aws_iam_role")
    for role in world.roles:
        for path, arn in roles.items():
            for service in ("lambda.amazonaws.com", "cloudformation.amazonaws.com", "glue.amazonaws.com"):
                assert not world.may(role, "iam:PassRole", arn, iam__PassedToService=service), (role, path)


def test_nobody_but_services_for_this_account_takes_on_a_role(world: World) -> None:
    account, strangers = world.environment.account_id, "999999999999"
    for path, statements in world.trust.items():
        takers = {name for statement in statements for name in _services(statement)}
        assert takers, path
        people = [f"arn:aws:iam::{account}:role/any", f"arn:aws:iam::{strangers}:role/any"]
        assert not any(is_allowed(statements, Request("sts:AssumeRole", "*", person)) for person in people), path
        # These name no account they work for; who hands them a role needs the permission to pass it.
        for service in takers - {"ec2.amazonaws.com", "ec2.amazonaws.com.cn", "ecs.amazonaws.com"}:
            request = Request("sts:AssumeRole", "*", service, {"aws:SourceAccount": strangers})
            assert not is_allowed(statements, request), (path, service)


def _services(statement: Any) -> list[str]:
    services = statement["Principal"]["Service"]
    return [services] if isinstance(services, str) else services


def test_keys_and_queues_open_to_nobody_of_another_account_who_is_not_named(world: World) -> None:
    stranger = "arn:aws:iam::999999999999:role/any"
    for arn, statements in world.policies_of_resources.items():
        for action in (*every(KEY), *every(QUEUE), "s3:GetObject", "s3:PutObject"):
            request = Request(action, arn, stranger, {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"})
            assert not is_allowed(statements, request), (arn, action)


def test_without_tls_nobody_does_anything(world: World) -> None:
    for arn, statements in world.policies_of_resources.items():
        if ":kms:" in arn:
            continue
        service = arn.split(":")[2]
        request = Request(
            f"{service}:Anything", arn, "arn:aws:iam::111122223333:role/a", {"aws:SecureTransport": "false"}
        )
        denied = [item for item in statements if item["Effect"] == "Deny"]
        assert not is_allowed([{"Effect": "Allow", "Action": "*", "Resource": "*"}, *denied], request), arn
