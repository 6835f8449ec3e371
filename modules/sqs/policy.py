"""Who may do what with a message queue, its policy, and how much of it SQS takes. Plain data.

Source: "Amazon SQS policy quotas" in the SQS developer guide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from modules import arns
from modules.iam.policy import Statement, allow, camel, deny_without_tls, in_organization, policy_document
from modules.iam.services import S3
from modules.naming import AwsLocation
from modules.problems import Problem, format_value
from modules.sqs.settings import ExistingQueue, MessageQueueSettings, QueueSettings, fifo_problems

# Both look-ups that the SDKs make before the action proper are part of each permission.
LOOK_UP = ("sqs:GetQueueAttributes", "sqs:GetQueueUrl")
SEND = ("sqs:SendMessage", *LOOK_UP)
CONSUME = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", *LOOK_UP)
COUNT = ("sqs:GetQueueAttributes",)
PURGE = ("sqs:PurgeQueue", *LOOK_UP)
MOVE = (
    "sqs:StartMessageMoveTask",
    "sqs:CancelMessageMoveTask",
    "sqs:ListMessageMoveTasks",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    *LOOK_UP,
)

LIMITS = {"bytes": 8_192, "statements": 20, "principals": 50, "conditions": 10}


class Sender(NamedTuple):
    """An AWS service that may send on behalf of one resource, whose ARN may be a token, of one account."""

    service: str
    source_arn: str
    account_id: str


def senders_of(settings: MessageQueueSettings, account_id: str) -> list[Sender]:
    """Return the services of ``settings``; a source whose ARN names no account is one of ``account_id``."""
    return [Sender(item.service, item.source_arn, item.account_id or account_id) for item in settings.send_services]


def sender_problems(
    path: str, service: str, name: str, queue: QueueSettings, *, has_role: bool = False
) -> Iterator[Problem]:
    """Yield what keeps a service from sending to the queue that the setting at ``path`` names.

    ``has_role``: it sends with a role, which is granted; else the policy of the queue must let it.
    """
    got = f"{name!r}, {format_value(queue)}"
    if queue.is_fifo:
        yield from fifo_problems(path, service, got)
    if isinstance(queue, ExistingQueue) and not has_role:
        yield Problem(
            path, "name a queue of this environment's own", got, f"only its owner can let {service} send to it"
        )


def queue_statements(
    queue_arn: str, settings: MessageQueueSettings, senders: Iterable[Sender], location: AwsLocation
) -> list[Statement]:
    """Return the statements of the policy of one queue, in the order of their Sids after the refusal of no TLS."""
    allowed = [
        allow(verb, actions, queue_arn, principal={"AWS": arns.principals(location, principals)})
        for verb, principals, actions in (
            ("Consume", settings.consume_principals, CONSUME),
            ("Purge", settings.purge_principals, PURGE),
            ("Send", settings.send_principals, SEND),
        )
        if principals
    ] + [
        allow(f"{verb}InOrganization", actions, queue_arn, principal={"AWS": "*"}, condition=in_organization(ids))
        for verb, ids, actions in (
            ("Consume", settings.consume_organization_ids, CONSUME),
            ("Send", settings.send_organization_ids, SEND),
        )
        if ids
    ]
    together: dict[tuple[str, str], list[Sender]] = {}
    for sender in senders:
        # A bucket is known to be its owner's only if its ARN and its account are asked for as a pair.
        together.setdefault((sender.service, sender.account_id if sender.service == S3 else ""), []).append(sender)
    allowed += [
        _send_from(service, queue_arn, sources, "" if account in ("", location.account_id) else account)
        for (service, account), sources in together.items()
    ]
    return [deny_without_tls(["sqs:*"], queue_arn), *sorted(allowed, key=lambda statement: str(statement["Sid"]))]


def policy_problems(
    queue_arn: str, settings: MessageQueueSettings, senders: Sequence[Sender], location: AwsLocation
) -> Iterator[Problem]:
    """Yield what SQS would refuse of a queue's policy; the path is the setting that has most of it, if it is one."""
    for unit, count in policy_size(queue_statements(queue_arn, settings, senders, location)).items():
        if count > LIMITS[unit]:
            path = "send_services" if unit in ("statements", "conditions") else _longest_part(settings, senders)
            rule, got = f"keep the queue's policy within {LIMITS[unit]:,} {unit}", format_value(count)
            fix = "name accounts (…:root) instead of their roles and users, or fewer services and buckets"
            yield Problem(path, rule, got, "the statement that denies requests without TLS counts too", fix)


def policy_size(statements: Sequence[Statement]) -> dict[str, int]:
    """Return how much a policy has of each thing that SQS limits."""
    return {
        "bytes": len(policy_document(statements).encode()),
        "statements": len(statements),
        "principals": sum(_count(names) for item in statements for names in (item["Principal"] or {}).values()),
        "conditions": sum(len(keys) for item in statements for keys in (item["Condition"] or {}).values()),
    }


def _send_from(service: str, queue_arn: str, senders: Sequence[Sender], of_account: str) -> Statement:
    condition: dict[str, Mapping[str, str | Sequence[str]]] = {
        "ArnEquals": {"aws:SourceArn": list(dict.fromkeys(sender.source_arn for sender in senders))}
    }
    if service == S3:
        # A bucket's ARN names no account: without this, anybody who takes over a deleted bucket's name could send.
        condition["StringEquals"] = {"aws:SourceAccount": senders[0].account_id}
    sid = f"SendFrom{camel(service)}{of_account}"
    return allow(sid, SEND[:1], queue_arn, principal={"Service": service}, condition=condition)


def _longest_part(settings: MessageQueueSettings, senders: Sequence[Sender]) -> str:
    """Return the setting that the longest part of the policy comes from; "" where those are buckets that notify."""
    parts: dict[str, Sequence[str]] = {
        "send_principals": settings.send_principals,
        "consume_principals": settings.consume_principals,
        "purge_principals": settings.purge_principals,
        "send_services": [item.source_arn for item in settings.send_services],
    }
    parts[""] = [sender.source_arn for sender in senders if sender.source_arn not in parts["send_services"]]
    return max(parts, key=lambda name: len("".join(parts[name])))


def _count(names: str | Sequence[str]) -> int:
    return 1 if isinstance(names, str) else len(names)
