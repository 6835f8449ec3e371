"""What a role needs to deploy an environment, or to plan it: policies from its root modules, no wider than names allow.

The table has for each type of resource or data source what the AWS provider does with it: ``actions`` on ``on``, which
is filled with the names that the arguments ``name`` give, and without it on what else of the service is there; ``any``,
which take no resource, or one whose name AWS makes; ``linked``, services whose role AWS makes on first use; ``passes``,
where it is given a role. Source: the provider's code, and "Actions, resources, and condition keys" of each service in
the Service Authorization Reference.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from handover.platforms import Document, Platform

TABLE = Path(__file__).with_name("deployment_actions.json")
# What IAM takes in one managed policy, white space not counted.
POLICY_LENGTH = 6_144
# Regions of other partitions than aws begin so. Source: the partitions of botocore's endpoints.
PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}
FEW = 2
"""Names that begin alike stand there one by one up to so many; of more, there is their beginning."""
# A role that exists, as the value of an argument, also of one inside a document.
ROLE = re.compile(r'(?i)role(?:_?arn)?\\*": ?\\*"(arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)')
REFERENCE = re.compile(r"\$\{[^}]*\}")
READS = re.compile(r"[\w-]+:(Describe|Get|List|Validate|View)")

Statement = dict[str, Any]
Item = tuple[str, Document]


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """Return the table, by type of resource; those of data sources begin with ``data.``."""
    return dict(json.loads(TABLE.read_text(encoding="utf-8")))


def deployment_policies(platform: Platform) -> list[Document]:
    """Return the policies that together let a role apply, change and destroy an environment."""
    return _policies(_statements(platform))


def plan_policies(platform: Platform) -> list[Document]:
    """Return the policies that together let a role plan an environment, without a lock, and change nothing."""
    return _policies(filter(None, map(_reading, _statements(platform))))


def _reading(statement: Statement) -> Statement | None:
    states = {"kms:Decrypt"} if statement["Sid"] == "EncryptStates" else set()
    actions = [action for action in statement["Action"] if READS.match(action) or action in states]
    return {**statement, "Action": actions} if actions else None


def _policies(statements: Iterable[Statement]) -> list[Document]:
    documents: list[Document] = []
    taken: list[Statement] = []
    for statement in statements:
        if taken and len(_compact(_policy([*taken, statement]))) > POLICY_LENGTH:
            documents.append(_policy(taken))
            taken = []
        taken.append(statement)
    return [*documents, *([_policy(taken)] if taken else [])]


def _policy(statements: list[Statement]) -> Document:
    return {"Statement": list(statements), "Version": "2012-10-17"}


def _compact(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


def _statements(platform: Platform) -> Iterator[Statement]:
    items = [item for module in platform.modules for item in _items(module.document)]
    rows = [row for type_ in sorted({type_ for type_, _ in items}) if (row := table().get(type_))]
    place = _Place(platform.modules[0].document.get("provider", {}).get("aws", {}))
    for service in sorted({action.partition(":")[0] for row in rows for action in row["actions"]}):
        actions = {action for row in rows for action in row["actions"] if action.startswith(f"{service}:")}
        arns = {place.arn(text) for type_, block in items for text in _resources(service, type_, block)}
        yield _allow(f"Manage {service}", actions, _shortened(arns, platform.name) or ["*"])
    if without := {action for row in rows for action in row.get("any", ())}:
        yield _allow("Without names", without, ["*"])
    passes = any(row.get("passes") for row in rows)
    made = (text for type_, block in items if type_ == "aws_iam_role" for text in _resources("iam", type_, block))
    roles = {*map(place.arn, made), *(arn for _, block in items for arn in ROLE.findall(json.dumps(block)))}
    if passes and roles:
        yield _allow("Pass roles", {"iam:PassRole"}, _shortened(roles, platform.name))
    emptied = [block for type_, block in items if type_ == "aws_s3_bucket" and block.get("force_destroy")]
    if names := sorted(place.arn(text) for block in emptied for text in _resources("s3", "aws_s3_bucket", block)):
        deletion = {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListBucketVersions"}
        yield _allow("Empty buckets", deletion, [*names, *(f"{name}/*" for name in names)])
    if linked := sorted({service for row in rows for service in row.get("linked", ())}):
        arn = place.arn("iam::{account_id}:role/aws-service-role/*")
        condition = {"StringEquals": {"iam:AWSServiceName": linked}}
        yield _allow("Make service linked roles", {"iam:CreateServiceLinkedRole"}, [arn]) | {"Condition": condition}
    yield from _state_statements(platform, place)


def _state_statements(platform: Platform, place: "_Place") -> Iterator[Statement]:
    """Yield what the states need that lie in S3; others have permissions of their own."""
    backends = [module.backend for module in platform.modules]
    states = [block for kind, block in backends if kind == "s3" and "bucket" in block]
    if not states:
        return
    buckets = {place.arn(f"s3:::{block['bucket']}") for block in states}
    keys = {f"{block['bucket']}/{block.get('key', '*')}" for block in states}
    files = {place.arn(f"s3:::{key}{end}") for key in keys for end in ("", ".tflock")}
    yield _allow("List states", {"s3:ListBucket"}, sorted(buckets))
    yield _allow("Keep states", {"s3:DeleteObject", "s3:GetObject", "s3:PutObject"}, sorted(files))
    if encrypting := sorted({block["kms_key_id"] for block in states if "kms_key_id" in block}):
        yield _allow("Encrypt states", {"kms:Decrypt", "kms:GenerateDataKey"}, encrypting)


class _Place:
    """Where an environment is, as its ARNs have it."""

    def __init__(self, providers: Document | list[Document]) -> None:
        provider = providers[0] if isinstance(providers, list) else providers
        region, accounts = str(provider.get("region", "*")), provider.get("allowed_account_ids", ["*"])
        self.partition = next((name for start, name in PARTITIONS.items() if region.startswith(start)), "aws")
        self.names = {"region": region, "account_id": accounts[0], "here": f"{region}:{accounts[0]}"}

    def arn(self, text: str) -> str:
        """Return a whole ARN, of what follows the partition."""
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        # What is known only when it is applied may be anything.
        return f"arn:{self.partition}:{REFERENCE.sub('*', text)}"


def _items(document: Document) -> Iterator[Item]:
    """Yield type and block of every resource and data source."""
    for kind, prefix in (("resource", ""), ("data", "data.")):
        for type_, blocks in document.get(kind, {}).items():
            yield from ((f"{prefix}{type_}", block) for block in blocks.values())


def _resources(service: str, type_: str, block: Document) -> Iterator[str]:
    """Yield what follows ``arn:<partition>:`` for a resource, as far as its own names tell."""
    row = table().get(type_, {})
    given = [(argument, block[argument]) for argument in row.get("name", ["name"]) if argument in block] or [("", "*")]
    # What is a reference as a whole leads to what is made here, too.
    names = [f"{name}*" if argument.endswith("_prefix") else name for argument, name in given if not _is_made(name)]
    path = str(block.get("path", "/")).lstrip("/")
    for template in row.get("on", ()):
        if template.startswith(f"{service}:"):
            yield from (template.replace("{path}", path).replace("{name}", name) for name in names)


def _is_made(name: str) -> bool:
    return name.startswith("${aws_") and REFERENCE.fullmatch(name) is not None


def _shortened(arns: Iterable[str], environment: str) -> list[str]:
    """Return ARNs in order, many that begin alike up to the environment's name as one."""
    groups: dict[str, list[str]] = {}
    for arn in sorted(arns):
        found = re.match(rf".*?-{re.escape(environment)}-", arn)
        groups.setdefault(found[0] if found else arn, []).append(arn)
    found_arns = [arn for start, group in groups.items() for arn in ([f"{start}*"] if len(group) > FEW else group)]
    wide = [arn for arn in found_arns if arn.endswith("*")]
    return sorted({arn for arn in found_arns if not any(arn != item and arn.startswith(item[:-1]) for item in wide)})


def _allow(purpose: str, actions: Iterable[str], resources: list[str]) -> Statement:
    sid = "".join(word.capitalize() for word in re.split(r"\W+", purpose))
    return {"Action": sorted(actions), "Effect": "Allow", "Resource": resources, "Sid": sid}
