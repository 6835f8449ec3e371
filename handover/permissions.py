"""What roles may do, in words: made from the policies beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handover.expressions import references
from handover.late_values import parsed
from handover.platforms import Document, construct_path, resources

# What belongs to a role: the argument that names the role, and the one that has the document.
INLINE = "aws_iam_role_policy"
ATTACHED = "aws_iam_role_policy_attachment"
# What a root module reads of the outputs of another.
READ = re.compile(r"data\.terraform_remote_state\.[\w-]+\.outputs\.([\w.\[\]-]+)")


@dataclass(frozen=True)
class Role:
    """A role: where it is, what it is for, who takes it on, and what it may do."""

    path: str
    description: str
    taken_by: tuple[str, ...]
    permissions: tuple[str, ...]


def roles(document: Document) -> Iterator[Role]:
    """Yield the roles of a root module."""
    paths = places(document)
    for type_, name, block in resources(document, "aws_iam_role"):
        address = f"{type_}.{name}"
        trust = statements(block.get("assume_role_policy", ""))
        permissions = [
            in_words(statement, paths)
            for _, _, policy in resources(document, INLINE)
            if any(found == address for found, _ in references(str(policy["role"])))
            for statement in statements(policy["policy"])
        ]
        permissions += [
            f"what the policy {policy['policy_arn']} allows"
            for _, _, policy in resources(document, ATTACHED)
            if any(found == address for found, _ in references(str(policy["role"])))
        ]
        takers = tuple(sorted({taker for statement in trust for taker in _principals(statement)}))
        yield Role(paths[address], block.get("description", ""), takers, tuple(permissions))


def places(document: Document) -> dict[str, str]:
    """Return what references lead to as people know it: the path of a resource, here or in another root module."""
    paths = {f"{type_}.{name}": construct_path(block) for type_, name, block in resources(document)}
    for name, value in document.get("locals", {}).items():
        if isinstance(value, str) and (read := READ.search(value)):
            *steps, _ = re.findall(r"[\w-]+", read[1])  # the last is what of it is read
            paths[f"local.{name}"] = "/".join(steps)
    return paths


def statements(policy: str) -> list[Mapping[str, Any]]:
    """Return the statements of a policy; none of one that is not written out."""
    try:
        found = parsed(policy).get("Statement", [])
    except ValueError:
        return []
    return found if isinstance(found, list) else [found]


def in_words(statement: Mapping[str, Any], paths: Mapping[str, str]) -> str:
    """Return what a statement lets do, on what, and under which condition."""
    actions = as_list(statement.get("Action", statement.get("NotAction", [])))
    verb = _words(statement["Sid"]) if "Sid" in statement else "do"
    denied = "never " if statement.get("Effect") == "Deny" else ""
    where = ", ".join(f"`{_place(item, paths)}`" for item in as_list(statement.get("Resource", []))) or "itself"
    condition = f", only if {_conditions(statement['Condition'], paths)}" if statement.get("Condition") else ""
    return f"{denied}{verb} ({', '.join(actions)}) on {where}{condition}"


def as_list(value: Any) -> list[Any]:
    """Return a list of what may be one thing or a list of it."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _place(resource: str, paths: Mapping[str, str]) -> str:
    """Return a resource as it is known to people: the path of its setting for a reference to it; variables stay."""
    for address, rest in references(resource):
        if address.startswith("var."):
            continue
        known = paths.get(address) or address.removeprefix("local.")
        resource = resource.replace(f"${{{address}{rest}}}", known)
    return resource


def _principals(statement: Mapping[str, Any]) -> Iterable[str]:
    principal = statement.get("Principal", {})
    if not isinstance(principal, Mapping):
        return [str(principal)]
    return [str(item) for items in principal.values() for item in as_list(items)]


def _conditions(condition: Mapping[str, Any], paths: Mapping[str, str]) -> str:
    return " and ".join(
        f"{key} {_words(operator)} {' or '.join(_place(str(item), paths) for item in as_list(value))}"
        for operator, keys in condition.items()
        for key, value in keys.items()
    )
