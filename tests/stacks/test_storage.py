import json
from typing import Any

import pytest
from cdktf import App

from modules.ecr.settings import RepositorySettings
from modules.efs.settings import AccessPointSettings, FileSystemSettings
from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings, ExistingBucket, Notification
from modules.sqs.settings import MessageQueueSettings
from modules.vpc.settings import ExistingNetwork, PrivateNetwork
from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.network import EnvironmentNetwork
from stacks.placement import Placement
from stacks.queues import EnvironmentQueues
from stacks.storage import EnvironmentStorage
from tests.conftest import Synthesized
from tests.policies import findings, statements
from tests.stacks.environments import empty_environment

THEIRS = ExistingBucket(bucket_arn="arn:aws:s3:::their-logs")
MODELS = FileSystemSettings(access_points={"weights": AccessPointSettings(path="/weights", uid=1_000, gid=1_000)})


@pytest.fixture
def app() -> App:
    return App(stack_traces=False)


def defined(app: App, settings: Environment) -> EnvironmentStorage:
    """Define network, queues and storage, in the order of the platform."""
    placement = Placement(app, settings)
    return EnvironmentStorage(placement, EnvironmentNetwork(placement), EnvironmentQueues(placement))


def synthesized(app: App, name: str) -> Synthesized:
    (stack,) = [child for child in app.node.children if isinstance(child, PlatformStack) and child.node.id == name]
    return Synthesized(stack)


def stack_names(app: App) -> list[str]:
    return [child.node.id for child in app.node.children if isinstance(child, PlatformStack)]


def test_without_storage_there_is_no_stack(app: App) -> None:
    defined(app, empty_environment())
    assert stack_names(app) == []


def test_existing_buckets_need_no_stack(app: App) -> None:
    settings = empty_environment(buckets={"logs": THEIRS})
    storage = defined(app, settings)
    assert stack_names(app) == []
    reader = PlatformStack(app, settings, "reader")
    assert storage.seen_from(reader)["buckets"]["logs"].bucket_name == "their-logs"
    assert "data" not in Synthesized(reader).document


def test_another_stack_reads_of_storage_what_it_uses(app: App) -> None:
    settings = empty_environment(
        buckets={"models": BucketSettings(kms_key=NewKmsKey()), "plain": BucketSettings(), "others": BucketSettings()},
        file_systems={"models": MODELS},
        network=PrivateNetwork(availability_zones=("us-east-1a",)),
    )
    storage, reader = defined(app, settings), PlatformStack(app, settings, "reader")
    seen = storage.seen_from(reader)
    names = [seen["buckets"][name].bucket_name for name in ("models", "plain")]
    assert names == ["terrabatch-test-models-111122223333", "terrabatch-test-plain-111122223333"]
    assert seen["buckets"]["plain"].kms_key_arn is None
    assert list(seen["file_systems"]["models"].access_points) == ["weights"]
    # Its mount targets are in the other stack, and there already.
    assert seen["file_systems"]["models"].connections == ()
    assert sorted(Synthesized(reader).document["locals"]) == [
        *("buckets_models_arn", "buckets_models_kms_key_arn", "buckets_plain_arn"),
        *("file_systems_models_access_points_weights_arn", "file_systems_models_access_points_weights_id"),
        *("file_systems_models_arn", "file_systems_models_id"),
    ]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"buckets": {"models": BucketSettings()}}, "aws_s3_bucket"),
        ({"repositories": {"models": RepositorySettings()}}, "aws_ecr_repository"),
        (
            {
                "file_systems": {"models": MODELS},
                "network": ExistingNetwork(
                    vpc_id="vpc-01234567", subnet_ids=("subnet-01234567",), security_group_ids=("sg-01234567",)
                ),
            },
            "aws_efs_file_system",
        ),
    ],
)
def test_anything_to_make_makes_the_stack(app: App, settings: dict[str, Any], kind: str) -> None:
    defined(app, empty_environment(**settings))
    assert stack_names(app) == ["test-storage"]
    assert "lifecycle" not in synthesized(app, "test-storage").one(kind)


