"""What an account asks of everything that is made there, and the roles that it makes itself.

A stack that has such rules is an ``AccountStack``; whatever is made in it finds them there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cdktf import TerraformStack
from constructs import Construct

from modules.iam.policy import Statement


@dataclass(frozen=True)
class RoleNeeds:
    """What one use of a role, or of the instance profile around one, needs of it, and which services assume it."""

    arn: str
    services: Sequence[str]
    statements: list[Statement] = field(default_factory=list)
    managed_policy_arns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class IamRules:
    """Path and boundary of what is made, None: IAM's own; and what is needed of the roles that others make."""

    path: str | None = None
    permissions_boundary_arn: str | None = None
    needs: list[RoleNeeds] = field(default_factory=list)


class AccountStack(TerraformStack):
    """A stack in an account with rules of its own: for IAM, and the key of log groups that have no other."""

    iam: IamRules
    log_kms_key_arn: str | None = None


def iam_rules(scope: Construct) -> IamRules:
    """Return the rules of the stack that ``scope`` is in; none of a stack that has none."""
    stack = TerraformStack.of(scope)
    return stack.iam if isinstance(stack, AccountStack) else IamRules()
