"""What roles may do, in words: made from the policies beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handover.expressions import references
from handover.platforms import Document, construct_path, resources
from handover.policy_words import Statement, attached, principals, statements

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
            Statement.read(statement).in_words(paths)
            for _, _, policy in resources(document, INLINE)
            if any(found == address for found, _ in references(str(policy["role"])))
            for statement in statements(policy["policy"])
        ]
        permissions += [
            attached(policy["policy_arn"], paths)
            for _, _, policy in resources(document, ATTACHED)
            if any(found == address for found, _ in references(str(policy["role"])))
        ]
        takers = tuple(sorted({taker for statement in trust for taker in principals(statement.get("Principal", {}))}))
        yield Role(paths[address], block.get("description", ""), takers, tuple(permissions))


def places(document: Document) -> dict[str, str]:
    """Return what references lead to as people know it: the path of a resource, here or in another root module."""
    paths = {f"{type_}.{name}": construct_path(block) for type_, name, block in resources(document)}
    for name, value in document.get("locals", {}).items():
        if isinstance(value, str) and (read := READ.search(value)):
            *steps, _ = re.findall(r"[\w-]+", read[1])  # the last is what of it is read
            paths[f"local.{name}"] = "/".join(steps)
    return paths