def test_the_same_short_name_may_stand_in_every_map(app: App) -> None:
    settings = empty_environment(
        buckets={"models": BucketSettings(kms_key=NewKmsKey())},
        file_systems={"models": MODELS.model_copy(update={"kms_key": NewKmsKey()})},
        repositories={"models": RepositorySettings(kms_key=NewKmsKey())},
        network=PrivateNetwork(availability_zones=("us-east-1a",)),
    )
    defined(app, settings)
    stack = synthesized(app, "test-storage")
    assert stack.one("aws_s3_bucket")["bucket"] == "terrabatch-test-models-111122223333"
    assert stack.one("aws_efs_file_system")["creation_token"] == "terrabatch-test-models-key"
    assert stack.one("aws_ecr_repository")["name"] == "terrabatch-test-models"
    assert {alias["name"] for alias in stack.all("aws_kms_alias")} == {
        "alias/terrabatch-test-models-111122223333",
        "alias/efs/terrabatch-test-models",
        "alias/ecr/terrabatch-test-models",
    }


def test_outputs_tell_where_everything_is(app: App) -> None:
    settings = empty_environment(
        buckets={"inputs": BucketSettings(), "logs": THEIRS},
        file_systems={"models": MODELS},
        repositories={"embedder": RepositorySettings()},
        network=PrivateNetwork(availability_zones=("us-east-1a",)),
    )
    defined(app, settings)
    document = synthesized(app, "test-storage").document
    ids = {type_: next(iter(resources)) for type_, resources in document["resource"].items()}
    bucket, repository = ids["aws_s3_bucket"], ids["aws_ecr_repository"]
    file_system, point = ids["aws_efs_file_system"], ids["aws_efs_access_point"]
    assert {name: output["value"] for name, output in document["output"].items()} == {
        "buckets": {
            "inputs": {"arn": f"${{aws_s3_bucket.{bucket}.arn}}", "name": f"${{aws_s3_bucket.{bucket}.bucket}}"}
        },
        "file_systems": {
            "models": {
                "arn": f"${{aws_efs_file_system.{file_system}.arn}}",
                "id": f"${{aws_efs_file_system.{file_system}.id}}",
                "access_points": {
                    "weights": {
                        "arn": f"${{aws_efs_access_point.{point}.arn}}",
                        "id": f"${{aws_efs_access_point.{point}.id}}",
                    }
                },
            }
        },
        "repositories": {
            "embedder": {
                "arn": f"${{aws_ecr_repository.{repository}.arn}}",
                "url": f"${{aws_ecr_repository.{repository}.repository_url}}",
            }
        },
    }


def test_production_cannot_be_destroyed(app: App) -> None:
    settings = empty_environment(
        production=True,
        buckets={"inputs": BucketSettings()},
        file_systems={"models": MODELS},
        repositories={"embedder": RepositorySettings()},
        network=PrivateNetwork(availability_zones=("us-east-1a",)),
    )
    defined(app, settings)
    stack = synthesized(app, "test-storage")
    for type_ in ("aws_s3_bucket", "aws_efs_file_system", "aws_ecr_repository"):
        assert stack.one(type_)["lifecycle"] == {"prevent_destroy": True}


def test_a_mount_target_is_called_after_the_zone_it_is_in(app: App) -> None:
    zones = ("us-east-1c", "us-east-1a")
    defined(app, empty_environment(file_systems={"models": MODELS}, network=PrivateNetwork(availability_zones=zones)))
    subnets = synthesized(app, "test-network").document["resource"]["aws_subnet"]
    zone_of = {f"${{aws_subnet.{id_}.id}}": subnet["availability_zone"] for id_, subnet in subnets.items()}
    ids = synthesized(app, "test-network").document["output"]["network"]["value"]["subnet_ids"]
    read = {f"${{local.network_subnet_ids_{index}}}": zone_of[id_] for index, id_ in enumerate(ids)}
    targets = synthesized(app, "test-storage").document["resource"]["aws_efs_mount_target"]
    for zone in zones:
        (target,) = [target for id_, target in targets.items() if f"mount-target-{zone}_" in id_]
        assert read[target["subnet_id"]] == zone


def test_a_mount_target_in_an_existing_subnet_is_called_after_it(app: App) -> None:
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=("subnet-0000000b", "subnet-0000000a"))
    defined(app, empty_environment(file_systems={"models": MODELS}, network=network))
    targets = synthesized(app, "test-storage").document["resource"]["aws_efs_mount_target"]
    assert {id_.split("_")[3]: target["subnet_id"] for id_, target in targets.items()} == {
        "mount-target-subnet-0000000a": "subnet-0000000a",
        "mount-target-subnet-0000000b": "subnet-0000000b",
    }


