"""What a text in Terraform points to: by reference, through the outputs of other root modules, or by name in an ARN."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from handover.expressions import references
from handover.platforms import STATE_ADDRESSES, Document, Platform, RootModule, construct_path, resources

# How ARNs and addresses of other things end that AWS makes predictable.
NAMED = {
    "aws_batch_compute_environment": re.compile(r":compute-environment/([^:/]+)"),
    "aws_batch_job_definition": re.compile(r":job-definition/([^:/]+)"),
    "aws_batch_job_queue": re.compile(r":job-queue/([^:/]+)"),
    "aws_sfn_state_machine": re.compile(r":stateMachine:([^:/]+)"),
    "aws_sqs_queue": re.compile(r"(?:^arn:[^:]+:sqs:[^:]*:[^:]*:|^https://sqs\..*/)([^:/]+)$"),
    "aws_ecs_task_definition": re.compile(r":task-definition/([^:/]+)"),
    "aws_ecs_cluster": re.compile(r":cluster/([^:/]+)"),
    "aws_lambda_function": re.compile(r":function:([^:/]+)"),
    "aws_lb": re.compile(r":(?:listener|loadbalancer)/\w+/([^:/]+)"),
    "aws_s3_bucket": re.compile(r"^arn:[^:]+:s3:::([^/]+)"),
}
NAME = re.compile(r"([\w-]+)(?::\d+)?")  # and a revision
NAMES = ("name", "bucket", "family")
# Keys below which there may be a mere name, and of what.
NAMED_BY = {
    "cluster": "aws_ecs_cluster",
    "jobdefinition": "aws_batch_job_definition",
    "jobqueue": "aws_batch_job_queue",
    "taskdefinition": "aws_ecs_task_definition",
    "taskdefinitionarn": "aws_ecs_task_definition",
}
# What stands for another resource, by the argument that says which.
FORWARDS = {"aws_sfn_alias": "routing_configuration"}


@dataclass(frozen=True)
class Resource:
    """A resource of a platform; one that nobody here makes has no block."""

    type: str
    name: str
    part: str = ""

    @property
    def key(self) -> str:
        """Return what tells it from every other."""
        return f"{self.type}.{self.name}"


class Directory:
    """The resources of a platform, found by what points to them."""

    def __init__(self, platform: Platform) -> None:
        self.modules = platform.modules
        self._by_part = {module.part: module for module in platform.modules}

    @cached_property
    def blocks(self) -> Mapping[Resource, Document]:
        """Return the block of each resource."""
        return {
            Resource(type_, name, module.part): block
            for module in self.modules
            for type_, name, block in resources(module.document)
        }

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], Resource]:
        return {
            (resource.type, str(block[key])): resource
            for resource, block in self.blocks.items()
            for key in NAMES
            if key in block
        }

    def of(self, *types: str) -> Iterator[tuple[Resource, Document]]:
        """Yield the resources of these types."""
        yield from ((resource, block) for resource, block in self.blocks.items() if resource.type in types)

    def named(self, type_: str, name: str) -> Resource | None:
        """Return the resource of a type that has this name in AWS."""
        return self._by_name.get((type_, name))

    def find(self, part: str, text: str, key: str = "") -> Resource | None:
        """Return what a text inside a root module points to, below this key; what nobody here makes has only a name."""
        type_ = NAMED_BY.get(plain(key), "")
        if type_ and (bare := NAME.fullmatch(text)):
            return self.named(type_, bare[1]) or Resource(type_, bare[1])
        for type_, pattern in NAMED.items():
            if match := pattern.search(text):
                return self.named(type_, match[1]) or Resource(type_, match[1])
        return next(self.referred(part, text), None)

    def referred(self, part: str, text: str) -> Iterator[Resource]:
        """Yield the resources that the expressions of a text refer to."""
        for name, rest in references(text):
            kind, _, item = name.partition(".")
            document = self._by_part[part].document
            if kind == "local":
                yield from self._referred_in(part, document.get("locals", {}).get(item))
            elif name.startswith(STATE_ADDRESSES):
                yield from self._output(self._by_part.get(item.partition(".")[2]), re.findall(r"[\w-]+", rest)[1:])
            elif (found := Resource(kind, item, part)) in self.blocks:
                if kind in FORWARDS:
                    yield from self._referred_in(part, self.blocks[found].get(FORWARDS[kind]))
                else:
                    yield found

    def _referred_in(self, part: str, value: Any) -> Iterator[Resource]:
        for text in strings(value):
            yield from self.referred(part, text)

    def _output(self, module: RootModule | None, steps: list[str]) -> Iterator[Resource]:
        if module is None or len(steps) < 2:  # the whole output stands only where a part of it is not there yet
            return
        value: Any = module.document.get("output", {}).get(steps[0], {}).get("value")
        for step in steps[1:]:
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            yield from self.referred(module.part, value)

    def called(self, resource: Resource) -> str:
        """Return what a resource is called in the environment file, or in Terraform or AWS where that is not known."""
        steps = construct_path(self.blocks.get(resource, {})).split("/")
        if "capacity_providers" in steps[:-1]:
            return steps[steps.index("capacity_providers") + 1]
        return steps[1] if len(steps) > 1 else resource.name


def strings(value: Any) -> Iterator[str]:
    """Yield every string inside a value that is no key and no comment."""
    yield from (text for _, text in leaves(value))


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every string inside a value with its keys, which are small letters without underscores."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key not in ("//", "depends_on"):
                yield from leaves(item, (*path, plain(key)))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item, path)


def plain(key: str) -> str:
    """Return a key as Terraform, AWS's APIs and state machines all have it, but for capitals and underscores."""
    return key.replace("_", "").lower()
