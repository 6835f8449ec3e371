"""Sizes that only the emitted documents tell: what a role may do, and what a task or job is, as long as AWS takes it.

Source: "IAM and AWS STS quotas", "Amazon ECS service quotas", "AWS Batch service quotas".
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.problems import Problem, SettingsError
from stacks.emitted_references import References

MAX_INLINE_POLICIES = 10_240  # of one role, together
MAX_MANAGED_POLICY = 6_144
MAX_ENDPOINT_POLICY = 20_480
MAX_TASK_DEFINITION = 65_536
MAX_JOB_DEFINITION = 24_576
FEWER = "grant whole buckets instead of prefixes, or split the workload"
SHORTER = "shorten command and environment, or read them from S3"


@dataclass(frozen=True)
class Size:
    """How long a document is, and how long AWS lets it be; ``path`` is that of its construct, with its stack."""

    path: str
    rule: str
    length: int
    most: int
    unit: str
    fix: str

    def problems(self) -> Iterator[Problem]:
        """Yield what AWS would refuse."""
        if self.length > self.most:
            rule = f"{self.rule} of at most {self.most:,} {self.unit}"
            yield Problem(self.path, rule, f"{self.length:,}", "AWS refuses more", self.fix)


def require_sizes(stacks: Mapping[str, Any]) -> None:
    """Raise SettingsError if AWS would refuse a policy or document of ``stacks`` for its size alone."""
    problems = list(size_problems(stacks))
    if problems:
        raise SettingsError("synthesized", problems)


def size_problems(stacks: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is too long in the JSON of stacks, by their names; each with the path of its construct."""
    yield from (problem for size in sizes(stacks) for problem in size.problems())


def sizes(stacks: Mapping[str, Any]) -> Iterator[Size]:
    """Yield how long the documents are in the JSON of stacks, by their names."""
    references = References(stacks)
    for stack, document in stacks.items():
        resources = document.get("resource", {})
        yield from _inline_policies(stack, resources, references)
        for policy in resources.get("aws_iam_policy", {}).values():
            size = _without_blanks(references.resolved(stack, policy["policy"]))
            yield _size(policy, "be a policy", size, MAX_MANAGED_POLICY, "characters", "share fewer")
        for endpoint in resources.get("aws_vpc_endpoint", {}).values():
            size = len(endpoint.get("policy", ""))
            fix = "name fewer buckets and accounts of others"
            yield _size(endpoint, "have a policy", size, MAX_ENDPOINT_POLICY, "characters", fix)
        for definition in resources.get("aws_ecs_task_definition", {}).values():
            size = _as_sent(references.resolved(stack, definition), "container_definitions")
            yield _size(definition, "be a task definition", size, MAX_TASK_DEFINITION, "bytes", SHORTER)
        for definition in resources.get("aws_batch_job_definition", {}).values():
            size = _as_sent(references.resolved(stack, definition), *_JOB_DOCUMENTS)
            yield _size(definition, "be a job definition", size, MAX_JOB_DEFINITION, "bytes", SHORTER)


_JOB_DOCUMENTS = ("container_properties", "ecs_properties", "node_properties")


def _inline_policies(stack: str, resources: Mapping[str, Any], references: References) -> Iterator[Size]:
    together: dict[str, int] = defaultdict(int)
    for policy in resources.get("aws_iam_role_policy", {}).values():
        together[policy["role"]] += _without_blanks(references.resolved(stack, policy["policy"]))
    for id_, role in resources.get("aws_iam_role", {}).items():
        size = together[f"${{aws_iam_role.{id_}.name}}"]
        yield _size(role, "have inline policies", size, MAX_INLINE_POLICIES, "characters together", FEWER)


def _without_blanks(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _as_sent(resource: Mapping[str, Any], *documents: str) -> int:
    """Return how long a request is, without what is Terraform's own."""
    request = {
        key: json.loads(value) if key in documents else value
        for key, value in resource.items()
        if key not in {"lifecycle", "depends_on", "tags"}
    }
    return len(json.dumps(request, separators=(",", ":"), ensure_ascii=False).encode())


def _size(resource: Mapping[str, Any], rule: str, length: int, most: int, unit: str, fix: str) -> Size:
    path = resource.get("//", {}).get("metadata", {}).get("path", "").removesuffix("/Resource")
    return Size(path, rule, length, most, unit, fix)
