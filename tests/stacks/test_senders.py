from cdktf import App

from modules.kms.settings import NewKmsKey
from modules.s3.settings import BucketSettings, ExistingBucket, Notification
from modules.sqs.senders import Sender
from modules.sqs.settings import MessageQueueSettings, ServiceSender
from stacks.environment import Environment
from stacks.queues import QueuesStack
from stacks.senders import other_senders, queue_senders
from tests.conftest import Synthesized
from tests.policies import statements
from tests.stacks.environments import environment

ACCOUNT = "111122223333"
RULE = "arn:aws:events:us-east-1:444455556666:rule/nightly"
QUEUE = MessageQueueSettings(
    visibility_timeout_seconds=900,
    kms_key=NewKmsKey(),
    send_services=[ServiceSender(service="sns.amazonaws.com", source_arn=RULE)],
)


def made() -> Environment:
    told = BucketSettings(
        notifications={
            "made": Notification(queue="requests", prefix="in/"),
            "gone": Notification(queue="requests", events=["s3:ObjectRemoved:*"]),
            "late": Notification(queue="others", events=["s3:LifecycleExpiration:*"]),
        }
    )
    return environment(
        queues={"requests": QUEUE, "others": QUEUE},
        buckets={
            "inputs": told,
            "results": BucketSettings(),
            "theirs": ExistingBucket(bucket_arn="arn:aws:s3:::their-data"),
        },
    )


INPUTS = Sender("s3.amazonaws.com", f"arn:aws:s3:::terrabatch-test-inputs-{ACCOUNT}", ACCOUNT)


def test_what_sends_to_a_queue_is_named_by_its_own_settings_and_by_those_of_buckets() -> None:
    assert queue_senders(made(), "requests", QUEUE) == [Sender("sns.amazonaws.com", RULE, "444455556666"), INPUTS]


def test_what_another_setting_sends_is_told_with_where_it_says_so() -> None:
    assert list(other_senders(made(), "requests")) == [
        ("buckets.inputs.notifications.gone.queue", INPUTS),
        ("buckets.inputs.notifications.made.queue", INPUTS),
    ]


def test_every_sender_may_send_and_encrypt_with_the_queues_key() -> None:
    synthesized = Synthesized(QueuesStack(App(stack_traces=False), made()))
    (policy,) = [
        statements(item["policy"])
        for item in synthesized.all("aws_sqs_queue_policy")
        if "SendFromS3" in item["policy"] and "requests" in item["queue_url"] and "dead" not in item["queue_url"]
    ]
    assert policy["SendFromS3"]["Condition"]["ArnEquals"] == {"aws:SourceArn": [INPUTS.source_arn]}
    assert policy["SendFromSns"]["Condition"] == {"ArnEquals": {"aws:SourceArn": [RULE]}}
    for key in synthesized.all("aws_kms_key"):
        assert {"UseByS3111122223333", "UseBySns444455556666"} <= set(statements(key["policy"]))
