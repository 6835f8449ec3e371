"""Prepare a stack for the local AWS: its states lie beside each other, and nothing of it reaches the real one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from rehearsal.older_provider import fit

Document = dict[str, Any]

# What would need the real AWS, permissions of others or files of others.
CREDENTIALS = (
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
)

# Arguments that let a resource be destroyed though it is protected or has something in it.
UNPROTECTED = {
    "aws_ecr_repository": {"force_delete": True},
    "aws_lb": {"enable_deletion_protection": False},
    "aws_s3_bucket": {"force_destroy": True},
}


@dataclass
class Prepared:
    """A stack that can be rehearsed; how often what was left out; whether to apply it before it is destroyed."""

    document: Document
    left_out: Counter[str]
    must_be_told: bool


def prepare(
    document: Document,
    states: Mapping[str, str],
    schema: Document,
    *,
    requirement: Mapping[str, str],
    protected: bool = True,
) -> Prepared:
    """Return a copy of a stack's Terraform JSON for the local AWS.

    ``states`` has the file of each remote state that the stack reads; ``requirement`` is the source and version of the
    provider at hand, ``schema`` what it knows.
    Unless ``protected``, whatever keeps a resource from being destroyed is taken off.
    """
    document = deepcopy(document)
    left_out: Counter[str] = Counter()
    must_be_told = False
    settings = document["terraform"]
    for name in ("backend", "cloud"):
        settings.pop(name, None)
    settings["required_providers"]["aws"] = dict(requirement)
    for provider in _each(document.get("provider", {}).get("aws", [])):
        for name in CREDENTIALS:
            provider.pop(name, None)
        provider["s3_use_path_style"] = True  # a bucket's own host name leads to the real AWS
        provider["max_retries"] = 2  # what the local AWS does not know, it does not learn
    for label, state in document.get("data", {}).get("terraform_remote_state", {}).items():
        if label in states:
            for name in re.findall(r"\bvar\.(\w+)", str(state.get("config"))):
                document["variable"][name].setdefault("default", {})  # it leads to states, and those lie here
            state |= {"backend": "local", "config": {"path": states[label]}}
            state.pop("workspace", None)
    for type_, bodies in document.get("resource", {}).items():
        for body in bodies.values():
            if body.pop("provisioner", None):
                left_out[f"provisioners of {type_} (nothing of a stack runs on this machine)"] += 1
            if not protected and _unprotect(type_, body):
                must_be_told = True
    left_out += fit(document, schema)
    return Prepared(document, left_out, must_be_told)


def _unprotect(type_: str, body: Document) -> Document:
    """Remove the protection of a resource; return what has to be applied for that before it is destroyed."""
    body.get("lifecycle", {}).pop("prevent_destroy", None)
    told = {name: value for name, value in UNPROTECTED.get(type_, {}).items() if body.get(name, False) != value}
    body |= told
    return told


def _each(value: Document | list[Document]) -> Iterator[Document]:
    yield from value if isinstance(value, list) else [value]
