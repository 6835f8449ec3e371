"""``.terraform.lock.hcl``: which checksums the providers must have. Terraform itself writes it, as its user set it up.

What it writes depends on the machine and on where it gets providers from, so a bundle has it only where that is wanted.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from handover.options import RefusedError

NAME = ".terraform.lock.hcl"
SECONDS = 600
REQUIREMENTS = ("versions.tf", "versions.tf.json")


def lock_files(files: Mapping[str, bytes], environ: Mapping[str, str]) -> dict[str, bytes]:
    """Return a lock file for each root module among the files of a bundle. Raises RefusedError."""
    asked = {name: content for name, content in files.items() if PurePosixPath(name).name in REQUIREMENTS}
    roots = {name: content for name, content in asked.items() if "/" not in name} or asked
    written: dict[tuple[str, bytes], bytes] = {}
    for name, content in sorted(roots.items()):
        key = PurePosixPath(name).name, content
        if key not in written:
            written[key] = _lock_file(*key, environ)
    return {
        str(PurePosixPath(name).with_name(NAME)): written[PurePosixPath(name).name, content]
        for name, content in roots.items()
    }


def is_of_one_machine(lock_file: bytes) -> bool:
    """Return whether a lock file has checksums of this kind of machine only: no registry told those of others."""
    return b'"zh:' not in lock_file


def _lock_file(name: str, requirements: bytes, environ: Mapping[str, str]) -> bytes:
    program = environ.get("TERRAFORM_BINARY_NAME", "terraform")
    path = shutil.which(program, path=environ.get("PATH", ""))
    if path is None:
        raise RefusedError(f"no {program} on PATH to write {NAME}; leave --lock out, or set TERRAFORM_BINARY_NAME")
    with TemporaryDirectory() as folder:
        Path(folder, name).write_bytes(requirements)
        output = _init(path, folder, environ)
        if Path(folder, NAME).is_file():
            return Path(folder, NAME).read_bytes()
    raise RefusedError(f"{program} init wrote no {NAME}: {_error(output)}")


def _init(terraform: str, folder: str, environ: Mapping[str, str]) -> str:
    """Set up a folder, whose backend is none; return what was printed."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("TF_CLI_ARGS", "TF_DATA_DIR"))}
    try:
        done = subprocess.run(
            [terraform, "init", "-backend=false", "-no-color", "-input=false"],
            cwd=folder,
            env={**kept, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not end within {SECONDS} s"
    return done.stdout + done.stderr


def _error(output: str) -> str:
    text = " ".join(re.sub(r"(?m)^[│╷╵] ?", "", output).split())
    found = re.search(r"Error: (.*?)(?: To see which modules|$)", text)
    return (found[1] if found else text)[:400] or "it said nothing"
