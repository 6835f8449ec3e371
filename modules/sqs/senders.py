"""AWS services that send to a queue, each on behalf of one resource. Plain data."""

from typing import NamedTuple

from modules.sqs.settings import MessageQueueSettings


class Sender(NamedTuple):
    """An AWS service that may send on behalf of one resource, whose ARN may be a token, of one account."""

    service: str
    source_arn: str
    account_id: str


def senders_of(settings: MessageQueueSettings, account_id: str) -> list[Sender]:
    """Return the services of ``settings``; a source whose ARN names no account is one of ``account_id``."""
    return [Sender(item.service, item.source_arn, item.account_id or account_id) for item in settings.send_services]