def test_of_existing_subnets_in_one_zone_one_has_a_mount_target(app: App) -> None:
    subnets = ("subnet-0000000b", "subnet-0000000a")
    zones = dict.fromkeys(subnets, "us-east-1a")
    network = ExistingNetwork(vpc_id="vpc-01234567", subnet_ids=subnets, availability_zones=zones)
    defined(app, empty_environment(file_systems={"models": MODELS}, network=network))
    (target,) = synthesized(app, "test-storage").all("aws_efs_mount_target")
    assert target["subnet_id"] == "subnet-0000000b"


def test_access_logs_go_to_own_and_existing_buckets(app: App) -> None:
    settings = empty_environment(
        buckets={
            "inputs": BucketSettings(access_log_bucket="theirs"),
            "outputs": BucketSettings(access_log_bucket="logs"),
            "logs": BucketSettings(),
            "theirs": THEIRS,
        }
    )
    defined(app, settings)
    stack = synthesized(app, "test-storage")
    to_theirs, to_ours = stack.all("aws_s3_bucket_logging")
    assert to_theirs["target_bucket"] == "their-logs"
    (logs,) = [id_ for id_ in stack.document["resource"]["aws_s3_bucket"] if "_logs_" in id_]
    assert to_ours["target_bucket"] == f"${{aws_s3_bucket.{logs}.bucket}}"


def notifying() -> Environment:
    return empty_environment(
        queues={
            "requests": MessageQueueSettings(visibility_timeout_seconds=30, kms_key=NewKmsKey()),
            "quiet": MessageQueueSettings(visibility_timeout_seconds=30, kms_key=NewKmsKey()),
        },
        buckets={
            "inputs": BucketSettings(
                notifications={
                    "new": Notification(queue="requests"),
                    "gone": Notification(queue="requests", events=("s3:ObjectRemoved:*",)),
                }
            ),
            "outputs": BucketSettings(notifications={"new": Notification(queue="requests")}),
        },
    )


def test_buckets_refer_to_the_queues_that_they_notify(app: App) -> None:
    defined(app, notifying())
    assert stack_names(app) == ["test-queues", "test-storage"]
    notifications = synthesized(app, "test-storage").all("aws_s3_bucket_notification")
    assert [[queue["id"] for queue in notification["queue"]] for notification in notifications] == [
        ["gone", "new"],
        ["new"],
    ]
    arns = {queue["queue_arn"] for notification in notifications for queue in notification["queue"]}
    assert arns == {"${local.queues_requests_arn}"}
    # Their policies are in the stack before, which is there already.
    assert all("depends_on" not in notification for notification in notifications)


def test_a_queue_lets_its_buckets_send_and_the_stack_before_needs_no_bucket(app: App) -> None:
    defined(app, notifying())
    stack = synthesized(app, "test-queues")
    assert "data" not in stack.document
    requests = f"${{{stack.address('aws_sqs_queue', 'terrabatch-test-requests')}"
    (document,) = [
        policy["policy"] for policy in stack.all("aws_sqs_queue_policy") if policy["queue_url"] == f"{requests}.url}}"
    ]
    (allowed,) = [statement for statement in statements(document).values() if statement["Effect"] == "Allow"]
    assert allowed == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": f"{requests}.arn}}",
        "Condition": {
            "ArnEquals": {
                "aws:SourceArn": [
                    "arn:aws:s3:::terrabatch-test-inputs-111122223333",
                    "arn:aws:s3:::terrabatch-test-outputs-111122223333",
                ]
            },
            "StringEquals": {"aws:SourceAccount": "111122223333"},
        },
    }
    assert findings(document) == set()


def test_the_key_of_a_notified_queue_lets_s3_encrypt_and_no_other_key_does(app: App) -> None:
    defined(app, notifying())
    keys = {
        key["description"]: json.loads(key["policy"])["Statement"]
        for key in synthesized(app, "test-queues").all("aws_kms_key")
    }
    service = [statement for statement in keys["terrabatch-test-requests"] if "Service" in statement["Principal"]]
    (for_s3,) = service
    assert for_s3["Principal"] == {"Service": "s3.amazonaws.com"}
    assert for_s3["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert for_s3["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert all("Service" not in statement["Principal"] for statement in keys["terrabatch-test-quiet"])


def test_a_queue_that_no_bucket_notifies_allows_s3_nothing(app: App) -> None:
    settings = empty_environment(
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=30)}, buckets={"inputs": BucketSettings()}
    )
    defined(app, settings)
    stack = synthesized(app, "test-queues")
    assert "s3.amazonaws.com" not in json.dumps(stack.document)
