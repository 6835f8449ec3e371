from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_type_hints

import pytest

from modules.batch.settings.eks_compute_environments import EksCapacity
from modules.ec2.settings import CapacityReservationGroup
from modules.ecs.settings.exposure import ExistingListener, OwnLoadBalancer
from modules.ecs.settings.placement import EbsVolume
from modules.iam.access_settings import Access
from modules.iam.secret_settings import SecretsManagerSecret
from modules.kms.settings import ExistingKmsKey, NewKmsKey
from modules.marked_values import markers_in
from modules.markers import ArnOf
from modules.s3.settings import BucketSettings, ExistingBucket
from modules.settings import Settings, collect_problems
from modules.sqs.settings import DeadLetterQueueSettings, ExistingQueue, MessageQueueSettings, ServiceSender
from reference.classes import concrete_settings
from stacks.environment import Environment
from stacks.rules.location import check_arn_locations
from stacks.state import S3State
from tests.problems import in_short, refused
from tests.stacks.environments import environment, fargate_job


def key(region: str) -> ExistingKmsKey:
    return ExistingKmsKey(key_arn=f"arn:aws:kms:{region}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab")


def test_an_account_has_an_id_of_its_own() -> None:
    assert environment(account_id="000000000001").account_id == "000000000001"
    assert refused(lambda: environment(account_id="000000000000")) == ["account_id: got '000000000000'"]


def test_a_role_of_the_account_may_deploy_to_it() -> None:
    role = "arn:aws:iam::111122223333:role/deploy"
    assert environment(deployment_role_arn=role).deployment_role_arn == role


def test_a_role_of_another_account_may_not() -> None:
    assert refused(lambda: environment(deployment_role_arn="arn:aws:iam::444455556666:role/deploy")) == [
        "deployment_role_arn: 111122223333, got 'arn:aws:iam::444455556666:role/deploy'"
    ]


def test_keys_of_the_region_are_accepted_whoever_owns_them() -> None:
    assert environment(
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=900, kms_key=key("us-east-1"))},
        buckets={"data": BucketSettings(kms_key=NewKmsKey())},
    )


def test_keys_of_another_region_are_refused_wherever_they_are_used() -> None:
    queue = MessageQueueSettings(
        visibility_timeout_seconds=900, dead_letter_queue=DeadLetterQueueSettings(kms_key=key("eu-west-1"))
    )
    bucket = BucketSettings(kms_key=key("us-west-2"))

    assert refused(lambda: environment(queues={"requests": queue}, buckets={"data": bucket})) == [
        "queues.requests.dead_letter_queue.kms_key.key_arn: got 'eu-west-1'",
        "buckets.data.kms_key.key_arn: got 'us-west-2'",
    ]


def patterns(annotation: Any, metadata: Any = ()) -> Iterator[str]:
    """Yield the patterns that stand anywhere in a type or a field."""
    for item in (*metadata, *getattr(annotation, "__metadata__", ())):
        yield from (found.pattern for found in (item, *getattr(item, "metadata", ())) if getattr(found, "pattern", ""))
    for part in get_args(annotation):
        yield from patterns(part)


def test_every_setting_that_takes_an_arn_is_checked() -> None:
    taking = {
        (kind.__name__, name)
        for kind in concrete_settings()
        for name, field in kind.model_fields.items()
        if any(
            pattern.startswith("^arn:")
            for pattern in patterns(get_type_hints(kind, None, None, True)[name], field.metadata)
        )
    }
    marked_so = {
        (kind.__name__, name)
        for kind in concrete_settings()
        for name, field in kind.model_fields.items()
        if any(markers_in(Annotated[field.annotation, *field.metadata, None], ArnOf))
    }
    assert taking - {taken for taken in taking if taken[0].endswith("State")} == marked_so
    assert len(taking) >= 20


def everywhere(partition: str, region: str, arn_region: str) -> dict[str, Any]:
    """Return arguments of an environment in ``region`` with ARNs of ``arn_region`` at different depths."""

    def arn(service: str, resource: str, region: str = arn_region, account_id: str = "111122223333") -> str:
        return f"arn:{partition}:{service}:{region}:{account_id}:{resource}"

    return {
        "name": "test",
        "account_id": "111122223333",
        "region": region,
        "production": False,
        "state": S3State(bucket="example", region="us-east-1", role_arn="arn:aws:iam::111122223333:role/state"),
        "deployment_role_arn": arn("iam", "role/deploy", region=""),
        "queues": {
            "requests": MessageQueueSettings(
                visibility_timeout_seconds=900,
                send_principals=[arn("iam", "role/first", region=""), arn("iam", "role/second", region="")],
                send_services=[ServiceSender(service="events.amazonaws.com", source_arn=arn("events", "rule/a"))],
            ),
            "theirs": ExistingQueue(
                queue_arn=arn("sqs", "theirs"), kms_key_arn=arn("kms", "key/1"), visibility_timeout_seconds=900
            ),
        },
        "buckets": {
            "data": BucketSettings(kms_key=ExistingKmsKey(key_arn=arn("kms", "key/1"))),
            "theirs": ExistingBucket(bucket_arn=arn("s3", "theirs", region="", account_id="")),
        },
    }


