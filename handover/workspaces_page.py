"""The README of the root module that makes workspaces: what it makes, and what a person does by hand."""

from collections.abc import Iterator

from handover.platforms import Platform
from handover.workspace_roles import cloud_of, settings_of
from handover.workspaces import workspace_of_itself

PAGE = """\
# Workspaces of {name}

A root module for the organization {organization} of {hostname}: a workspace for each root module beside this folder,
{sharing}, and two roles in AWS for their runs. One plans and one applies, with what is in `plan-policy-1.json`,
`deployment-policy-1.json` and so on; HCP Terraform is given no keys.

## By hand

{steps}
Where the project or the account's identity provider of {hostname} is there already, step 4 is told so: `-var
make_project=false`, `-var make_iam_openid_connect_provider=false`. A workspace that is there is imported before it:
`terraform import tfe_workspace.{part} {organization}/{workspace}`.
"""
STATES = "whose state those may read that need it"
OUTPUTS = (
    "a team that may read their outputs and nothing else, and whose token (in this module's state) their runs have"
)
DRIVEN = """\
Commit the root modules to `{directory}` of {repository}, and start a run in {first}.
   What is applied starts those after it; a plan that fails since another is not applied yet comes again then."""
FROM_HERE = """\
Deploy: `make deploy ENVIRONMENT={name}`, or `terraform init && terraform apply` in each root module, in the
   order of apply."""


def workspaces_page(platform: Platform) -> str:
    """Return the README, in Markdown."""
    first = platform.modules[0]
    cloud = cloud_of(first)
    steps = "".join(f"{number}. {text}\n" for number, text in enumerate(_steps(platform), 1))
    return PAGE.format(
        name=platform.name,
        part=first.part,
        workspace=cloud["workspaces"]["name"],
        hostname=cloud["hostname"],
        organization=cloud["organization"],
        sharing=OUTPUTS if settings_of(first)["outputs_only"] else STATES,
        steps=steps,
    )


def _steps(platform: Platform) -> Iterator[str]:
    first = platform.modules[0]
    hostname = cloud_of(first)["hostname"]
    managed = "workspaces, projects, teams" if settings_of(first)["outputs_only"] else "workspaces, projects"
    yield f"Log in, as somebody who manages {managed} and variable sets: `terraform login {hostname}`."
    yield f"Make the workspace `{workspace_of_itself(first)}`, execution mode Local: it keeps this module's state."
    yield "Have AWS credentials of the account that may make roles, policies and an identity provider."
    yield "`terraform init && terraform apply` in this folder."
    yield _deployment(platform)


def _deployment(platform: Platform) -> str:
    workspace = settings_of(platform.modules[0])["workspace"]
    if "vcs_repo" not in workspace:
        return FROM_HERE.format(name=platform.name)
    first = " and ".join(f"`{cloud_of(item)['workspaces']['name']}`" for item in platform.modules if not item.after)
    directory = workspace["working_directory"].rpartition("/")[0]
    return DRIVEN.format(directory=directory, repository=workspace["vcs_repo"]["identifier"], first=first)
