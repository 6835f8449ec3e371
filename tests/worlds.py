"""Environments as a simulator of policies sees them: every role, queue, bucket, key and file system by its path."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from modules.kms.settings import NewKmsKey
from modules.settings import settings_in
from proofs.world import EmittedWorld
from stacks.environment import Environment
from stacks.loading import load_environments
from tests.shipped import PACKAGES, shipped_stacks
from tests.simulator import Request, Statement, is_allowed, is_denied, names_action
from tests.synthesized import synthesized

ENCRYPTED = ("queues", "buckets", "file_systems", "repositories")
PROTECTED = re.compile(r"arn:[^:]+:(elasticfilesystem|kms|s3|sqs):")
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


class World(EmittedWorld):
    """All stacks of one environment, and what its roles may do."""

    def __init__(self, environment: Environment, stacks: Mapping[str, Any] | None = None) -> None:
        super().__init__(environment, synthesized(environment) if stacks is None else stacks)

    @cached_property
    def roles(self) -> dict[str, list[Statement]]:
        """The inline policies of each role, by the role's path."""
        return {path: list(role.statements) for path, role in self.emitted_roles.items()}

    @cached_property
    def trust(self) -> dict[str, list[Statement]]:
        """Who may take on each role."""
        return {path: list(role.trust) for path, role in self.emitted_roles.items()}

    @cached_property
    def policies_of_resources(self) -> dict[str, list[Statement]]:
        """The policies of queues, buckets, keys and file systems, by ARN."""
        found = {arn: list(policy.statements) for arn, policy in self.resource_policies.items()}
        return {arn: statements for arn, statements in found.items() if PROTECTED.match(arn)}

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
        return is_allowed(self._naming[role, action], request) and not is_denied(owner, request)

    @cached_property
    def _naming(self) -> "_Naming":
        return _Naming(self.roles)


class _Naming(dict[tuple[str, str], list[Statement]]):
    """The statements of each role that speak of an action, found when they are asked for."""

    def __init__(self, roles: Mapping[str, list[Statement]]) -> None:
        super().__init__()
        self._roles = roles

    def __missing__(self, key: tuple[str, str]) -> list[Statement]:
        role, action = key
        found = self[key] = [item for item in self._roles[role] if names_action(item, action)]
        return found


@cache
def governed_world(name: str) -> World:
    """Return an environment of an account that wants a path, a boundary, and keys for all that it keeps and logs."""
    environment = with_keys(as_shipped(*PACKAGES)[name][1])
    key = f"arn:aws:kms:{environment.region}:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d"
    boundary = f"arn:aws:iam::{environment.account_id}:policy/boundaries/workload"
    rules = {"iam_path": "/ml/", "permissions_boundary_arn": boundary, "log_kms_key_arn": key}
    return World(environment.model_copy(update=rules))


@cache
def as_shipped(*packages: str) -> dict[str, tuple[str, Environment]]:
    """Return the environments of these packages by name, each with its package."""
    return {item.name: (package, item) for package in packages for item in load_environments(package=package)}


def shipped_world(package: str, environment: Environment) -> World:
    """Return an environment as it is shipped."""
    stacks = shipped_stacks(package)
    own = {name: stack for name, stack in stacks.items() if name.rpartition("-")[0] == environment.name}
    return World(environment, own)
