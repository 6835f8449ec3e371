"""The workspaces of an environment in HCP Terraform: a root module that makes them, with the roles of their runs.

Written from the stacks, which have the settings of their workspaces below "//". Source: the tfe provider's
documentation.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handover.expressions import references, texts
from handover.platforms import Document, Platform, RootModule
from handover.reading import WORKSPACES, merge
from handover.workspace_roles import PHASES, cloud_of, made_once, roles, settings_of

PROVIDER = {"source": "hashicorp/tfe", "version": "0.71.0"}


def workspaces(platform: Platform) -> RootModule | None:
    """Return the root module, or None where an environment has no workspaces."""
    if not platform.modules or not all(map(settings_of, platform.modules)):
        return None
    document: dict[str, Any] = {}
    for part in _parts(platform):
        merge(document, part)
    return RootModule(WORKSPACES, document, ())


def _parts(platform: Platform) -> Iterator[Document]:
    first = platform.modules[0]
    yield _frame(first)
    yield roles(platform)
    if project := cloud_of(first)["workspaces"].get("project"):
        yield made_once("tfe_project", {"name": project}, "id", f"the project {project}")
    if teams := sorted(settings_of(first)["team_access"]):
        each = {"for_each": f"${{toset({json.dumps(teams)})}}", "name": "${each.key}"}
        yield {"data": {"tfe_team": {"teams": each}}}
    name = workspace_of_itself(first).removesuffix(f"-{WORKSPACES}")
    yield {"resource": _variable_set(name)}
    read = {part for module in platform.modules for part in module.reads}
    if settings_of(first)["outputs_only"] and read:
        yield {"resource": _reader_of_outputs(name, sorted(read))}
    pages = {}
    for module in platform.modules:
        pages[module.name] = f"${{tfe_workspace.{module.part}.html_url}}"
        made = _workspace(module, platform) | _permissions(module, platform)
        yield {"resource": {type_: {module.part: block} for type_, block in made.items()}}
    yield {"output": {"workspaces": {"description": "their pages", "value": pages}}}


def workspace_of_itself(module: RootModule) -> str:
    """Return the workspace that has the state of the workspaces, of which ``module`` has one."""
    name: str = cloud_of(module)["workspaces"]["name"]
    return name.removesuffix(module.part) + WORKSPACES


def _frame(module: RootModule) -> Document:
    cloud, document = cloud_of(module), module.document
    (aws,) = document["provider"]["aws"]
    # By whom it is applied may make roles, which the role that deploys need not.
    aws = {key: value for key, value in aws.items() if key != "assume_role"}
    named = {name for text in texts(aws) for name, _ in references(text)}
    return {
        "provider": {"aws": [aws], "tfe": [{key: cloud[key] for key in ("hostname", "organization")}]},
        "terraform": {
            "cloud": {**cloud, "workspaces": {"name": workspace_of_itself(module)}},
            "required_providers": {"aws": document["terraform"]["required_providers"]["aws"], "tfe": PROVIDER},
            "required_version": document["terraform"]["required_version"],
        },
        "variable": {key: block for key, block in document.get("variable", {}).items() if f"var.{key}" in named},
    }


def _variable_set(environment: str) -> Mapping[str, Mapping[str, Any]]:
    values = {"TFC_AWS_PROVIDER_AUTH": "true"}
    values |= {f"TFC_AWS_{phase.upper()}_ROLE_ARN": f"${{aws_iam_role.{phase}.arn}}" for phase in PHASES}
    shared = {"category": "env", "variable_set_id": "${tfe_variable_set.runs.id}"}
    return {
        "tfe_variable": {key.lower(): {"key": key, "value": value, **shared} for key, value in values.items()},
        "tfe_variable_set": {"runs": {"description": "credentials of runs", "name": f"{environment}-runs"}},
    }


def _reader_of_outputs(environment: str, read: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return a team that may read the outputs of these parts, whose token runs have."""
    team = {"team_id": "${tfe_team.outputs.id}"}
    token = {"category": "env", "key": "TFE_TOKEN", "sensitive": True, "value": "${tfe_team_token.outputs.token}"}
    permissions = {
        "run_tasks": False,
        "runs": "read",
        "sentinel_mocks": "none",
        "state_versions": "read-outputs",
        "variables": "none",
        "workspace_locking": False,
    }
    return {
        "tfe_team": {"outputs": {"name": f"{environment}-outputs", "visibility": "secret"}},
        "tfe_team_access": {
            f"{part}_outputs": {"permissions": [permissions], "workspace_id": _id_of(part), **team} for part in read
        },
        "tfe_team_token": {"outputs": {"description": "runs read outputs of others", **team}},
        "tfe_variable": {"tfe_token": {**token, "variable_set_id": "${tfe_variable_set.runs.id}"}},
    }


def _workspace(module: RootModule, platform: Platform) -> dict[str, Document]:
    settings, cloud = settings_of(module), cloud_of(module)
    after = ", ".join(name.rpartition("-")[2] for name in module.after)
    block: dict[str, Any] = {
        **settings["workspace"],
        "description": f"{module.part} of {settings['name']}, after {after or 'nothing'}",
        "name": cloud["workspaces"]["name"],
        "tags": {"environment": platform.name, "name": settings["name"], "stack": module.part},
    }
    if "project" in cloud["workspaces"]:
        block["project_id"] = "${local.project_id}"
    if "vcs_repo" not in block:
        return {"tfe_workspace": block}
    # First runs of all at once would find no states of others: that of the first is started by hand, and of the others
    # by what is applied before them. From the command line they are run in turn, and such a run would be in the way.
    block |= {"auto_apply_run_trigger": block["auto_apply"], "queue_all_runs": False}
    sources = {name.rpartition("-")[2]: _id_of(name.rpartition("-")[2]) for name in module.after}
    trigger = {"for_each": sources, "sourceable_id": "${each.value}", "workspace_id": _id_of(module.part)}
    return {"tfe_workspace": block, **({"tfe_run_trigger": trigger} if sources else {})}


def _permissions(module: RootModule, platform: Platform) -> dict[str, Document]:
    """Return who may read a workspace's state or use it, and which credentials its runs have."""
    own = {"workspace_id": _id_of(module.part)}
    outputs_only = settings_of(module)["outputs_only"]
    readers = [_id_of(other.part) for other in platform.modules if module.part in other.reads and not outputs_only]
    settings = {"execution_mode": "remote", "global_remote_state": False, "remote_state_consumer_ids": readers, **own}
    permissions: dict[str, Document] = {
        "tfe_workspace_settings": settings,
        "tfe_workspace_variable_set": {"variable_set_id": "${tfe_variable_set.runs.id}", **own},
    }
    if access := settings_of(module)["team_access"]:
        team = {"for_each": access, "team_id": "${data.tfe_team.teams[each.key].id}", "access": "${each.value}"}
        permissions["tfe_team_access"] = {**team, **own}
    return permissions


def _id_of(part: str) -> str:
    return f"${{tfe_workspace.{part}.id}}"
