"""What HCP Terraform asks for before stacks are deployed in its workspaces: a login here, and settings there.

Source: "CLI configuration file" and "HCP Terraform settings" in the Terraform CLI's documentation, "Remote state data
sharing" and "Dynamic provider credentials" in HCP Terraform's.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stacks.manifest import SynthesizedStack
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


def first_steps(state: HcpTerraformState, stacks: Sequence[SynthesizedStack]) -> Iterator[str]:
    """Yield what workspaces need that have just been made, before stacks in them can be planned."""
    workspaces = {stack.name: stack.document["terraform"]["cloud"]["workspaces"]["name"] for stack in stacks}
    place = f"{state.hostname}, organization {state.organization}"
    yield (
        f"{place}: a workspace that is new has no AWS credentials; give them to {', '.join(workspaces.values())} (a "
        "variable set, or dynamic provider credentials), or set the execution mode to Local, which takes those of here"
    )
    for name, workspace in workspaces.items():
        if readers := [workspaces[stack.name] for stack in stacks if name in stack.read_stacks]:
            yield (
                f"{workspace} must share its state with {', '.join(readers)} (Settings → General → Remote state "
                "sharing) before these are planned; a first deployment that stops there goes on when it is run again"
            )
