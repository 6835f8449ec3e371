"""Show or apply the stacks of one environment with Terraform or OpenTofu, or say what is missing for it."""

import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stacks.hcp_terraform import first_steps, has_login, token_variable
from stacks.manifest import SynthesizedStack, in_order, told_of_addresses
from stacks.state import HcpTerraformState, LocalState, StateSettings

PROJECT_FOLDER = Path(__file__).parents[1]
TERRAFORM_COMMANDS = {"diff": "plan", "deploy": "apply"}
DIFFERENT = 2  # what plan -detailed-exitcode ends with where there is something to change

# Where the AWS SDKs look, in their order; the instance's own role comes last.
CREDENTIAL_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
INSTANCE_TOKEN_URL = "http://169.254.169.254/latest/api/token"


def missing(state: StateSettings, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what a deployment needs and does not find, each with what to do about it."""
    if not _program(environ):
        named = environ.get("TERRAFORM_BINARY_NAME", "terraform and no tofu")
        yield f"no {named} on PATH; install Terraform or OpenTofu, 1.10 or newer"
    # HCP Terraform runs with credentials of its own.
    if isinstance(state, HcpTerraformState):
        if not has_login(state.hostname, environ):
            fix = f"run terraform login {state.hostname}, or set {token_variable(state.hostname)}"
            yield f"no login to {state.hostname}; {fix}"
    elif not _has_credentials(environ):
        yield "no AWS credentials; run aws sso login or aws configure, or set AWS_PROFILE"


def misplaced(state: StateSettings, output: Path) -> Iterator[str]:
    """Yield why a deployment would not find its states: local ones are looked for beside the folder ``output``."""
    if isinstance(state, LocalState) and output.resolve().parent != PROJECT_FOLDER.resolve():
        yield (
            f"stacks with a LocalState must be written into a folder of {PROJECT_FOLDER}, got {output.resolve()}; from "
            "there their state is not found, as if nothing were deployed: leave CDKTF_OUTDIR out"
        )


def elsewhere(state: StateSettings) -> Iterator[str]:
    """Yield why nothing is applied from here."""
    if isinstance(state, HcpTerraformState) and state.vcs:
        yield f"these workspaces apply what is pushed to {state.vcs.repository}, and nothing else; diff works"


def notes(state: StateSettings, stacks: Sequence[SynthesizedStack]) -> Iterator[str]:
    """Yield what is to be done elsewhere before stacks can be deployed from here for the first time."""
    if isinstance(state, HcpTerraformState) and not all((stack.folder / ".terraform").is_dir() for stack in stacks):
        yield first_steps(state, stacks[0].environment)


def run(action: str, stacks: Sequence[SynthesizedStack], arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run Terraform's side of ``action`` (diff or deploy) in each stack's folder; return the worst exit status.

    A deployment ends with the first stack that fails: those after it read what it would have made. Both end where one
    cannot be initialized: no provider, no backend, and none for the others either.
    """
    environ = {**environ, "CHECKPOINT_DISABLE": "1"}
    failed: list[str] = []
    statuses: list[int] = []
    ordered = in_order(stacks)
    for index, stack in enumerate(ordered):
        print(f"\n{stack.name}", flush=True)
        terraform = [_program(environ) or "terraform", f"-chdir={stack.folder.resolve()}"]
        left = ", ".join(item.name for item in ordered[index + 1 :]) or "nothing else"
        if status := _run_to_the_end([*terraform, "init", "-input=false"], environ):
            print(f"{stack.name} could not be initialized; left out: {left}", file=sys.stderr)
            return status
        status = _run_to_the_end([*terraform, TERRAFORM_COMMANDS[action], *arguments], environ)
        statuses.append(status)
        if status and not (status == DIFFERENT and "-detailed-exitcode" in arguments):
            failed.append(stack.name)
        if failed and action == "deploy":
            print(f"{stack.name} failed; not deployed: {left}", file=sys.stderr)
            break
    if failed and action == "diff" and len(stacks) > 1:
        told = "a stack that reads one which is not deployed yet cannot be compared; deploy first"
        print(f"{', '.join(failed)} failed; {told}", file=sys.stderr)
    for told in told_of_addresses(stacks) if action == "deploy" and not any(statuses) else ():
        print(f"applied, so the environment can leave it out of {told}", file=sys.stderr)
    return min(filter(None, statuses), default=0)  # an error is 1


def _run_to_the_end(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a program and return its exit status; raise KeyboardInterrupt after it has ended if Ctrl-C was pressed.

    The terminal tells the program, too, and one that holds the lock of a state must not be killed for it.
    """
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        status = subprocess.run(command, env=environ, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
    return status


def _program(environ: Mapping[str, str]) -> str | None:
    """Return where Terraform is, or OpenTofu where there is no Terraform; the one that the user names, if any."""
    names = [environ["TERRAFORM_BINARY_NAME"]] if environ.get("TERRAFORM_BINARY_NAME") else ["terraform", "tofu"]
    return next(filter(None, (shutil.which(name, path=environ.get("PATH", "")) for name in names)), None)


def _has_credentials(environ: Mapping[str, str]) -> bool:
    if any(environ.get(name) for name in CREDENTIAL_VARIABLES):
        return True
    home = Path(environ.get("HOME", "/"), ".aws")
    files = (
        environ.get("AWS_SHARED_CREDENTIALS_FILE", home / "credentials"),
        environ.get("AWS_CONFIG_FILE", home / "config"),
    )
    return any(Path(file).is_file() for file in files) or _has_instance_role(environ)


def _has_instance_role(environ: Mapping[str, str]) -> bool:
    if environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true":
        return False
    request = urllib.request.Request(
        INSTANCE_TOKEN_URL, method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=1):
            return True
    except OSError:
        return False
