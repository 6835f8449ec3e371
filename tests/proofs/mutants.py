"""Faults that policies may come to have, each of which some theorem has to find."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from proofs.environment import Proofs
from proofs.theorems import Theorem

Statement = dict[str, Any]
Change = Callable[[Statement], object]


def put(**elements: Any) -> Change:
    """Return the change that gives a statement other elements."""
    return lambda statement: statement.update(elements)


def without(element: str) -> Change:
    """Return the change that takes an element, or an operator or a key of its condition, away."""

    def change(statement: Statement) -> None:
        condition = statement.get("Condition", {})
        found = [holder for holder in (statement, condition, *condition.values()) if element in holder]
        assert found, f"{element} is not in {statement}"
        for holder in found:
            del holder[element]

    return change


def renamed(old: str, new: str) -> Change:
    """Return the change that calls an element or an operator something else."""

    def change(statement: Statement) -> None:
        holder = statement if old in statement else statement["Condition"]
        holder[new] = holder.pop(old)

    return change


def swapped(old: str, new: str) -> Change:
    """Return the change that replaces a part of every resource."""

    def change(statement: Statement) -> None:
        resources = statement["Resource"]
        many = [resources] if isinstance(resources, str) else resources
        assert any(old in item for item in many), f"{old} is not in {many}"
        statement["Resource"] = [item.replace(old, new) for item in many]

    return change


def compared(operator: str, key: str, value: Any) -> Change:
    """Return the change that compares a key with another value."""
    return lambda statement: statement["Condition"][operator].update({key: value})


def allowed(action: str) -> Change:
    """Return the change that allows one more action."""

    def change(statement: Statement) -> None:
        actions = statement["Action"]
        statement["Action"] = [*([actions] if isinstance(actions, str) else actions), action]

    return change


@dataclass(frozen=True)
class Mutant:
    """A statement of a policy, found by its Sid, and what is changed of it. ``of``: whose policy it is."""

    environment: str
    of: str
    sid: str
    change: Change

    def theorems(self, proofs: Proofs) -> Iterable[Theorem]:
        """Return what has to hold of what was changed, and no longer does."""
        if self.of in proofs.teams:
            proofs.teams = {**proofs.teams, self.of: self._changed(proofs.teams[self.of])}
            return proofs.of_team(self.of)
        if self.of in proofs.roles:
            role = proofs.roles[self.of]
            if self.sid == "trust":
                role = replace(role, trust=tuple(self._changed(role.trust)))
            else:
                role = replace(role, statements=tuple(self._changed(role.statements)))
            proofs.roles = {**proofs.roles, self.of: role}
            return proofs.of_role(self.of)
        (arn,) = (arn for arn, policy in proofs.emitted.items() if policy.path == self.of)
        policy = proofs.emitted[arn]
        proofs.emitted = {**proofs.emitted, arn: replace(policy, statements=tuple(self._changed(policy.statements)))}
        return proofs.of_resource(arn)

    def _changed(self, statements: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        kept = [deepcopy(dict(item)) for item in statements]
        found = [item for item in kept if self.sid in (item.get("Sid"), "trust")]
        assert found, f"{self.of} has no {self.sid}"
        for item in found:
            self.change(item)
        return list(kept)
