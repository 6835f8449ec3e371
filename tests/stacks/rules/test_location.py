from modules.kms.settings import ExistingKmsKey, OwnKmsKey
from modules.s3.settings import BucketSettings
from modules.sqs.settings import DeadLetterQueueSettings, MessageQueueSettings
from tests.problems import problems
from tests.stacks.environments import environment

MEANING = "AWS services use keys of their own region only; a multi-Region key has a replica there"


def key(region: str) -> ExistingKmsKey:
    return ExistingKmsKey(key_arn=f"arn:aws:kms:{region}:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab")


def test_a_role_of_the_account_may_deploy_to_it() -> None:
    role = "arn:aws:iam::111122223333:role/deploy"
    assert environment(deployment_role_arn=role).deployment_role_arn == role


def test_a_role_of_another_account_may_not() -> None:
    assert problems(lambda: environment(deployment_role_arn="arn:aws:iam::444455556666:role/deploy")) == [
        "deployment_role_arn must be a role of account_id (111122223333), "
        "got 'arn:aws:iam::444455556666:role/deploy'; Terraform refuses to deploy to any other account"
    ]


def test_keys_of_the_region_are_accepted_whoever_owns_them() -> None:
    assert environment(
        queues={"requests": MessageQueueSettings(visibility_timeout_seconds=900, kms_key=key("us-east-1"))},
        buckets={"data": BucketSettings(kms_key=OwnKmsKey())},
    )


def test_keys_of_another_region_are_refused_wherever_they_are_used() -> None:
    queue = MessageQueueSettings(
        visibility_timeout_seconds=900, dead_letter_queue=DeadLetterQueueSettings(kms_key=key("eu-west-1"))
    )
    bucket = BucketSettings(kms_key=key("us-west-2"))

    assert problems(lambda: environment(queues={"requests": queue}, buckets={"data": bucket})) == [
        "queues.requests.dead_letter_queue.kms_key.key_arn must be a key in us-east-1, the environment's region, "
        f"got 'eu-west-1'; {MEANING}",
        "buckets.data.kms_key.key_arn must be a key in us-east-1, the environment's region, "
        f"got 'us-west-2'; {MEANING}",
    ]
