"""``versions.tf``, in Terraform's own language: scanners and updaters of dependencies look for versions there.

Some of them stumble over the same block in JSON, and then read nothing.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

NAME = "versions.tf"
IDENTIFIER = re.compile(r"[A-Za-z_][\w-]*")
REQUIREMENTS = {"source", "version"}


def as_native(terraform: Mapping[str, Any]) -> str | None:
    """Return a ``terraform`` block in the native syntax, or None where it has more than versions in it."""
    providers = terraform.get("required_providers", {})
    simple = all(
        isinstance(wanted, Mapping) and wanted.keys() <= REQUIREMENTS and all(map(_is_plain, wanted.values()))
        for wanted in providers.values()
    )
    if not simple or terraform.keys() - {"required_version", "required_providers"}:
        return None
    if not all(map(IDENTIFIER.fullmatch, providers)) or not _is_plain(terraform.get("required_version", "")):
        return None
    return "\n".join(["terraform {", *_version(terraform), *_providers(providers), "}", ""])


def full_source(source: str) -> str:
    """Return the source of a provider with its namespace, which only Terraform takes for granted."""
    return source if "/" in source else f"hashicorp/{source}"


def _version(terraform: Mapping[str, Any]) -> list[str]:
    wanted = terraform.get("required_version")
    return [f"  required_version = {json.dumps(wanted)}"] if wanted else []


def _providers(providers: Mapping[str, Any]) -> list[str]:
    if not providers:
        return []
    lines = []
    for name, wanted in sorted(providers.items()):
        width = max(map(len, wanted), default=0)
        whole = {**wanted, **({"source": full_source(wanted["source"])} if "source" in wanted else {})}
        wishes = (f"      {key:<{width}} = {json.dumps(whole[key])}" for key in sorted(whole))
        lines += [f"    {name} = {{", *wishes, "    }"]
    return ["  required_providers {", *lines, "  }"]


def _is_plain(value: object) -> bool:
    """Return whether a value reads the same in JSON and in the native syntax."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and not set('$%"\\') & set(value)
