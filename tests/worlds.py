"""Environments as a simulator of policies sees them: every role, queue, bucket, key and file system by its path."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from modules.kms.settings import NewKmsKey
from modules.settings import settings_in
from stacks.emitted_references import UNNAMED, References
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.shipped import shipped_stacks
from tests.simulator import Request, Statement, is_allowed, is_denied, statements_of
from tests.synthesized import synthesized

ENCRYPTED = ("queues", "buckets", "file_systems", "repositories")
# Policies of resources, and the argument that says of which.
OF_RESOURCES = {"aws_sqs_queue_policy": "queue_url", "aws_s3_bucket_policy": "bucket"}
SAFELY = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3", "elasticfilesystem:AccessedViaMountTarget": "true"}


def with_keys(environment: Environment) -> Environment:
    """Return the environment with a key of its own for all that it encrypts and has none for, and that may have one."""
    logs = {getattr(item, "access_log_bucket", None) for _, item in settings_in(environment)}
    changed: dict[str, Any] = {}
    for kind in ENCRYPTED:
        changed[kind] = {
            name: entry.model_copy(update={"kms_key": NewKmsKey()})
            if getattr(entry, "kms_key", 0) is None and (kind, name) not in {("buckets", log) for log in logs}
            else entry
            for name, entry in getattr(environment, kind).items()
        }
    return environment.model_copy(update=changed)


class Distinguished(References):
    """References of which those to two keys, say, are not the same."""

    def _meaning(self, stack: str, found: Any) -> str:
        type_, _, id_ = found[1].partition(".")
        if type_ in UNNAMED and found[2] == "arn":
            return UNNAMED[type_][0](self._location(stack), id_)
        if type_.endswith("security_group") and found[2] == "id":
            return _path(self.stacks[stack]["resource"][type_][id_])
        if type_ in {"aws_sqs_queue", "aws_s3_bucket"} and found[2] in {"url", "id", "bucket"}:
            return str(super()._meaning(stack, _with_attribute(found, "arn")))
        return super()._meaning(stack, found)


class _Attribute:
    def __init__(self, address: str, attribute: str, whole: str) -> None:
        self._groups = (whole, address, attribute)

    def __getitem__(self, group: int) -> str:
        return self._groups[group]


def _with_attribute(found: Any, attribute: str) -> Any:
    return _Attribute(found[1], attribute, found[0])


def _path(block: Mapping[str, Any]) -> str:
    return str(block["//"]["metadata"]["path"].partition("/")[2].removesuffix("/Resource"))


class World:
    """All stacks of one environment. Ids of security groups stand for their paths."""

    def __init__(self, environment: Environment, stacks: Mapping[str, Any] | None = None) -> None:
        self.environment = environment
        self.stacks = synthesized(environment) if stacks is None else stacks
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
                yield path, {**self._references.resolved(stack, dict(block)), "arn": arn}

    def arns(self, type_: str) -> dict[str, str]:
        """Return the ARNs of all resources of a type, by path."""
        return {path: block["arn"] for path, block in self.blocks(type_)}

    @cached_property
    def roles(self) -> dict[str, list[Statement]]:
        """The inline policies of each role, by the role's path."""
        found: dict[str, list[Statement]] = {path: [] for path, _ in self.blocks("aws_iam_role")}
        for path, policy in self.blocks("aws_iam_role_policy"):
            found[path.rpartition("/")[0]] += statements_of(policy["policy"])
        return found

    @cached_property
    def trust(self) -> dict[str, list[Statement]]:
        """Who may take on each role."""
        return {path: statements_of(role["assume_role_policy"]) for path, role in self.blocks("aws_iam_role")}

    @cached_property
    def policies_of_resources(self) -> dict[str, list[Statement]]:
        """The policies of queues, buckets, keys and file systems, by ARN."""
        found = {key["arn"]: statements_of(key["policy"]) for _, key in self.blocks("aws_kms_key")}
        for type_, argument in OF_RESOURCES.items():
            found |= {policy[argument]: statements_of(policy["policy"]) for _, policy in self.blocks(type_)}
        return found

    def may(self, role: str, action: str, resource: str, **context: str) -> bool:
        """Return whether a role may do something over TLS: by its own policies, and unless the resource refuses it.

        A key has to agree: its policy says that the account's policies count.
        """
        location = self.environment.location
        principal = f"arn:{location.partition}:iam::{location.account_id}:role/{role.replace('/', '-')}"
        names = {name.replace("__", ":"): value for name, value in context.items()}
        request = Request(action, resource, principal, SAFELY | names)
        owner = self.policies_of_resources.get(resource.partition("/")[0] if ":s3:::" in resource else resource, [])
        if action.startswith("kms:") and owner and not is_allowed(owner, request):
            return False
        return is_allowed(self.roles[role], request) and not is_denied(owner, request)


def as_shipped(*packages: str) -> dict[str, tuple[str, Environment]]:
    """Return the environments of these packages by name, each with its package."""
    return {item.name: (package, item) for package in packages for item in load_environments(package=package)}


def shipped_world(package: str, environment: Environment) -> World:
    """Return an environment as it is shipped."""
    stacks = shipped_stacks(package)
    own = {name: stack for name, stack in stacks.items() if name.rpartition("-")[0] == environment.name}
    return World(environment, own)
