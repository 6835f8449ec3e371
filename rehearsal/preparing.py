"""Prepare a stack for the local AWS: its states lie beside each other, and nothing of it reaches the real one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from rehearsal.older_provider import fit

Document = dict[str, Any]

# What would need the real AWS, somebody's rights or somebody's files.
CREDENTIALS = (
    "assume_role",
    "assume_role_with_web_identity",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
)

# Types that moto cannot do, each with what it lacks.
NOT_IN_MOTO: dict[str, str] = {}


@dataclass
class Prepared:
    """A stack that can be rehearsed, and how often what was left out of it."""

    document: Document
    left_out: Counter[str] = field(default_factory=Counter)


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
            state |= {"backend": "local", "config": {"path": states[label]}}
            state.pop("workspace", None)
    resources = document.get("resource", {})
    for type_ in NOT_IN_MOTO.keys() & resources.keys():
        left_out[f"{type_} ({NOT_IN_MOTO[type_]})"] += len(resources.pop(type_))
    for type_, bodies in resources.items():
        for body in bodies.values():
            if body.pop("provisioner", None):
                left_out[f"provisioners of {type_} (nothing of a stack runs on this machine)"] += 1
            if not protected:
                _unprotect(body)
    left_out += fit(document, schema)
    return Prepared(document, left_out)


def _unprotect(body: Document) -> None:
    body.get("lifecycle", {}).pop("prevent_destroy", None)
    for name in ("deletion_protection", "deletion_protection_enabled", "enable_deletion_protection"):
        if name in body:
            body[name] = False


def _each(value: Document | list[Document]) -> Iterator[Document]:
    yield from value if isinstance(value, list) else [value]
