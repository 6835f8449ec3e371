"""The one place where a document becomes a JSON string inside Terraform.

AWS hands documents back in a form of its own. What differs from it shows up as a change in every plan: null
values, empty lists, another order of keys. So every document is brought into one canonical form here.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from modules.terraform_literal import terraform_literal


class Said(str):
    """A text that stays in a document though it may be empty."""


def pruned(value: Any) -> Any:
    """Return ``value`` without keys whose value is null, "" or an empty collection, at any depth.

    A text that is ``Said`` stays.

    Items of sequences stay: dropping an empty argument would make it another command.
    """
    if isinstance(value, Mapping):
        kept = {key: pruned(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if not _is_empty(item)}
    if isinstance(value, list | tuple):
        return [pruned(item) for item in value]
    return value


def canonical_json(document: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return ``document`` as JSON for Terraform: pruned, keys sorted, no white space, literal text escaped.

    The order of sequences is kept, and so are tokens.
    """
    return exact_json(pruned(document))


def exact_json(document: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return ``document`` like ``canonical_json``, with what is empty in it: where that says something."""
    return str(terraform_literal(plain_json(document)))


def plain_json(document: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return ``document`` like ``exact_json``, before what Terraform would read in it is escaped."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value and not isinstance(value, Said))
