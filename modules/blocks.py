"""What an API takes, as the typed blocks of the provider.

A dict in place of a block is never used: inside of lists, jsii silently drops the keys that it does not know.
"""

import re
import sys
from collections.abc import Mapping
from typing import Any

from modules.canonical_json import pruned
from modules.terraform_literal import terraform_literal

# Where the provider spells the API's names in words of its own.
RENAMED = {"imagePullSecrets": "imagePullSecret", "readOnlyRootFilesystem": "readOnlyRootFileSystem"}
# Names that are free inside, so that the provider has no block for them.
MAPS = ("inputPaths", "labels", "limits", "parameters", "requests", "tags")


def typed_block(block: type, document: Mapping[str, Any]) -> Any:
    """Return ``document``, in the keys of the API, as an object of this class of the provider, what is empty left out.

    A block inside is of the class whose name is its path, which is how the provider names them. Raises a TypeError
    where the provider has no such block, or the block no such argument.
    """
    return block(
        **{
            snake_case(RENAMED.get(key, key)): _value(block, RENAMED.get(key, key), item)
            for key, item in pruned(document).items()
        }
    )


def snake_case(key: str) -> str:
    """Return a key of the API as Terraform and Python spell it: ``evaluateOnExit`` is ``evaluate_on_exit``."""
    return re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", key)


def _value(block: type, key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(block, key, item) for item in value]
    if isinstance(value, Mapping) and key not in MAPS:
        return typed_block(_inner(block, f"{block.__name__}{key[0].upper()}{key[1:]}"), value)
    return terraform_literal(value)


def _inner(block: type, name: str) -> type:
    inner = getattr(sys.modules[block.__module__], name, None)
    if not isinstance(inner, type):
        raise TypeError(f"the AWS provider has no {name}")
    return inner
