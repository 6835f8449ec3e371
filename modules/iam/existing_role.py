"""A role that somebody else makes: nothing is granted to it, and an output says what it needs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from constructs import Construct

from modules.iam.account_rules import RoleNeeds, iam_rules
from modules.iam.policy import Statement, policy_document
from modules.iam.role_settings import RoleChoice
from modules.iam.workload_role import WorkloadRole
from modules.naming import AwsLocation


class ExistingRole(WorkloadRole):
    """Take the role, or the instance profile around one, that has this ARN, for the use of AWS services."""

    def __init__(self, scope: Construct, id_: str, *, arn: str, services: Sequence[str]) -> None:
        super(WorkloadRole, self).__init__(scope, id_)
        self._start()
        self.role_arn = arn
        self.needs = RoleNeeds(arn, services)
        iam_rules(self).needs.append(self.needs)

    def attach_managed_policy(self, id_: str, policy_arn: str) -> None:
        """Note that it needs the policy."""
        del id_
        self.needs.managed_policy_arns.append(policy_arn)

    def _add(self, id_: str, statements: Sequence[Statement], document: str) -> None:
        del id_, document
        self.needs.statements.extend(statements)


def define_role(
    scope: Construct,
    id_: str,
    *,
    name: str,
    services: Sequence[str],
    account_id: str | None,
    description: str,
    role_arn: str | None,
) -> WorkloadRole:
    """Return the role of ``role_arn``, which exists, or where it is None a new one."""
    if role_arn is not None:
        return ExistingRole(scope, id_, arn=role_arn, services=services)
    return WorkloadRole(scope, id_, name=name, services=services, account_id=account_id, description=description)


def define_chosen_role(
    scope: Construct, settings: RoleChoice, *, name: str, service: str, location: AwsLocation, description: str
) -> WorkloadRole:
    """Return the role with which ``service`` does what ``settings`` say, as the part ``role`` of what has this name."""
    return define_role(
        scope,
        "role",
        name=settings.role_name(name),
        services=[service],
        account_id=location.account_id,
        description=description,
        role_arn=settings.role_arn,
    )


def required_policies(needs: Iterable[RoleNeeds]) -> dict[str, dict[str, Any]]:
    """Return, by the ARN of each role, who assumes it and what it needs: one policy of its own, and policies by ARN."""
    by_arn: dict[str, list[RoleNeeds]] = {}
    for use in needs:
        by_arn.setdefault(use.arn, []).append(use)
    return {arn: _required(uses) for arn, uses in sorted(by_arn.items())}


def _required(uses: Sequence[RoleNeeds]) -> dict[str, Any]:
    statements = _told_apart(statement for use in uses for statement in use.statements)
    managed = sorted({arn for use in uses for arn in use.managed_policy_arns})
    return {
        "assumed_by": sorted({service for use in uses for service in use.services}),
        **({"policy": policy_document(statements)} if statements else {}),
        **({"managed_policy_arns": managed} if managed else {}),
    }


def _told_apart(statements: Iterable[Statement]) -> list[Statement]:
    """Return each statement once, with a Sid that no other has: within one policy IAM wants it so."""
    kept: list[Statement] = []
    count: dict[str, int] = {}
    for statement in statements:
        sid = statement["Sid"]
        if any(_without_sid(other) == _without_sid(statement) for other in kept):
            continue
        count[sid] = count.get(sid, 0) + 1
        kept.append(statement if count[sid] == 1 else {**statement, "Sid": f"{sid}{count[sid]}"})
    return kept


def _without_sid(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key != "Sid"}
