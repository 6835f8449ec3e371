"""The sections of a bundle's README, each made from the root modules alone."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from handover.partial_backends import EXAMPLE, is_partial
from handover.partial_backends import NAME as BACKEND
from handover.permissions import roles
from handover.platforms import Platform, RootModule, construct_path, resources
from handover.replacement import lost_with, replacing
from handover.runbook import NAME, alarms
from handover.versions import versions

# Paths of resources begin with a setting; below these there are no names that somebody gave.
SINGLE = {"network", "operations"}


def contents(platform: Platform) -> Iterator[str]:
    """Yield the names of what there is, by the maps of the environment file."""
    found: dict[str, set[str]] = {}
    for module in platform.modules:
        for _, _, block in resources(module.document):
            kind, _, name = construct_path(block).partition("/")
            if name and kind not in SINGLE:
                found.setdefault(kind, set()).add(name.partition("/")[0])
    yield "".join(f"- {kind.replace('_', ' ')}: {code(sorted(names))}\n" for kind, names in found.items())


def waivers(platform: Platform) -> Iterator[str]:
    """Yield what production refuses elsewhere and not here, each with its reason."""
    reasons = {
        path: reason
        for module in platform.modules
        for path, reason in module.document.get("//", {}).get("production_waivers", {}).items()
    }
    if reasons:
        yield "## Waivers\n"
        blocks = [block for module in platform.modules for block in module.document.get("variable", {}).values()]
        assumed = ", with the defaults of variables" if any("default" in block for block in blocks) else ""
        yield f"Production refuses each of these elsewhere{assumed}; here it is waived:\n"
        yield "".join(f"- `{path}`: {reason}\n" for path, reason in sorted(reasons.items()))


def outputs(modules: Iterable[RootModule], *, children: bool) -> Iterator[str]:
    """Yield the commands that print outputs."""
    yield "## Outputs\n"
    rows = [
        f"| `{output_command(module.name, name, block, children=children)}` | {cell(block.get('description', ''))} |\n"
        for module in modules
        for name, block in sorted(module.document.get("output", {}).items())
    ]
    yield "| command | what it prints |\n|---|---|\n" + "".join(rows) if rows else "None.\n"


def state(platform: Platform) -> Iterator[str]:
    """Yield where states are, and how they are moved."""
    yield "## State, and how to move it\n"
    kind, block = platform.modules[0].backend
    match kind:
        case "s3" if "bucket" in block:
            place = f"in the S3 bucket `{block['bucket']}` in {block.get('region', 'the region of the credentials')}, "
            place += "each under the `key` of its `backend` file"
        case "cloud":
            place = f"in workspaces of `{block['organization']}` on {block.get('hostname', 'app.terraform.io')}, each "
            place += "called as its `backend` file says"
        case "local":
            place = "in files beside the root modules, for one person trying things out"
        case _:
            place = f"where the `{kind}` block of their `backend` file says"
            if is_partial(platform.modules[0]):
                place += f", together with `{BACKEND}`"
    yield f"States are {place}.\n"
    if is_partial(platform.modules[0]):
        yield (
            f"`{EXAMPLE}` is copied to `{BACKEND}` and filled in, once for all root modules. Those that\n"
            "read states of others are told the same in the variable `state`, in their `terraform.tfvars`.\n"
        )
    yield (
        "To move one: edit the block in the root module's `backend` file and, in the `states` file of those\n"
        "that read it, the `config` of the same name; then `terraform init -migrate-state` in the root module, and\n"
        "`terraform plan` in all: it must show no changes. A state may hold secrets; anyone who can read it reads\n"
        "all.\n"
    )


def permissions(modules: Iterable[RootModule]) -> Iterator[str]:
    """Yield each role and its permissions, in words."""
    yield "## Roles, and what they may do\n"
    found = [(module, role) for module in modules for role in roles(module.document)]
    if not found:
        yield "None.\n"
    for module, role in found:
        taken = f" Taken on by {', '.join(role.taken_by)}." if role.taken_by else ""
        permissions = "".join(f"- {permission}\n" for permission in role.permissions) or "- nothing by itself\n"
        told = f"{role.description.rstrip('.')}." if role.description else ""
        yield f"**{role.path}** of {module.name}. {told}{taken}\n\n{permissions}"


def replacements(modules: Iterable[RootModule]) -> Iterator[str]:
    """Yield what is lost with which change."""
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


def made_of(modules: Iterable[RootModule]) -> Iterator[str]:
    """Yield what it is made of."""
    yield "## Versions\n"
    found = versions(modules)
    yield f"`versions.json` has them for programs. Terraform {', '.join(found['terraform']) or 'of any version'}.\n"
    lines = [f"- provider {name} {', '.join(wanted)}\n" for name, wanted in found["providers"].items()]
    yield "".join(lines + [f"- image `{image}`\n" for image in found["images"]])


def cell(value: object) -> str:
    """Return what stands in a cell of a table."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def running(platform: Platform, beside: Collection[str], *, children: bool) -> Iterator[str]:
    """Yield what there is to run it with: alarms, queries, what is started by hand."""
    yield "## Runbook\n"
    chapter = f"[{{0}}]({NAME}#{{0}})" if NAME in beside else "{0}"
    rows = "".join(f"| {chapter.format(kind)} | {code(names)} |\n" for kind, names in alarms(platform).items())
    yield f"| what the alarm means, and what to do | alarms |\n|---|---|\n{rows}" if rows else "No alarm watches it.\n"
    watched = {name for names in alarms(platform).values() for name in names}
    acting = {
        block["alarm_name"]
        for module in platform.modules
        for _, _, block in resources(module.document, "aws_cloudwatch_metric_alarm")
    }
    if acting - watched:
        yield f"Alarms that scale services or start work, and tell nobody: {code(sorted(acting - watched))}.\n"
    queries = [
        block["name"]
        for module in platform.modules
        for _, _, block in resources(module.document, "aws_cloudwatch_query_definition")
    ]
    if queries:
        yield f"Queries that are kept in Logs Insights: {code(queries)}.\n"
    scripts = [
        f"{output_command(module.name, name, block, children=children)} | sh -s\n"
        for module in platform.modules
        for name, block in sorted(module.document.get("output", {}).items())
        if name.endswith("_script")
    ]
    if scripts:
        yield f"To start work by hand; each lists what it can be told to do:\n\n```sh\n{''.join(scripts)}```\n"


def output_command(module: str, name: str, block: Mapping[str, object], *, children: bool) -> str:
    """Return the command that prints an output: a text as it is, all else as JSON."""
    folder = "" if children else f" -chdir={module}"
    return f"terraform{folder} output {'-raw' if isinstance(block['value'], str) else '-json'} {name}"


def code(names: Iterable[str]) -> str:
    """Return names as code, one after the other."""
    return ", ".join(f"`{name}`" for name in names)
