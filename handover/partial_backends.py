"""Backends of which a root module says only what its own state is called; the rest is said once, for all of them.

A ``backend`` block takes no variables. What it leaves out, ``terraform init -backend-config=FILE`` brings; who reads
such a state takes the same from a variable.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handover.options import RefusedError
from handover.platforms import RootModule

NAME = "backend.tfbackend"
EXAMPLE = f"{NAME}.example"
# By kind of backend what tells states apart, and what has to be said of all.
OWN = {"azurerm": "key", "gcs": "prefix", "s3": "key"}
NEEDED = {"azurerm": ("storage_account_name", "container_name"), "gcs": ("bucket",), "s3": ("bucket", "region")}
HEAD = f"""\
# What all states have in common. Copied to {NAME} and changed there; every init names it:
# terraform init -backend-config=../{NAME}
"""


def is_partial(module: RootModule) -> bool:
    """Return whether a root module leaves out what its backend needs."""
    kind, block = module.backend
    return any(name not in block for name in NEEDED.get(kind, ()))


def with_partial_backend(module: RootModule) -> RootModule:
    """Return a root module whose backend, and those that it reads, are said elsewhere. Raises RefusedError."""
    kind, block = module.backend
    if kind not in OWN:
        raise RefusedError(
            f"{module.name}: a state of kind {kind} has no backend block to leave anything out of; "
            f"these have: {', '.join(OWN)}"
        )
    if is_partial(module):
        return module  # and so is what it reads
    document = json.loads(json.dumps(module.document))
    document["terraform"]["backend"] = {kind: {OWN[kind]: block[OWN[kind]]}}
    states = document.get("data", {}).get("terraform_remote_state", {}).values()
    variables = document.setdefault("variable", {}) if states else {}
    name = "state" if "state" not in variables else "state_place"
    for state in states:
        own = state["config"].pop(OWN[kind])
        variables[name] = _variable(name, kind, state["config"])
        state["config"] = f"${{merge(var.{name}, {{{json.dumps(OWN[kind])} = {json.dumps(own)}}})}}"
    return RootModule(module.name, document, module.after)


def with_needed_keys(module: RootModule) -> RootModule:
    """Return a root module whose variable with the place of states says what has to be in it."""
    document = json.loads(json.dumps(module.document))
    for name, needed in needed_keys(module).items():
        document["variable"][name] |= {"nullable": False, "validation": [_validation(name, needed)]}
    return replace(module, document=document)


def needed_keys(module: RootModule) -> dict[str, list[str]]:
    """Return what has to be in the variable with the place of states, by its name; none where it has a default."""
    kind, block = module.backend
    needed = [name for name in NEEDED.get(kind, ()) if name not in block]
    states = module.document.get("data", {}).get("terraform_remote_state", {}).values()
    merged = (re.match(r"\$\{merge\(var\.(\w+),", str(state.get("config"))) for state in states)
    variables = module.document.get("variable", {})
    return {found[1]: needed for found in merged if found and "default" not in variables.get(found[1], {"default": 0})}


def example(modules: Iterable[RootModule]) -> str:
    """Return the file with what ``modules``, as they were, say of all states, with what is to be filled in."""
    kind, block = next(iter(modules)).backend
    return HEAD + "\n".join([*_lines(kind, block), ""])


def _lines(kind: str, block: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"# {name} = (must be said)" for name in NEEDED[kind] if name not in block)
    yield from (f"{name} = {json.dumps(value)}" for name, value in sorted(block.items()) if name != OWN[kind])


def _variable(name: str, kind: str, default: Mapping[str, Any]) -> dict[str, Any]:
    type_ = "map(string)" if all(isinstance(value, str) for value in default.values()) else "any"
    told = f"What {NAME} says of the states that are read"
    block = {"type": type_, "description": told, "default": default, "nullable": False}
    return {**block, "validation": [_validation(name, NEEDED[kind])]}


def _validation(name: str, needed: Sequence[str]) -> dict[str, str]:
    condition = f"${{length(setsubtract({json.dumps(needed)}, keys(var.{name}))) == 0}}"
    return {"condition": condition, "error_message": f"{name} must have {' and '.join(needed)}."}
