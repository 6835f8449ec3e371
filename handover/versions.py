"""What a bundle is made of: Terraform, providers, modules and images, with their versions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handover.late_values import parsed
from handover.platforms import RootModule
from handover.versions_file import full_source

REGISTRY = "registry.terraform.io"


def versions(modules: Iterable[RootModule]) -> dict[str, Any]:
    """Return the versions that the root modules ask for, and the images that their containers run."""
    documents = [module.document for module in modules]
    terraform = [document.get("terraform", {}) for document in documents]
    providers: dict[str, set[str]] = {}
    for block in terraform:
        for name, wanted in block.get("required_providers", {}).items():
            providers.setdefault(_address(wanted.get("source", name)), set()).add(wanted.get("version", "any"))
    return {
        "images": sorted({image for document in documents for image in _images(document.get("resource", {}))}),
        "modules": sorted({call["source"] for document in documents for call in document.get("module", {}).values()}),
        "providers": {name: sorted(wanted) for name, wanted in sorted(providers.items())},
        "terraform": sorted({block["required_version"] for block in terraform if "required_version" in block}),
    }


def _address(source: str) -> str:
    """Return the full address of a provider, as lock files have it."""
    full = full_source(source)
    return full if full.count("/") > 1 else f"{REGISTRY}/{full}"


def _images(value: Any) -> Iterator[str]:
    """Yield the images in resources and in the documents inside them."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "image" and isinstance(item, str):
                yield item
            else:
                yield from _images(item)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)
    elif isinstance(value, str) and re.match(r'[\[{].*"image":', value):
        try:
            yield from _images(parsed(value))
        except ValueError:  # an expression inside: nothing that can be read before it is applied
            return
