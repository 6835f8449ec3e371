"""The README of a bundle: what the team that reviews, applies, changes or removes this Terraform has to know."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handover.child_modules import own_variables
from handover.partial_backends import NAME as BACKEND
from handover.partial_backends import is_partial
from handover.platforms import Platform
from handover.policy_reports import section
from handover.readme_inputs import handed_on, inputs
from handover.readme_sections import (
    contents,
    made_of,
    outputs,
    permissions,
    replacements,
    running,
    state,
    waivers,
)
from handover.rolling_back import rolling_back

HEAD = """\
# {name}: Terraform of {project}

{purpose}

Each folder is a Terraform root module with a state of its own: `main` and `iam` have the resources, `variables` and
`outputs` what goes in and comes out, `states` what it reads of the others, `providers`, `backend` and `versions` the
rest. `//` above a resource is the path of what it stands for in the environment file that this was made from. It needs
Terraform 1.10 or newer, or OpenTofu, and credentials of the account; no Python. All that its role must be allowed is in
`deployment-policy-1.json` and so on; `plan-policy-1.json` and so on are for a role that only plans, with `-lock=false`.
`sha256sum --check SHA256SUMS` detects any change since.
"""
CHILDREN = """\
# {name}: Terraform modules of {project}

{purpose}

Each folder is a child module without backend and providers, to be called from Terraform of one's own: `module "batch"
{{ source = "./batch" … }}`. What one needs of another comes in as a variable, whose type has just those of the other's
outputs that are read: an object of one's own does as well, such as a network that is there already. The files beside
the folders are a root module that calls them all, with one state; add a `backend` block to it before it is applied, by
a role that is allowed what is in `deployment-policy-1.json` and so on. Addresses begin with `module.<folder>.` here:
what was applied from root modules is moved by `terraform state mv` or `moved` blocks first. Inputs and outputs are
those of the root module beside the folders.
"""
APPLY = """\
## Apply and destroy

A root module reads the outputs of others from their states, and starts what is in others, so this order holds:

```sh
for module in {forward}; do
  terraform -chdir="$module" init{init} && terraform -chdir="$module" apply || break
done
```

They are destroyed in the opposite order:

```sh
for module in {backward}; do
  terraform -chdir="$module" init{init} && terraform -chdir="$module" destroy || break
done
```
"""
SCANNERS = """\
## Scanners

They read these files as they are, but for `moves`. Documents such as policies are local values here, of which most
scanners see nothing: `terraform plan -out=plan && terraform show -json plan` in a root module prints
what they read whole.
"""
WAIVED = "### Waivers"  # what the README beside the stacks says last of an environment


def readme(platform: Platform, *, children: bool = False, beside: Mapping[str, bytes] = MappingProxyType({})) -> str:
    """Return the README of one environment: of its root modules, or of its child modules.

    ``beside``: the other files, of which it shows pictures, counts findings and leads to the runbook.
    """
    head = CHILDREN if children else HEAD
    modules = platform.modules
    if children:  # folders are called after their parts
        modules = tuple(replace(module, name=module.part) for module in modules)
        variables = {module.name: own_variables(module) for module in modules}
    else:
        variables = {module.name: module.document.get("variable", {}) for module in modules}
    sections = [
        [head.format(name=platform.name, project=_tag(platform, "project"), purpose=_purpose(platform))],
        _overview(platform, beside, children=children),
        waivers(platform),
        handed_on(modules) if children else _of_roots(platform),
        inputs(variables, "handed on to" if children else "root modules"),
        outputs(modules, children=children),
        [] if children else state(platform),
        running(platform, beside, children=children),
        permissions(modules),
        section(beside, platform.name),
        replacements(modules),
        [SCANNERS],
        rolling_back(modules, modules[0].backend[0], children=children),
        made_of(modules),
    ]
    return "\n".join(text for section in sections for text in section)


def _of_roots(platform: Platform) -> Iterator[str]:
    names = [module.name for module in platform.modules]
    init = f" -backend-config=../{BACKEND}" if any(map(is_partial, platform.modules)) else ""
    yield APPLY.format(forward=" ".join(names), backward=" ".join(reversed(names)), init=init)


def _tag(platform: Platform, name: str) -> str:
    return next((str(tags[name]) for tags in _default_tags(platform) if name in tags), platform.name)


def _default_tags(platform: Platform) -> Iterator[Any]:
    for module in platform.modules:
        for provider in module.document.get("provider", {}).get("aws", []):
            yield from (tags.get("tags", {}) for tags in provider.get("default_tags", []))


def _purpose(platform: Platform) -> str:
    count = sum(len(items) for module in platform.modules for items in module.document.get("resource", {}).values())
    holds = ", ".join(module.part for module in platform.modules)
    return f"AI batch inference on AWS, environment {platform.name}: {count} resources ({holds})."


def _overview(platform: Platform, beside: Collection[str], *, children: bool) -> Iterator[str]:
    yield "## What there is\n"
    yield from contents(platform)
    drawings = sorted(name for name in beside if name.endswith(".svg"))
    if drawings:
        yield f"![The platform]({drawings[-1]})\n"
    if drawings[:-1]:
        yield f"Pipelines: {', '.join(f'[{Path(name).stem}]({name})' for name in drawings[:-1])}.\n"
    if platform.section and not children:
        section = platform.section.partition(WAIVED)[0]
        for module in platform.modules:
            section = section.replace(f"](stacks/{module.name})", f"]({module.name})")
        yield section
