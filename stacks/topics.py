"""What AWS itself publishes to topics, and what the owners of those of others have to say about it."""

from collections.abc import Iterator

from modules.iam.policy import policy_document
from modules.iam.services import EVENTS, S3
from modules.s3.settings import BucketSettings, TopicNotification
from modules.sns.settings import ExistingTopic
from modules.sns.topic import service_statement
from modules.targets.settings import TopicMessage
from stacks.base import PlatformStack
from stacks.environment_settings import EnvironmentSettings
from stacks.watched import topic_sources


def publishers(environment: EnvironmentSettings) -> Iterator[tuple[str, str, str]]:
    """Yield topic, service and the ARN on whose behalf it publishes there without a role."""
    for name, bucket in sorted(environment.buckets.items()):
        for notification in bucket.notifications.values() if isinstance(bucket, BucketSettings) else ():
            if isinstance(notification, TopicNotification):
                yield notification.topic, S3, environment.bucket_arn(name)
    for name, rule in sorted(environment.rules.items()):
        if isinstance(rule.target, TopicMessage):
            yield rule.target.topic, EVENTS, environment.event_rule_arn(name)


def sources_of(environment: EnvironmentSettings) -> dict[str, dict[str, list[str]]]:
    """Return on whose behalf services publish without a role, by topic and service."""
    sources: dict[str, dict[str, list[str]]] = {}
    alarms = environment.operations.alarms if environment.operations else None
    if alarms and alarms.topic is not None and (told := topic_sources(environment)):
        sources[alarms.topic] = told
    for topic, service, arn in publishers(environment):
        known = sources.setdefault(topic, {}).setdefault(service, [])
        known += [] if arn in known else [arn]
    return sources


def add_topic_policies(stack: PlatformStack) -> None:
    """Put out, for the owners of topics, what their policies must say: S3 asks for it before it tells of anything."""
    environment = stack.environment
    policies = {
        topic: policy_document(
            service_statement(service, environment.topic_arn(topic), arns_, environment.account_id)
            for service, arns_ in sorted(services.items())
        )
        for topic, services in sorted(sources_of(environment).items())
        if isinstance(environment.topics[topic], ExistingTopic)
    }
    description = "Policies that topics need, by short name: services that publish without a role"
    stack.add_output("topic_policies", description, policies)
