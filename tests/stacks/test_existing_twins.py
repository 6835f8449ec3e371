"""What somebody else owns is used with the same permissions as what is made: nothing more, and nothing less."""

import json
import re
from typing import Any

import pytest
from cdktf import App

from modules.containers.settings import ExistingFileSystemMount, FileSystemMount
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.iam.access_settings import Access, BucketAccess
from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.s3.settings import BucketSettings, ExistingBucket
from modules.sqs.settings import ExistingQueue, FifoMessageQueueSettings, MessageQueueSettings
from stacks.base import PlatformStack
from stacks.platform import build_platform
from tests.conftest import Synthesized
from tests.policies import statements
from tests.stacks.environments import environment, fargate_job

QUEUE = "arn:aws:sqs:us-east-1:111122223333:theirs"
BUCKET = "arn:aws:s3:::theirs"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FILES = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-0123456789abcdef0"
POINT = "arn:aws:elasticfilesystem:us-east-1:111122223333:access-point/fsap-0123456789abcdef0"

QUEUE_ACCESS = {"access": Access(consume=["thing"], send=["thing"])}
BUCKET_ACCESS = {
    "access": Access(read=[BucketAccess(bucket="thing", prefix="in/")], write=[BucketAccess(bucket="thing")])
}
WEIGHTS = FileSystemSettings(access_points={"weights": AccessPointSettings(path="/weights", uid=1_000, gid=1_000)})


def own_mount(*, read_only: bool) -> dict[str, Any]:
    mount = FileSystemMount(container_path="/models", file_system="thing", access_point="weights", read_only=read_only)
    return {"mounts": [mount]}


def their_mount(*, read_only: bool) -> dict[str, Any]:
    mount = ExistingFileSystemMount(
        container_path="/models",
        file_system_id="fs-0123456789abcdef0",
        access_point_id="fsap-0123456789abcdef0",
        read_only=read_only,
    )
    return {"mounts": [mount]}


def queue(kind: type[MessageQueueSettings] = MessageQueueSettings, **settings: Any) -> dict[str, Any]:
    return {"queues": {"thing": kind(visibility_timeout_seconds=900, **settings)}}


def their_queue(arn: str = QUEUE, **settings: Any) -> dict[str, Any]:
    return {"queues": {"thing": ExistingQueue(queue_arn=arn, visibility_timeout_seconds=900, **settings)}}


def bucket(**settings: Any) -> dict[str, Any]:
    return {"buckets": {"thing": BucketSettings(**settings)}}


def their_bucket(**settings: Any) -> dict[str, Any]:
    return {"buckets": {"thing": ExistingBucket(bucket_arn=BUCKET, **settings)}}


def granted(things: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """Return the statements of a job's role by Sid, with «it» in the place of what is used."""
    app = App(stack_traces=False)
    build_platform(app, environment(**things, job_definitions={"embed": fargate_job(**{"access": Access()} | job)}))
    stack = app.node.find_child("test-batch")
    assert isinstance(stack, PlatformStack)
    synthesized = Synthesized(stack)
    role = f"${{{synthesized.address('aws_iam_role', 'terrabatch-test-embed-job')}.name}}"
    policies = [item["policy"] for item in synthesized.all("aws_iam_role_policy") if item["role"] == role]
    text = json.dumps([statements(policy) for policy in policies])
    for arn in (f"{QUEUE}.fifo", QUEUE, BUCKET, KEY, FILES, POINT):
        text = text.replace(arn, "«it»")
    text = re.sub(r"\$\{[^}]*\}", "«it»", text)
    return {sid: statement for policy in json.loads(text) for sid, statement in policy.items()}


@pytest.mark.parametrize(
    ("made", "existing", "job", "sids"),
    [
        (queue(), their_queue(), QUEUE_ACCESS, "ConsumeMessages SendMessages"),
        (queue(FifoMessageQueueSettings), their_queue(f"{QUEUE}.fifo"), QUEUE_ACCESS, "ConsumeMessages SendMessages"),
        (
            queue(kms_key=NewKmsKey()),
            their_queue(kms_key_arn=KEY),
            QUEUE_ACCESS,
            "ConsumeMessages ConsumeWithKey SendMessages SendWithKey",
        ),
        (
            queue(kms_key=NewKmsKey()),
            queue(kms_key=ExistingKmsKey(key_arn=KEY)),
            QUEUE_ACCESS,
            "ConsumeMessages ConsumeWithKey SendMessages SendWithKey",
        ),
        (bucket(), their_bucket(), BUCKET_ACCESS, "ListObjects ReadObjects WriteObjects"),
        (
            bucket(kms_key=NewKmsKey()),
            their_bucket(kms_key_arn=KEY),
            BUCKET_ACCESS,
            "ListObjects ReadObjects ReadWithKey WriteObjects WriteWithKey",
        ),
        (
            bucket(kms_key=NewKmsKey()),
            bucket(kms_key=ExistingKmsKey(key_arn=KEY)),
            BUCKET_ACCESS,
            "ListObjects ReadObjects ReadWithKey WriteObjects WriteWithKey",
        ),
    ],
    ids=["queue", "FIFO queue", "encrypted queue", "key of a queue", "bucket", "encrypted bucket", "key of a bucket"],
)
def test_the_same_permissions_follow_whoever_owns_it(
    made: dict[str, Any], existing: dict[str, Any], job: dict[str, Any], sids: str
) -> None:
    permissions = granted(made, job)
    assert " ".join(sorted(permissions)) == sids
    assert granted(existing, job) == permissions


@pytest.mark.parametrize(("read_only", "sid"), [(True, "ReadFiles"), (False, "WriteFiles")])
def test_the_same_permissions_follow_from_a_mount_whoever_owns_the_file_system(read_only: bool, sid: str) -> None:
    permissions = granted({"file_systems": {"thing": WEIGHTS}}, own_mount(read_only=read_only))
    assert set(permissions) == {sid}
    assert granted({}, their_mount(read_only=read_only)) == permissions


def test_a_file_system_without_access_point_is_mounted_as_a_whole() -> None:
    mount = ExistingFileSystemMount(container_path="/models", file_system_id="fs-0123456789abcdef0")
    assert granted({}, {"mounts": [mount]}) == {
        "ReadFiles": {"Effect": "Allow", "Action": "elasticfilesystem:ClientMount", "Resource": "«it»"}
    }
