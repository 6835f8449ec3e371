"""The things of an environment that permissions are about: where they are, and what may be done with each.

Names and ARNs come from the settings, and of what AWS names itself from the resources; never from a policy.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from modules import arns
from modules.arn_parts import arn_parts
from modules.containers.settings import ExistingFileSystemMount, FileSystemMount
from modules.iam.access_settings import Access
from modules.kms.settings import ExistingKmsKey
from modules.s3.settings import ExistingAccessPoint, ExistingBucket
from modules.settings import Settings
from modules.sns.settings import ExistingTopic
from modules.sqs.settings import ExistingQueue
from proofs.policies import Statement
from proofs.promises.promise import may, where
from proofs.world import EmittedWorld
from stacks.pipeline_calls import queue_arn

CONSUME = "ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage"
SEND = "GetQueueAttributes GetQueueUrl SendMessage"
PURGE = "GetQueueAttributes GetQueueUrl PurgeQueue"
MOVE = (
    "CancelMessageMoveTask DeleteMessage GetQueueAttributes GetQueueUrl ListMessageMoveTasks ReceiveMessage "
    "StartMessageMoveTask"
)
READ_KEY, WRITE_KEY = "Decrypt", "Decrypt GenerateDataKey"
JOB_ENDS = "CancelJob TerminateJob"
SESSIONS = "CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel"


class Things:
    """The things of one environment, by their short names."""

    def __init__(self, world: EmittedWorld) -> None:
        self.world, self.environment, self.location = world, world.environment, world.environment.location

    def made(self, type_: str, path: str) -> str:
        """Return the ARN of what is made, by its path."""
        return self.world.arns(type_)[path]

    def key(self, path: str, settings: Any) -> str | None:
        """Return the key of what is at a path: made for it, somebody else's, or None."""
        return settings.key_arn if isinstance(settings, ExistingKmsKey) else self.world.arns("aws_kms_key").get(path)

    def with_key(self, actions: str, key_arn: str | None, service: str) -> Iterator[Statement]:
        """Yield the use of a key by a service, if there is a key."""
        if key_arn is not None:
            region = arn_parts(key_arn).region
            host = f"{service}.{region}.{self.location.domain}"
            yield may(f"kms: {actions}", key_arn, where(StringEquals={"kms:ViaService": host}))

    def queue(self, name: str, actions: str, key_actions: str = "") -> Iterator[Statement]:
        """Yield permissions to a queue, and to its key where ``key_actions`` say which."""
        settings = self.environment.queues[name]
        yield may(f"sqs: {actions}", queue_arn(self.environment, name))
        if key_actions:
            yield from self.with_key(key_actions, self._queue_key(f"queues/{name}", settings), "sqs")

    def _queue_key(self, path: str, settings: Any) -> str | None:
        if isinstance(settings, ExistingQueue):
            return settings.kms_key_arn
        return self.key(f"{path}/key", settings.kms_key)

    def send(self, name: str) -> Iterator[Statement]:
        """Yield the permission to send to a queue."""
        return self.queue(name, SEND, WRITE_KEY)

    def consume(self, name: str) -> Iterator[Statement]:
        """Yield the permission to receive from a queue."""
        return self.queue(name, CONSUME, READ_KEY)

    def redrive(self, name: str) -> Iterator[Statement]:
        """Yield the permission to move the dead letters of a queue back into it."""
        settings: Any = self.environment.queues[name]
        yield from self.send(name)
        if isinstance(settings, ExistingQueue):
            dead, key = settings.dead_letter_queue_arn, settings.kms_key_arn
        else:
            path = f"queues/{name}/dead-letter-queue"
            dead = self.made("aws_sqs_queue", path)
            own = settings.dead_letter_queue.kms_key
            key = self.key(f"{path}/key", own) if own else self._queue_key(f"queues/{name}", settings)
        yield may(f"sqs: {MOVE}", str(dead))
        yield from self.with_key(READ_KEY, key, "sqs")

    def publish(self, name: str) -> Iterator[Statement]:
        """Yield the permission to publish to a topic."""
        settings: Any = self.environment.topics[name]
        yield may("sns: Publish", self.environment.topic_arn(name))
        existing = isinstance(settings, ExistingTopic)
        key = settings.kms_key_arn if existing else self.key(f"topics/{name}/key", settings.kms_key)
        yield from self.with_key(WRITE_KEY, key, "sns")

    def bucket(self, name: str) -> tuple[str, str, str | None]:
        """Return the ARN of a bucket, what leads its objects, and its key."""
        settings: Any = self.environment.buckets[name]
        match settings:
            case ExistingAccessPoint():
                arn = settings.access_point_arn
                return arn, f"{arn}/object/", settings.kms_key_arn
            case ExistingBucket():
                return settings.bucket_arn, f"{settings.bucket_arn}/", settings.kms_key_arn
        arn = self.environment.bucket_arn(name)
        return arn, f"{arn}/", self.key(f"buckets/{name}/key", settings.kms_key)

    def read(self, name: str, start: str) -> Iterator[Statement]:
        """Yield the permission to list and read the objects of a bucket whose keys begin so."""
        arn, objects, key = self.bucket(name)
        yield may("s3: ListBucket", arn, where(StringLike={"s3:prefix": f"{start}*"}) if start else None)
        yield may("s3: GetObject", f"{objects}{start}*")
        yield from self.with_key(READ_KEY, key, "s3")

    def get(self, name: str, key_of_object: str) -> Iterator[Statement]:
        """Yield the permission to read one object."""
        arn, objects, key = self.bucket(name)
        yield may("s3: GetBucketLocation", arn)
        yield may("s3: GetObject", f"{objects}{key_of_object}")
        yield from self.with_key(READ_KEY, key, "s3")

    def write(self, name: str, start: str) -> Iterator[Statement]:
        """Yield the permission to write objects whose keys begin so, in parts too."""
        _, objects, key = self.bucket(name)
        yield may("s3: AbortMultipartUpload ListMultipartUploadParts PutObject", f"{objects}{start}*")
        yield from self.with_key(WRITE_KEY, key, "s3")

    def delete(self, name: str, start: str) -> Iterator[Statement]:
        """Yield the permission to delete objects whose keys begin so."""
        yield may("s3: DeleteObject", f"{self.bucket(name)[1]}{start}*")

    def mount(self, settings: Settings) -> Iterator[Statement]:
        """Yield the permission to mount a file system where a mount says."""
        match settings:
            case FileSystemMount():
                path = f"file_systems/{settings.file_system}"
                arn = self.made("aws_efs_file_system", path)
                point: str | None = self.made("aws_efs_access_point", f"{path}/access_points/{settings.access_point}")
            case ExistingFileSystemMount():
                arn = arns.file_system(self.location, settings.file_system_id)
                given = settings.access_point_id
                point = arns.access_point(self.location, given) if given else None
            case _:
                return
        through = where(ArnEquals={"elasticfilesystem:AccessPointArn": point}) if point else None
        actions = "ClientMount" if settings.read_only else "ClientMount ClientWrite"
        yield may(f"elasticfilesystem: {actions}", arn, through)

    def submit(self, definitions: Iterable[str], queues: Iterable[str], *, tagged: bool = True) -> Iterator[Statement]:
        """Yield the permission to submit these to these, with the environment's tags, and to tag no job of others."""
        named = [*self.definitions(definitions), *(self.environment.job_queue_arn(name) for name in queues)]
        jobs, tags = arns.job(self.location, "*"), self.environment.job_tags
        yield may("batch: SubmitJob", [*named, jobs])
        if tagged:
            setting = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
            own = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
            yield may("batch: TagResource", named, where(StringEquals=setting))
            yield may("batch: TagResource", jobs, where(StringEquals={**setting, **own}))
            others = {f"aws:ResourceTag/{team.tag_key}": "true" for team in self.environment.teams.values()}
            unknown = {**dict.fromkeys(own, "true"), **others}
            yield may("batch: TagResource", jobs, where(StringEquals=setting, Null=unknown))

    def definitions(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the ARNs of job definitions: of each revision, and of the newest, or of the one that is named."""
        for name in map(self.environment.job_definition_name, names):
            arn = arns.job_definition(self.location, name)
            yield from (arn,) if ":" in name else (arn, f"{arn}:*")

    def terminate_jobs(self) -> Statement:
        """Return the permission to end the jobs that carry the environment's tags."""
        own = {f"aws:ResourceTag/{key}": value for key, value in self.environment.job_tags.items()}
        return may(f"batch: {JOB_ENDS}", arns.job(self.location, "*"), where(StringEquals=own))

    def access(self, access: Access) -> Iterator[Statement]:
        """Yield what a workload's ``access`` asks for."""
        for verb in ("read", "write", "delete"):
            for item in getattr(access, verb):
                yield from getattr(self, verb)(item.bucket, item.start)
        for verb in ("consume", "send", "redrive", "publish"):
            for name in getattr(access, verb):
                yield from getattr(self, verb)(name)
        for name in access.put_events:
            yield may("events: PutEvents", arns.event_bus(self.location, self.environment.event_bus_name(name)))
        for name in access.submit:
            yield from self.submit([name], self.environment.job_definitions[name].job_queues)
        if access.terminate_jobs:
            yield self.terminate_jobs()
        if access.describe_jobs:
            yield describe_batch()
        yield from map(_own_statement, access.statements.values())


def describe_batch() -> Statement:
    """Return the permission to look at all of Batch."""
    names = "DescribeComputeEnvironments DescribeJobDefinitions DescribeJobQueues DescribeJobs ListJobs"
    return may(f"batch: {names}", "*")


def _own_statement(settings: Any) -> Statement:
    """Return a statement of the user's own, word for word."""
    conditions: dict[str, dict[str, Sequence[str]]] = {}
    for item in settings.conditions:
        name = f"{f'{item.of_many}:' if item.of_many else ''}{item.operator}{'IfExists' if item.if_exists else ''}"
        conditions.setdefault(name, {})[item.key] = list(item.values)
    return {
        "Effect": "Allow",
        "Action": list(settings.actions),
        "Resource": list(settings.resources),
        "Condition": conditions,
    }
