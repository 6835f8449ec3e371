"""The README of an output folder: what there is and in which order it is applied. Made from the Terraform alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from stacks.manifest import SynthesizedStack, told_of_addresses
from stacks.state import state_url

HEAD = """\
# Terraform of this platform

Written by `python main.py` with everything else here; what is changed by hand is lost in the next run.

Each folder in `stacks/` is a Terraform root module with a state of its own: `terraform init` and `terraform apply` in
it need Terraform 1.10 or newer, or OpenTofu, and credentials of the account; no Python. A stack reads the outputs of
others from their states, and starts what is in others. So the stacks of an environment are **applied in the order of
its table, and destroyed in the opposite order**. Environments do not depend on each other.
"""
QUOTAS = """\
### Quotas

The account needs so much of each, besides what else is there{assumed}: more than AWS gives by default.

| quota | code | used at most | by default |
|---|---|---:|---:|
"""
ASSUMED = ", with the defaults of variables"
VARIABLE = re.compile(r"\$\{var\.(\w+)\}")
TABLE = """\
| | stack | after | resources | state |
|---:|---|---|---:|---|
"""


def readme(stacks: Iterable[SynthesizedStack]) -> str:
    """Return the README of ``stacks``, which come in the order of apply."""
    sections = [
        _section(environment, list(group)) for environment, group in groupby(stacks, lambda stack: stack.environment)
    ]
    return "\n".join([HEAD, *sections])


def _section(environment: str, stacks: list[SynthesizedStack]) -> str:
    (provider,) = stacks[0].document["provider"]["aws"]
    variables = [item for stack in stacks for item in stack.document.get("variable", {}).items()]
    defaults = {name: block["default"] for name, block in variables if "default" in block}
    place = f"Account {', '.join(provider['allowed_account_ids'])}, region {provider['region']}."
    account = VARIABLE.sub(lambda used: f"`var.{used[1]}` (default {defaults[used[1]]})", place)
    assumed = ASSUMED if defaults else ""
    table = TABLE + "".join(_row(place, stack) for place, stack in enumerate(stacks, 1))
    notes = "".join(f"- {note}\n" for stack in stacks for note in _notes(stack))
    return "\n".join(
        [
            f"## {environment}\n\n{account}\n",
            table,
            *filter(None, [notes, _quotas(stacks, assumed), _addresses(stacks), _waivers(stacks, assumed)]),
        ]
    )


def _quotas(stacks: list[SynthesizedStack], assumed: str) -> str:
    found = [quota for stack in stacks for _, quota in sorted(stack.service_quotas.items())]
    rows = (
        f"| {quota['title']} | {quota['code']} | {quota['used']:,} | {quota['default']:,} |\n"
        for quota in found
        if quota["used"] > quota["default"]
    )
    listed = "".join(rows)
    return f"{QUOTAS.format(assumed=assumed)}{listed}" if listed else ""


def _waivers(stacks: list[SynthesizedStack], assumed: str) -> str:
    reasons = {path: reason for stack in stacks for path, reason in stack.production_waivers.items()}
    listed = "".join(f"- `{path}`: {reason}\n" for path, reason in sorted(reasons.items()))
    told = f"Production refuses each of these elsewhere{assumed}; here it is waived:"
    return f"### Waivers\n\n{told}\n\n{listed}" if listed else ""


def _addresses(stacks: list[SynthesizedStack]) -> str:
    listed = "".join(f"- {line}\n" for line in told_of_addresses(stacks))
    told = "Terraform is told of these addresses until they are applied; then the environment file can leave them out:"
    return f"{told}\n\n{listed}" if listed else ""


def _row(place: int, stack: SynthesizedStack) -> str:
    ((kind, block),) = _backend(stack).items()
    before = ", ".join(stack.dependencies)
    return (
        f"| {place} | [{stack.name}](stacks/{stack.name}) | {before} | {stack.resources} | {state_url(kind, block)} |\n"
    )


def _backend(stack: SynthesizedStack) -> Mapping[str, Any]:
    terraform = stack.document["terraform"]
    backend: Mapping[str, Any] = terraform.get("backend") or {"cloud": terraform["cloud"]}
    return backend


def _notes(stack: SynthesizedStack) -> Iterator[str]:
    resources = stack.document.get("resource", {})
    if "cloud" in _backend(stack) and stack.read_stacks:
        others = ", ".join(stack.read_stacks)
        if "tfe_outputs" in stack.document["data"]:
            yield f"Runs of {stack.name} need a TFE_TOKEN that may read the outputs of {others}."
        else:
            yield f"The workspaces of {others} must share their state with that of {stack.name}."
    if any("managed_instances_provider" in item for item in resources.get("aws_ecs_capacity_provider", {}).values()):
        yield (
            f"{stack.name} is applied twice when it gets a capacity provider of managed instances: the first apply "
            'ends with "is not in an ACTIVE state", since the AWS provider does not wait until ECS has made it.'
        )
    kept = [
        f"`{type_}.{name}`"
        for type_, items in sorted(resources.items())
        for name, item in sorted(items.items())
        if item.get("lifecycle", {}).get("prevent_destroy")
    ]
    if kept:
        names = ", ".join(kept)
        yield f"As long as it is configured, Terraform refuses to destroy what holds data in {stack.name}: {names}."
