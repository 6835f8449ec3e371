"""The pod of an EKS job definition as the provider's typed blocks."""

import re
from collections.abc import Mapping
from typing import Any

import cdktf_cdktf_provider_aws.batch_job_definition as bindings

from modules.canonical_json import pruned
from modules.terraform_literal import terraform_literal

# Where the provider spells the API's names in words of its own.
RENAMED = {"imagePullSecrets": "imagePullSecret", "readOnlyRootFilesystem": "readOnlyRootFileSystem"}


def eks_blocks(properties: Mapping[str, Any]) -> bindings.BatchJobDefinitionEksProperties:
    """Return ``eksProperties`` of a RegisterJobDefinition request as the blocks that Terraform takes."""
    blocks = _block("BatchJobDefinitionEksProperties", pruned(properties))
    assert isinstance(blocks, bindings.BatchJobDefinitionEksProperties)
    return blocks


def _block(class_name: str, value: Any) -> Any:
    """Return ``value`` as an object of the class whose name is its path, which is how the provider names them."""
    if isinstance(value, list):
        return [_block(class_name, item) for item in value]
    block = getattr(bindings, class_name, None)
    if block is None or not isinstance(value, Mapping):
        return terraform_literal(value)  # text, a number, or a map such as labels
    renamed = {RENAMED.get(key) or str(key): item for key, item in value.items()}
    return block(
        **{_snake(key): _block(f"{class_name}{key[0].upper()}{key[1:]}", item) for key, item in renamed.items()}
    )


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", name)
