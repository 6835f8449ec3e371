"""Statements of a policy of the user's own, for what ``Access`` has no word for.

Source: "IAM JSON policy elements reference"; which actions there are, from the Service Authorization Reference.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from modules.iam.actions import action_fix, meant
from modules.iam.policy import Statement, allow, camel
from modules.markers import ArnOf
from modules.problems import Problem
from modules.settings import Distinct, Settings
from modules.terraform_literal import terraform_literal

ActionName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+:[0-9A-Za-z*?]+$", max_length=128),
    Field(description="a service's prefix and an action, e.g. bedrock:InvokeModel or dynamodb:Get*"),
]
StatementResource = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9*-]*:([0-9]{12}|aws|\*)?:\S.*$|^\*$", max_length=2_048
    ),
    Field(description="an ARN, which may have wildcards, or *"),
    ArnOf("resource"),
]
Comparison = Literal[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
]
ConditionKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+:[0-9A-Za-z_.:/${}=+@-]+$", max_length=256),
    Field(description="a key of a request, e.g. aws:RequestedRegion"),
]


class PolicyCondition(Settings):
    """What must hold of a request; several of one statement must all hold."""

    operator: Comparison
    """how the key's value is compared [one of 'StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan',
    'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals',
    'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals',
    'IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Null'; required]"""
    key: ConditionKey
    """what is compared [at most 256 characters; required]"""
    values: Distinct[Annotated[str, Field(max_length=2_048)]] = Field(min_length=1)
    """with what; one of them is enough [at least 1 item; each at most 2,048 characters; required]"""
    of_many: Literal["ForAllValues", "ForAnyValue"] | None = None
    """for a key that has several values: whether all or any of them has to compare so [one of 'ForAllValues',
    'ForAnyValue'; default None]"""
    if_exists: bool = False
    """True: also holds where the request does not have the key [default False]"""

    def check_if_exists(self) -> Iterator[Problem]:
        """Check that IAM has such an operator."""
        if self.if_exists and self.operator == "Null":
            yield self.problem("if_exists", "be False with the operator Null", "it tests whether a value exists")

    @property
    def operator_name(self) -> str:
        """Return the operator as policies have it, e.g. ForAnyValue:StringLikeIfExists."""
        of_many = f"{self.of_many}:" if self.of_many else ""
        return f"{of_many}{self.operator}{'IfExists' if self.if_exists else ''}"


class PolicyStatement(Settings):
    """Actions that a workload may take on resources that are named."""

    actions: Distinct[ActionName] = Field(min_length=1)
    """what it may do, by AWS's own names; a * at the end means all that begin so [at least 1 item; each at most 128
    characters; required]"""
    resources: Distinct[StatementResource] = Field(min_length=1)
    """on what; "*" only where the actions take no resource, in production [at least 1 item; each at most 2,048
    characters; required]"""
    conditions: Distinct[PolicyCondition] = ()
    """under which conditions; empty: always [default empty]"""

    @property
    def _on_resources(self) -> list[str]:
        """Those of its actions that take a resource."""
        known = (action for action in self.actions if not action_fix(action))
        return [action for action in known if any(on_resource for _, on_resource in meant(action))]

    def check_actions(self) -> Iterator[Problem]:
        """Check that AWS has each of the actions."""
        for index, action in enumerate(self.actions):
            if fix := action_fix(action):
                yield self.problem(f"actions[{index}]", "be an action of AWS", "it would allow nothing", fix)

    def check_resources(self) -> Iterator[Problem]:
        """Check that what takes no resource is allowed on everything, without which it is not allowed at all."""
        for action in self.actions if "*" not in self.resources else ():
            if not action_fix(action) and action not in self._on_resources:
                rule, fix = f'be ["*"] for {action}, which takes no resource', "give it a statement of its own"
                yield Problem("resources", rule, repr(self.resources[0]), "it would allow nothing", fix)

    def check_conditions(self) -> Iterator[Problem]:
        """Check that none replaces another: a policy has each key once for an operator."""
        seen: dict[tuple[str, str], int] = {}
        for index, condition in enumerate(self.conditions):
            first = seen.setdefault((condition.operator_name, condition.key.lower()), index)
            if first != index:
                rule = f"compare what conditions[{first}] does not compare the same way"
                yield Problem(
                    f"conditions[{index}]", rule, repr(condition.key), "a policy has each once", "merge their values"
                )

    def production_problems(self) -> Iterator[Problem]:
        """Refuse what opens a whole service."""
        yield from super().production_problems()
        for index, action in enumerate(self.actions):
            if action.endswith(":*"):
                rule = "name what is done, not all actions of a service, in production"
                yield self.problem(f"actions[{index}]", rule, "anyone who takes over the workload could do all of it")
        for index, resource in enumerate(self.resources):
            if self._on_resources and resource.rsplit(":", 1)[-1] == "*" and resource.count(":") in (0, 5):
                rule = f"name what {self._on_resources[0]} is for, in production"
                reason = "anyone who takes over the workload could reach all there is"
                yield self.problem(f"resources[{index}]", rule, reason)

    def statement(self, name: str) -> Statement:
        """Return the statement called ``name``."""
        condition: dict[str, dict[str, list[str]]] = {}
        for item in self.conditions:
            condition.setdefault(item.operator_name, {})[terraform_literal(item.key)] = terraform_literal(item.values)
        resources = sorted(terraform_literal(self.resources))
        return allow(camel(name), self.actions, resources, condition=condition or None)
