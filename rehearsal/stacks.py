"""The stacks of a folder that was synthesized, and which of them reads which."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]

# What moto calls its own account, for stacks that take any.
ANY_ACCOUNT = "123456789012"
OUTPUTS = re.compile(r"\bdata\.tfe_outputs\.([\w-]+)\.nonsensitive_values\b")


@dataclass(frozen=True)
class Stack:
    """One Terraform root module as it was emitted, and the names of the stacks whose outputs it reads."""

    name: str
    document: Document
    needs: frozenset[str]

    @property
    def account_id(self) -> str:
        """Return the account that the stack is meant for."""
        accounts = [id_ for provider in self.providers for id_ in provider.get("allowed_account_ids", [])]
        return next((id_ for id_ in accounts if re.fullmatch(r"\d{12}", id_)), ANY_ACCOUNT)

    @property
    def region(self) -> str:
        """Return the region that the stack is meant for."""
        return next((str(provider["region"]) for provider in self.providers if "region" in provider), "us-east-1")

    @property
    def providers(self) -> list[Document]:
        """Return the configurations of the AWS provider."""
        found = self.document.get("provider", {}).get("aws", [])
        return found if isinstance(found, list) else [found]

    @property
    def provider_version(self) -> str:
        """Return the version of the AWS provider that the stack asks for; empty where it takes any."""
        return str(self.document.get("terraform", {}).get("required_providers", {}).get("aws", {}).get("version", ""))


def read_stacks(folder: Path) -> dict[str, Stack]:
    """Return the stacks of a folder such as cdktf.out by name.

    Raises FileNotFoundError where there is no manifest.
    """
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["stacks"]
    return {
        name: Stack(
            name,
            with_states(json.loads((folder / entry["synthesizedStackPath"]).read_text(encoding="utf-8"))),
            frozenset(entry.get("dependencies", [])) & entries.keys(),
        )
        for name, entry in sorted(entries.items())
    }


def with_states(document: Document) -> Document:
    """Return a stack that reads whole states, of one that reads outputs: that takes HCP Terraform itself."""
    if not (outputs := document.get("data", {}).get("tfe_outputs")):
        return document
    changed: Document = json.loads(OUTPUTS.sub(r"data.terraform_remote_state.\1.outputs", json.dumps(document)))
    del changed["data"]["tfe_outputs"], changed["terraform"]["required_providers"]["tfe"]
    (host,) = changed["provider"].pop("tfe")
    changed["data"]["terraform_remote_state"] = {
        name: {
            "backend": "remote",
            "config": {**host, "organization": read["organization"], "workspaces": {"name": read["workspace"]}},
        }
        for name, read in outputs.items()
    }
    return changed


def state_writers(stacks: Mapping[str, Stack]) -> dict[str, dict[str, str]]:
    """Return which stack writes each of the remote states that a stack reads: for each stack, data source: writer.

    A state is known by where it lies: whatever the configuration of the reader says, the writer's backend says too.
    """
    backends = {name: set(_texts(stack.document.get("terraform", {}))) for name, stack in stacks.items()}
    return {
        name: {
            label: writer
            for label, state in stack.document.get("data", {}).get("terraform_remote_state", {}).items()
            for writer in [_writer(_place(state.get("config", {})), backends)]
            if writer
        }
        for name, stack in stacks.items()
    }


def _place(config: object) -> set[str]:
    """Return what the configuration of a reader says; one that is put together says some of it in quotes."""
    return set(re.findall(r'= "([^"]+)"', config) if isinstance(config, str) else _texts(config))


def _writer(place: set[str], backends: Mapping[str, set[str]]) -> str:
    writers = [name for name, texts in backends.items() if place <= texts]
    return writers[0] if len(writers) == 1 else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)
