"""Apply or plan many stacks at once: each is a module of one configuration.

Terraform and the provider start once for all of them. What a stack gives only once it is applied is unknown to those
that read it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rehearsal.plan_reading import REPLACED, Change

Document = dict[str, Any]


@dataclass(frozen=True)
class Module:
    """A prepared stack, its state, and for each remote state that it reads the module that stands for it."""

    account_id: str
    document: Document
    state: Document
    writers: Mapping[str, str]


def configuration(modules: Mapping[str, Module]) -> Document:
    """Return the Terraform JSON of a root of ``modules``, each of which lies in a folder of its name."""
    providers: dict[str, str] = {}
    calls = {}
    for name, module in modules.items():
        provider = json.dumps(module.document["provider"]["aws"][0], sort_keys=True)
        alias = providers.setdefault(provider, f"p{len(providers)}")
        given = {_variable(label): f"${{module.{writer}}}" for label, writer in module.writers.items()}
        calls[name] = {"source": f"./{name}", "providers": {"aws": f"aws.{alias}"}, **given}
    configured = [{**json.loads(provider), "alias": alias} for provider, alias in providers.items()]
    required = next(iter(modules.values())).document["terraform"]["required_providers"]
    # Terraform takes over only from a root module.
    imports = [
        {**block, "to": f"module.{name}.{block['to']}"}
        for name, module in modules.items()
        for block in module.document.get("import", [])
    ]
    return {
        **({"import": imports} if imports else {}),
        "terraform": {"required_providers": required},
        # The first is the one without an alias too, which states name.
        "provider": {"aws": [json.loads(next(iter(providers))), *configured]},
        "module": calls,
        "output": {name: {"value": f"${{module.{name}}}", "sensitive": True} for name in modules},
    }


def as_module(module: Module) -> Document:
    """Return the Terraform JSON of a stack as a module, which is given what other modules give."""
    text = json.dumps({name: value for name, value in module.document.items() if name not in ("import", "provider")})
    for label in module.writers:
        text = re.sub(
            rf"\bdata\.terraform_remote_state\.{re.escape(label)}\.outputs\b", f"var.{_variable(label)}", text
        )
    document: Document = json.loads(text)
    for body in (body for bodies in document.get("resource", {}).values() for body in bodies.values()):
        body.get("lifecycle", {}).pop("prevent_destroy", None)  # what would replace it is to be told, not refused
    for label in module.writers:
        del document["data"]["terraform_remote_state"][label]
        document.setdefault("variable", {})[_variable(label)] = {}
    # Terraform takes no block without a name.
    data = {type_: bodies for type_, bodies in document.pop("data", {}).items() if bodies}
    return {**document, "data": data} if data else document


def together(modules: Mapping[str, Module]) -> Document:
    """Return one state of the states of ``modules``."""
    resources = [
        {**resource, "module": f"module.{name}", "instances": [_alone(one) for one in resource["instances"]]}
        for name, module in modules.items()
        for resource in module.state.get("resources", [])
        if resource["mode"] == "managed"
    ]
    outputs = {name: _as_one(module.state.get("outputs", {})) for name, module in modules.items() if module.state}
    versions = [module.state["terraform_version"] for module in modules.values() if module.state]
    return {
        "version": 4,
        "terraform_version": next(iter(versions), ""),
        "serial": 1,
        "lineage": "together",
        "outputs": outputs,
        "resources": resources,
    }


def apart(state: Document, name: str) -> Document:
    """Return the state of one stack out of one of many."""
    output = state["outputs"].get(name, {"value": {}, "type": ["object", {}]})
    return {
        **state,
        "outputs": {key: {"value": value, "type": output["type"][1][key]} for key, value in output["value"].items()},
        "resources": [
            {key: value for key, value in resource.items() if key != "module"}
            for resource in state["resources"]
            if resource.get("module") == f"module.{name}"
        ],
    }


def write(modules: Mapping[str, Module], folder: Path) -> None:
    """Write the configuration and state of ``modules`` to a new folder."""
    for name, module in modules.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "cdk.tf.json").write_text(json.dumps(as_module(module)), encoding="utf-8")
    (folder / "cdk.tf.json").write_text(json.dumps(configuration(modules)), encoding="utf-8")
    (folder / "terraform.tfstate").write_text(json.dumps(together(modules)), encoding="utf-8")


def by_module(changes: Iterable[Change], modules: Mapping[str, Module]) -> dict[str, list[Change]]:
    """Return what the plan of such a configuration changes in each module, as if the others were not there.

    What one needs is made first where the other is; that the two are in different stacks keeps Terraform from it.
    """
    first = {name: created_first(module.document) for name, module in modules.items()}
    found: dict[str, list[Change]] = {}
    for change in changes:
        _, name, *rest = change.address.split(".", 2)
        address = "".join(rest) or change.address
        action = change.action
        if action in REPLACED:
            action = REPLACED[address in first[name]]
        found.setdefault(name, []).append(replace(change, address=address, action=action))
    return found


def created_first(document: Document) -> set[str]:
    """Return what Terraform makes anew before it destroys the old: what says so, and all that such a resource needs."""
    bodies = {
        f"{type_}.{name}": body for type_, named in document.get("resource", {}).items() for name, body in named.items()
    }
    found = {address for address, body in bodies.items() if body.get("lifecycle", {}).get("create_before_destroy")}
    texts = {address: json.dumps(body) for address, body in bodies.items()}
    texts |= {f"local.{name}": json.dumps(value) for name, value in document.get("locals", {}).items()}
    pending = [*found]
    while pending:
        needed = set(re.findall(r"\b(?:aws_\w+|local)\.[\w-]+", texts[pending.pop()])) & texts.keys() - found
        found |= needed
        pending += needed
    return found


def named_in(problems: Iterable[str], modules: Iterable[str]) -> set[str]:
    """Return the modules that Terraform's errors are about."""
    text = "\n".join(problems)
    return {name for name in modules if re.search(rf"\bmodule\.{re.escape(name)}\.|\bon {re.escape(name)}/", text)}


def _variable(label: str) -> str:
    return f"outputs-of-{label}"


def _alone(instance: Document) -> Document:
    return {name: value for name, value in instance.items() if name != "dependencies"}


def _as_one(outputs: Mapping[str, Document]) -> Document:
    """Return outputs of a stack as one output: all that a module gives."""
    return {
        "value": {name: output["value"] for name, output in outputs.items()},
        "type": ["object", {name: output["type"] for name, output in outputs.items()}],
        "sensitive": True,
    }
