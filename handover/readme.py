"""The README of a bundle: what whoever reviews, applies, changes or takes back this Terraform has to know."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from handover.platforms import Platform, RootModule
from handover.replacement import lost_with, replacing
from handover.rights import roles
from handover.versions import versions

HEAD = """\
# {name}: Terraform of {project}

{purpose}

Each folder is a Terraform root module with a state of its own: `main` and `iam` have the resources, `variables` and
`outputs` what goes in and comes out, `states` what it reads of the others, `providers`, `backend` and `versions` the
rest. `//` above a resource is the path of what it stands for in the environment file that this was made from. It needs
Terraform 1.10 or newer, or OpenTofu, and credentials of the account; no Python. All that its role must be allowed is in
`deployment-policy-1.json` and so on. `sha256sum --check SHA256SUMS` tells whether anything was changed since.
"""
CHILDREN = """\
# {name}: Terraform modules of {project}

{purpose}

Each folder is a child module without backend and providers, to be called from Terraform of one's own: `module "batch"
{{ source = "./batch" … }}`. What one needs of another comes in as a variable that has the other's outputs. The files
beside the folders are a root module that calls them all, with one state; add a `backend` block to it before it is
applied, by a role that is allowed what is in `deployment-policy-1.json` and so on. Addresses begin with
`module.<folder>.` here: what was applied from root modules is moved by `terraform state mv` or `moved` blocks first.
"""
APPLY = """\
## Apply and destroy

A root module reads the outputs of others from their states, and starts what is in others, so this order holds:

```sh
for module in {forward}; do
  terraform -chdir="$module" init && terraform -chdir="$module" apply || break
done
```

They are destroyed in the opposite order:

```sh
for module in {backward}; do
  terraform -chdir="$module" init && terraform -chdir="$module" destroy || break
