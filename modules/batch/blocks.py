"""What the API takes, as the typed blocks of the provider.

A dict in place of a block is never used: inside of lists, jsii silently drops the keys that it does not know.
"""

import re
from collections.abc import Mapping
from typing import Any

import cdktf_cdktf_provider_aws.batch_job_definition as bindings

from modules.canonical_json import pruned
from modules.terraform_literal import terraform_literal

# Where the provider spells the API's names in words of its own.
RENAMED = {"imagePullSecrets": "imagePullSecret", "readOnlyRootFilesystem": "readOnlyRootFileSystem"}
# Of the pod's: names that are free, so that the provider has no block for them.
MAPS = ("labels", "limits", "requests")


def typed_block(class_name: str, document: Mapping[str, Any]) -> Any:
    """Return ``document`` as an object of the class of this name, what is empty left out.

    A block inside is of the class whose name is its path, which is how the provider names them. Raises a TypeError
    where the provider has no such block, or the block no such argument.
    """
    block = getattr(bindings, class_name, None)
    if block is None:
        raise TypeError(f"the AWS provider has no {class_name}")
    return block(
        **{
            snake_case(RENAMED.get(key, key)): _value(f"{class_name}{_upper(RENAMED.get(key, key))}", key, item)
            for key, item in pruned(document).items()
        }
    )


def snake_case(key: str) -> str:
    """Return a key of the API as Terraform and Python spell it: ``evaluateOnExit`` is ``evaluate_on_exit``."""
    return re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", key)


def _value(class_name: str, key: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(class_name, key, item) for item in value]
    if isinstance(value, Mapping) and key not in MAPS:
        return typed_block(class_name, value)
    return terraform_literal(value)


def _upper(key: str) -> str:
    return f"{key[0].upper()}{key[1:]}"