PATHS = [
    "deployment_role_arn",
    "queues.requests.send_principals[0]",
    "queues.requests.send_principals[1]",
    "queues.requests.send_services[0].source_arn",
    "queues.theirs.queue_arn",
    "queues.theirs.kms_key_arn",
    "buckets.data.kms_key.key_arn",
    "buckets.theirs.bucket_arn",
]


@pytest.mark.parametrize(("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn")])
def test_arns_of_the_partition_are_accepted_everywhere(region: str, partition: str) -> None:
    assert Environment(**everywhere(partition, region, region))


@pytest.mark.parametrize(
    ("region", "got"),
    [("cn-north-1", "aws"), ("us-gov-west-1", "aws"), ("us-east-1", "aws-us-gov")],
)
def test_arns_of_another_partition_are_refused_wherever_they_are(region: str, got: str) -> None:
    assert refused(lambda: Environment(**everywhere(got, region, region))) == [f"{path}: got {got!r}" for path in PATHS]


def test_only_what_aws_asks_for_has_to_be_of_the_same_region() -> None:
    assert refused(lambda: Environment(**everywhere("aws", "us-east-1", "us-west-2"))) == [
        "buckets.data.kms_key.key_arn: got 'us-west-2'"
    ]


def test_free_text_may_speak_of_any_arn() -> None:
    job = fargate_job(command=["copy", "arn:aws-cn:s3:::theirs"], environment={"ROLE_ARN": "arn:aws-cn:iam::1:role/a"})
    assert environment(job_definitions={"embed": job})


def test_policies_and_secrets_of_jobs_are_checked_where_they_are() -> None:
    secret = SecretsManagerSecret(secret_arn="arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:a-123456")
    access = Access(policy_arns=["arn:aws:iam::aws:policy/a", "arn:aws-cn:iam::aws:policy/b"])
    job = fargate_job(secrets={"TOKEN": secret}, access=access)
    assert refused(lambda: environment(job_definitions={"embed": job})) == [
        "job_definitions.embed.secrets.TOKEN.secret_arn: got 'aws-cn'",
        "job_definitions.embed.access.policy_arns[1]: got 'aws-cn'",
    ]


class Holder(Settings):
    """Stands for the environment around settings that need much beside them."""

    region: str
    kept: Settings


LISTENER = "listener/app/theirs/0123456789abcdef/0123456789abcdef"


@pytest.mark.parametrize(
    ("kind", "arn", "expected"),
    [
        (
            EbsVolume,
            "arn:aws:kms:{}:111122223333:key/1",
            "kms_key_arn: got 'us-west-2'",
        ),
        (
            OwnLoadBalancer,
            "arn:aws:acm:{}:111122223333:certificate/1",
            "certificate_arn: got 'us-west-2'",
        ),
        (
            ExistingListener,
            "arn:aws:elasticloadbalancing:{}:111122223333:" + LISTENER,
            "listener_arn: got 'us-west-2'",
        ),
        (
            EksCapacity,
            "arn:aws:eks:{}:111122223333:cluster/theirs",
            "eks_cluster_arn: got 'us-west-2'",
        ),
        (
            CapacityReservationGroup,
            "arn:aws:resource-groups:{}:111122223333:group/theirs",
            "resource_group_arn: got 'us-west-2'",
        ),
    ],
)
def test_what_works_within_a_region_is_refused_from_another(kind: type[Settings], arn: str, expected: str) -> None:
    name = expected.partition(":")[0]

    def found(region: str) -> list[str]:
        with collect_problems():
            (concrete, *_) = concrete_settings(kind)
            holder = Holder(region="us-east-1", kept=concrete(**{name: arn.format(region)}))
        return in_short(check_arn_locations(holder))  # type: ignore[arg-type]

    assert found("us-east-1") == []
    assert found("us-west-2") == [f"kept.{expected}"]
