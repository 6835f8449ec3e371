"""The emitted policies of one environment, with their references replaced: who has which, and which protects what."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from modules import arns
from proofs.policies import ResourcePolicy, Statement
from stacks.emitted_references import REFERENCE, UNNAMED, References
from stacks.environment import Environment

LOGS = "aws_cloudwatch_log_resource_policy"  # of the account: it says itself of which log groups it is
# Policies of resources: the argument that has them, the one that says of what they are, and what else they cover.
OF_RESOURCES = {
    "aws_sqs_queue_policy": ("policy", "queue_url", ()),
    "aws_s3_bucket_policy": ("policy", "bucket", ("/*",)),
    "aws_sns_topic_policy": ("policy", "arn", ()),
    "aws_efs_file_system_policy": ("policy", "file_system_id", ()),
    "aws_ecr_repository_policy": ("policy", "repository", ()),
    "aws_kms_key": ("policy", "arn", ()),
}
NAMED = {
    "aws_cloudwatch_event_bus": arns.event_bus,
    "aws_sfn_state_machine": arns.state_machine,
    "aws_sns_topic": arns.topic,
}
IDENTIFIED = {"aws_sqs_queue": ("url", "id"), "aws_s3_bucket": ("id", "bucket"), "aws_efs_file_system": ("id",)}


class Distinguished(References):
    """References of which those to two keys, say, are not the same, and those to one thing are always its ARN."""

    def _meaning(self, stack: str, found: Any) -> str:
        type_, _, id_ = found[1].partition(".")
        block = self.stacks[stack].get("resource", {}).get(type_, {}).get(id_)
        if block is None:
            return str(super()._meaning(stack, found))
        if type_ in UNNAMED and found[2] in {"arn", *IDENTIFIED.get(type_, ())}:
            return UNNAMED[type_][0](self._location(stack), id_)
        if type_ in NAMED and found[2] == "arn":
            return NAMED[type_](self._location(stack), block["name"])
        if type_.endswith("security_group") and found[2] == "id":
            return _path(block)
        if found[2] in IDENTIFIED.get(type_, ()):
            found = REFERENCE.fullmatch(f"${{{found[1]}.arn}}")
        return str(super()._meaning(stack, found))


def _path(block: Mapping[str, Any]) -> str:
    return str(block["//"]["metadata"]["path"].partition("/")[2].removesuffix("/Resource"))


def statements_of(*documents: str) -> list[Statement]:
    """Return the statements of these policies, as Terraform writes them."""
    return [statement for document in documents for statement in json.loads(document.replace("$${", "${"))["Statement"]]


@dataclass(frozen=True)
class Role:
    """A role as it is emitted: what it may do, who takes it on, and policies of others that it has besides."""

    arn: str
    statements: tuple[Statement, ...]
    trust: tuple[Statement, ...]
    attached: frozenset[str]
    boundary: str | None = None


class EmittedWorld:
    """All stacks of one environment. Ids of security groups stand for their paths."""

    def __init__(self, environment: Environment, stacks: Mapping[str, Any]) -> None:
        self.environment, self.stacks = environment, stacks
        self._references = Distinguished(self.stacks)
        self._blocks: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}

    def blocks(self, type_: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return path and block, with its references replaced, of every resource of a type."""
        if type_ not in self._blocks:
            self._blocks[type_] = list(self._read(type_))
        return self._blocks[type_]

    def _read(self, type_: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for stack, document in self.stacks.items():
            for id_, block in document.get("resource", {}).get(type_, {}).items():
                path = _path(block)
                arn = self._references.resolved(stack, f"${{{type_}.{id_}.arn}}")
                yield path, {"arn": arn, **self._references.resolved(stack, dict(block))}

    def arns(self, type_: str) -> dict[str, str]:
        """Return the ARNs of all resources of a type, by path."""
        return {path: block["arn"] for path, block in self.blocks(type_)}

    @cached_property
    def emitted_roles(self) -> dict[str, Role]:
        """Each role, by its path."""
        inline: dict[str, list[Statement]] = {}
        for _, policy in self.blocks("aws_iam_role_policy"):
            inline.setdefault(policy["role"], []).extend(statements_of(policy["policy"]))
        attached: dict[str, set[str]] = {}
        for _, attachment in self.blocks("aws_iam_role_policy_attachment"):
            attached.setdefault(attachment["role"], set()).add(attachment["policy_arn"])
        return {
            path: Role(
                role["arn"],
                tuple(inline.get(role["name"], ())),
                tuple(statements_of(role["assume_role_policy"])),
                frozenset(attached.get(role["name"], ())),
                role.get("permissions_boundary"),
            )
            for path, role in self.blocks("aws_iam_role")
        }

    @cached_property
    def resource_policies(self) -> dict[str, ResourcePolicy]:
        """The policies of queues, buckets, topics, keys and the like, by the ARN of what they protect."""
        found = {}
        for type_, (argument, of, also) in OF_RESOURCES.items():
            for path, block in self.blocks(type_):
                arn, owner = block[of], path.removesuffix("/policy")
                if type_ == "aws_ecr_repository_policy":
                    arn = arns.repository(self.environment.location, arn)
                covers = (arn, *(f"{arn}{rest}" for rest in also))
                statements = tuple(statements_of(block[argument]))
                found[arn] = ResourcePolicy(owner, covers, statements, has_to_agree=type_ == "aws_kms_key")
        for path, block in self.blocks(LOGS):
            found[path] = ResourcePolicy(path, ("*",), tuple(statements_of(block["policy_document"])))
        return found
