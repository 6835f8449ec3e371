"""What HCP Terraform asks for before stacks are deployed in its workspaces: a login here, and settings there.

Source: "CLI configuration file" and "HCP Terraform settings" in the Terraform CLI's documentation, "Remote state data
sharing" and "Dynamic provider credentials" in HCP Terraform's.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stacks.state import HcpTerraformState


def token_variable(hostname: str) -> str:
    """Return the variable that may hold the token of a host."""
    return "TF_TOKEN_" + hostname.replace("-", "__").replace(".", "_")


def has_login(hostname: str, environ: Mapping[str, str]) -> bool:
    """Return whether Terraform would find a token of a host: in a variable, in its files or from a helper."""
    if environ.get(token_variable(hostname)):
        return True
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in _files(environ) if file.is_file()]
    return any(hostname in text or "credentials_helper" in text for text in texts)


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files of Terraform's and OpenTofu's configuration, in which ``login`` leaves tokens, too."""
    home = Path(environ.get("HOME", "/"))
    yield from (Path(environ[name]) for name in ("TF_CLI_CONFIG_FILE", "TOFU_CLI_CONFIG_FILE") if environ.get(name))
    yield from (home / ".terraformrc", home / ".tofurc")
    own = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "opentofu"
    yield own / "tofurc"
    for folder in (home / ".terraform.d", own):
        yield from (*folder.glob("*.tfrc"), *folder.glob("*.tfrc.json"))


def first_steps(state: HcpTerraformState, environment: str) -> str:
    """Return what makes the workspaces that a deployment needs."""
    folder = f"bundles/{environment}/workspaces"
    return (
        f"{state.hostname}, organization {state.organization}: a workspace that is new has no AWS credentials, and "
        f"shares its state with nobody. {folder} makes those that are needed, as its README says; python main.py "
        f"bundle {environment} writes it"
    )


def companion(state: HcpTerraformState, project: str, environment: str, stack: str) -> Mapping[str, Any]:
    """Return what a stack says below "//" about its workspace; Terraform ignores that key."""
    workspace: dict[str, Any] = {"terraform_version": state.terraform_version}
    if vcs := state.vcs:
        connection = "oauth_token_id" if vcs.connection_id.startswith("ot-") else "github_app_installation_id"
        branch = {"branch": vcs.branch} if vcs.branch else {}
        workspace |= {
            "auto_apply": vcs.auto_apply,
            "vcs_repo": {"identifier": vcs.repository, connection: vcs.connection_id} | branch,
            "working_directory": f"{vcs.directory}/{environment}-{stack}",
        }
    return {
        "name": f"{project}-{environment}",
        "outputs_only": state.outputs_only,
        "team_access": dict(state.team_access),
        "workspace": workspace,
    }
