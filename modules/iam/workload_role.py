"""The role that a workload runs as: ``aws_iam_role``, and one ``aws_iam_role_policy`` for each grant.

Resources own their grants (``queue.grant_consume(role)``) and put them here, under a name of their own, so that adding
one never touches another.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.iam.account_rules import iam_rules
from modules.iam.policy import Statement, assume_role_document, policy_document
from modules.names import require_name

Permission: TypeAlias = IamRolePolicy | IamRolePolicyAttachment

TYPES = {IamRolePolicy: "aws_iam_role_policy", IamRolePolicyAttachment: "aws_iam_role_policy_attachment"}

# Of an inline policy. Source: PutRolePolicy in the IAM API reference.
MAX_POLICY_NAME_LENGTH = 128


class WorkloadRole(Construct):
    """Define an IAM role that AWS services may assume on behalf of one account.

    ``role_arn`` and ``role_name`` are tokens.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        services: Sequence[str],
        account_id: str | None,
        description: str,
    ) -> None:
        super().__init__(scope, id_)
        require_name("role", name)
        self._start()
        rules = iam_rules(self)
        role = IamRole(
            self,
            "Resource",
            name=name,
            path=rules.path,
            permissions_boundary=rules.permissions_boundary_arn,
            description=description,
            assume_role_policy=assume_role_document(services, account_id=account_id),
        )
        self.role_arn: str = role.arn
        self.role_name: str = role.name

    def _start(self) -> None:
        self._policies: dict[str, str] = {}
        self._waiting: list[Callable[[], None]] = []
        self._addresses: list[str] = []
        # What has been granted so far, for whatever must not start before it or go after it.
        self.permissions: list[Permission] = []

    @property
    def permission_addresses(self) -> list[str]:
        """The addresses of its permissions."""
        new = self.permissions[len(self._addresses) :]
        self._addresses += (f"{TYPES[type(item)]}.{item.friendly_unique_id}" for item in new)
        return self._addresses

    def tell_when_granted(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` whenever there is one permission more."""
        self._waiting.append(tell)

    def add_policy(self, id_: str, statements: Sequence[Statement]) -> None:
        """Attach ``statements`` as the inline policy ``id_``; granting the same twice is granting it once."""
        document = policy_document(statements)
        if id_ not in self._policies:
            self._policies[id_] = document
            self._add(id_, statements, document)
        elif self._policies[id_] != document:
            raise ValueError(f"{self.node.path} has another policy called {id_}: one of the two would be lost")

    def attach_managed_policy(self, id_: str, policy_arn: str) -> None:
        """Attach a policy by its ARN."""
        self._granted(IamRolePolicyAttachment(self, id_, role=self.role_name, policy_arn=policy_arn))

    def _add(self, id_: str, statements: Sequence[Statement], document: str) -> None:
        del statements
        self._granted(IamRolePolicy(self, id_, name=_policy_name(id_), role=self.role_name, policy=document))

    def _granted(self, permission: Permission) -> None:
        self.permissions.append(permission)
        for tell in self._waiting:
            tell()


def _policy_name(id_: str) -> str:
    """Return what IAM calls the policy ``id_``, which joins names and may be longer than IAM takes.

    Nobody refers to it, so its end may be that of a hash.
    """
    if len(id_) <= MAX_POLICY_NAME_LENGTH:
        return id_
    mark = f"-{sha256(id_.encode()).hexdigest()[:8]}"
    return id_[: MAX_POLICY_NAME_LENGTH - len(mark)] + mark


def start_after_permissions(user: TerraformResource, *roles: WorkloadRole) -> None:
    """Make ``user`` once ``roles`` have all their permissions, whenever those are granted, and let it go before them.

    What starts earlier fails at what it may not do yet, or loses what it should have written.
    """
    others: list[str] = user.depends_on or []

    def wait() -> None:
        if permissions := sorted(address for role in roles for address in role.permission_addresses):
            user.depends_on = [*others, *permissions]

    wait()
    for role in roles:
        role.tell_when_granted(wait)
