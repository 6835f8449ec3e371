"""A topic with its policy, key and subscriptions: ``aws_sns_topic``, ``aws_sns_topic_policy``."""

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.iam.policy import deny_without_tls, policy_document
from modules.kms.encryption_key import EncryptionKey
from modules.names import require_name
from modules.naming import AwsLocation
from modules.sns.new_topic import TOPIC_NAME, NewTopic
from modules.sns.topic import PUBLISH, service_statement


class MadeTopic(Construct):
    """Define a topic to which services publish on behalf of what ``sources`` has for each. ``topic_arn`` is a token."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: NewTopic,
        location: AwsLocation,
        sources: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(scope, id_)
        require_name("topic", name, TOPIC_NAME)
        key = EncryptionKey(self, "key", name=name, settings=settings.kms_key, location=location)
        for service in sources:
            key.allow_service(service, location.account_id)
        topic = SnsTopic(self, "Resource", name=name, kms_master_key_id=key.key_arn)
        self.topic_arn: str = topic.arn
        self.kms_key_arn = key.key_arn
        published = [
            service_statement(service, topic.arn, arns, location.account_id)
            for service, arns in sorted(sources.items())
        ]
        # Not all of sns: a topic's policy takes no wildcard.
        tls = deny_without_tls(PUBLISH, topic.arn)
        self.policy = SnsTopicPolicy(self, "policy", arn=topic.arn, policy=policy_document([*published, tls]))
        subscriptions = Construct(self, "emails")
        for email in settings.emails:
            SnsTopicSubscription(subscriptions, email, topic_arn=topic.arn, protocol="email", endpoint=email)