done
```
"""
LAST = """\
## Scanners

They read these files as they are. Documents such as policies are local values here, of which most scanners see nothing:
`terraform plan -out=plan && terraform show -json plan` in a root module prints what they read whole.

## Roll back

Apply the bundle of before, in the order above. That brings back every setting, not what was lost: messages of a queue
that was replaced, files of a bucket that was emptied, jobs that were ended. What a plan replaces stands in it as `must
be replaced`. A state that was damaged is another matter: {versions}.
"""
STATE_VERSIONS = {
    "s3": "turn on versioning of the bucket beforehand, then `aws s3api list-object-versions` finds the one before",
    "cloud": "the workspace keeps every version of it, which its page of states can restore",
    "local": "Terraform keeps one copy beside it, with `.backup` at the end of its name",
}


def readme(platform: Platform, *, children: bool = False) -> str:
    """Return the README of one environment: of its root modules, or of its child modules."""
    return "\n".join(_of_children(platform) if children else _of_roots(platform))


def _of_children(platform: Platform) -> Iterator[str]:
    yield CHILDREN.format(name=platform.name, project=_tag(platform, "project"), purpose=_purpose(platform))
    yield "## Modules\n"
    rows = (f"| `{module.part}` | {_given(module)} |\n" for module in platform.modules)
    yield f"| module | what it is given |\n|---|---|\n{''.join(rows)}"
    yield from _inputs(platform.modules)
    yield from _roles(platform.modules)
    yield from _replacements(platform.modules)
    yield from _versions(platform.modules)


def _given(module: RootModule) -> str:
    return ", ".join(f"`module.{part}`" for part in module.reads)


def _of_roots(platform: Platform) -> list[str]:
    return [
        HEAD.format(name=platform.name, project=_tag(platform, "project"), purpose=_purpose(platform)),
        *_overview(platform),
        _apply(platform),
        *_inputs(platform.modules),
        *_outputs(platform.modules),
        *_state(platform),
        *_roles(platform.modules),
        *_replacements(platform.modules),
        LAST.format(versions=STATE_VERSIONS.get(platform.modules[0].backend[0], "see its backend's page")),
        *_versions(platform.modules),
    ]


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


def _overview(platform: Platform) -> Iterator[str]:
    if platform.section:
        yield "## What there is\n"
        section = platform.section
        for module in platform.modules:
            section = section.replace(f"](stacks/{module.name})", f"]({module.name})")
        yield section


def _apply(platform: Platform) -> str:
    names = [module.name for module in platform.modules]
    return APPLY.format(forward=" ".join(names), backward=" ".join(reversed(names)))


def _inputs(modules: Iterable[RootModule]) -> Iterator[str]:
    yield "## Inputs\n"
    rows = [
        f"| {module.name} | `{name}` | {_cell(block.get('type', 'any'))} | {_default(block)} | "
        f"{_cell(block.get('description', ''))} |\n"
        for module in modules
        for name, block in sorted(module.document.get("variable", {}).items())
    ]
    if rows:
        yield "| root module | variable | type | default | what it is |\n|---|---|---|---|---|\n" + "".join(rows)
    else:
        yield "None: everything was decided when this was written.\n"


def _default(block: Any) -> str:
    return f"`{json.dumps(block['default'])}`" if "default" in block else "required"


def _outputs(modules: Iterable[RootModule]) -> Iterator[str]:
    yield "## Outputs\n"
    rows = [
        f"| `terraform -chdir={module.name} output -json {name}` | {_cell(block.get('description', ''))} |\n"
        for module in modules
        for name, block in sorted(module.document.get("output", {}).items())
    ]
    yield "| command | what it prints |\n|---|---|\n" + "".join(rows) if rows else "None.\n"


def _state(platform: Platform) -> Iterator[str]:
    yield "## State, and how to move it\n"
    kind, block = platform.modules[0].backend
    match kind:
        case "s3":
            place = f"in the S3 bucket `{block['bucket']}` in {block.get('region', 'the region of the credentials')}, "
            place += "each under the `key` of its `backend.tf.json`"
        case "cloud":
            place = f"in workspaces of `{block['organization']}` on {block.get('hostname', 'app.terraform.io')}, each "
            place += "called as its `backend.tf.json` says"
        case "local":
            place = "in files beside the root modules, for one person trying things out"
        case _:
            place = f"where the `{kind}` block of their `backend.tf.json` says"
    yield f"States are {place}.\n"
    yield (
        "To move one: edit the block in the root module's `backend.tf.json` and, in the `states.tf.json` of those\n"
        "that read it, the `config` of the same name; then `terraform init -migrate-state` in the root module, and\n"
        "`terraform plan` in all: it must show no changes. What lies in a state may be secret; whoever reads it reads\n"
        "all.\n"
    )


def _roles(modules: Iterable[RootModule]) -> Iterator[str]:
    yield "## Roles, and what they may do\n"
    found = [(module, role) for module in modules for role in roles(module.document)]
    if not found:
        yield "None.\n"
    for module, role in found:
        taken = f" Taken on by {', '.join(role.taken_by)}." if role.taken_by else ""
        rights = "".join(f"- {right}\n" for right in role.rights) or "- nothing by itself\n"
        told = f"{role.description.rstrip('.')}." if role.description else ""
        yield f"**{role.path}** of {module.name}. {told}{taken}\n\n{rights}"


def _replacements(modules: Iterable[RootModule]) -> Iterator[str]:
    yield "## What a change replaces\n"
    types = {type_ for module in modules for type_ in module.document.get("resource", {})}
    rows = "".join(
        f"| `{type_}` | {', '.join(f'`{path}`' for path in replacing(type_))} | {lost_with(type_)} |\n"
        for type_ in sorted(types)
        if lost_with(type_)
    )
    if not rows:
        yield "Nothing is lost with any of these resources.\n"
        return
    yield (
        "A change of these arguments makes another resource, and what was in the old one is lost with it; of some\n"
        "only under a condition, which a plan tells.\n"
    )
    yield f"| resource | arguments | what is lost |\n|---|---|---|\n{rows}"


def _versions(modules: Iterable[RootModule]) -> Iterator[str]:
    yield "## Versions\n"
    found = versions(modules)
    yield f"`versions.json` has them for programs. Terraform {', '.join(found['terraform']) or 'of any version'}.\n"
    lines = [f"- provider {name} {', '.join(wanted)}\n" for name, wanted in found["providers"].items()]
    yield "".join(lines + [f"- image `{image}`\n" for image in found["images"]])


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
