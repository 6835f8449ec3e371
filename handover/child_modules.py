"""An environment as child modules: what one reads of another's state comes in as a variable, all in one state.

Backend and providers belong to the calling module: a child module has none.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from handover.contracts import Steps, as_type, contracts, with_variables
from handover.platforms import STATES, Document, Platform, RootModule


def child(module: RootModule) -> RootModule:
    """Return a root module as a child module, which is called after its part."""
    own = own_variables(module)
    document = with_variables(module.document, lambda part: _name(part, own))
    for type_ in STATES:
        document.get("data", {}).pop(type_, None)
    document.get("terraform", {}).get("required_providers", {}).pop("tfe", None)  # which only reads outputs
    document["variable"] = {**own, **{name: _variable(part, paths) for name, part, paths in taken(module)}}
    for block in ("backend", "cloud"):
        document.get("terraform", {}).pop(block, None)
    for block in ("provider", "import", "//"):  # Terraform takes over only from a root module
        document.pop(block, None)
    return RootModule(module.part, {key: value for key, value in document.items() if value}, ())


def calling(platform: Platform) -> Document:
    """Return a root module that calls all child modules of an environment: to be used, or to be copied from."""
    variables: dict[str, Any] = {}
    calls: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    for module in platform.modules:
        own = own_variables(module)
        variables |= own
        # What it starts, and does not read.
        others = [name.rpartition("-")[2] for name in module.after]
        started = [f"module.{part}" for part in others if part not in module.reads]
        calls[module.part] = {
            "source": f"./{module.part}",
            **({"depends_on": started} if started else {}),
            **{_name(part, own): f"${{module.{part}}}" for part in module.reads},
            **{name: f"${{var.{name}}}" for name in own},
        }
        for name, block in module.document.get("output", {}).items():
            told = {key: value for key, value in block.items() if key == "description"}
            outputs[name] = {**told, "value": f"${{module.{module.part}.{name}}}"}
    taken = [
        {**block, "to": f"module.{module.part}.{block['to']}"}
        for module in platform.modules
        for block in module.document.get("import", ())
    ]
    shared = _shared(platform.modules)
    document = {"import": taken, "module": calls, "output": outputs, "variable": variables, **shared}
    return {key: value for key, value in document.items() if value}


def taken(module: RootModule) -> Iterator[tuple[str, str, Collection[Steps]]]:
    """Yield what a child module takes of others: the variable, the part it comes from, and all that is read of it."""
    own, read = own_variables(module), contracts(module.document)
    yield from ((_name(part, own), part, read.get(part, ())) for part in module.reads)


def _variable(part: str, paths: Collection[Steps]) -> Document:
    told = f"What is read of the outputs of {part}: module.{part}, or an object of one's own"
    return {"type": as_type(paths), "description": told, "nullable": False}


def _shared(modules: Iterable[RootModule]) -> Mapping[str, Any]:
    """Return versions and providers, which are the same in all root modules of an environment."""
    first = next(iter(modules))
    provider = {name: blocks for name, blocks in first.document.get("provider", {}).items() if name != "tfe"}
    return {"terraform": child(first).document.get("terraform", {}), "provider": provider}


def own_variables(module: RootModule) -> Mapping[str, Any]:
    """Return the variables of a root module, without those that only say where the states of others are."""
    data = dict(module.document.get("data", {}))
    states = _used([data.pop(type_, {}) for type_ in STATES])
    rest = {key: value for key, value in module.document.items() if key != "variable"}
    only = states - _used({**rest, "data": data})
    return {name: block for name, block in module.document.get("variable", {}).items() if name not in only}


def _used(document: Any) -> set[str]:
    return set(re.findall(r"\bvar\.(\w+)", json.dumps(document)))


def _name(part: str, own: Mapping[str, Any]) -> str:
    return part if part not in own else f"{part}_outputs"
