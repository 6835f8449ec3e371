"""Which resources of a stack refer to which."""

import json
import re

from tests.conftest import Synthesized


def addresses(synthesized: Synthesized) -> list[str]:
    return [f"{type_}.{id_}" for type_, items in synthesized.document["resource"].items() for id_ in items]


def one_address(synthesized: Synthesized, type_: str) -> str:
    (address,) = [item for item in addresses(synthesized) if item.startswith(f"{type_}.")]
    return address


def attachments(synthesized: Synthesized, provider: str) -> list[str]:
    found = [item for item in addresses(synthesized) if item.startswith("aws_iam_role_policy_attachment.")]
    return [item for item in found if f"capacity_providers_{provider}_" in item]


def references(synthesized: Synthesized, type_: str, id_: str | None = None) -> set[str]:
    """Return what a resource refers to or depends on; without ``id_`` the addresses of the type."""
    items = synthesized.document["resource"][type_]
    if id_ is None:
        return {f"{type_}.{item}" for item in items}
    text = json.dumps(items[id_])
    return {other for other in addresses(synthesized) if re.search(rf"\b{re.escape(other)}\b", text)}
