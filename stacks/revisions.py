"""Synthesize another state of the project: a revision of git, another checkout, or a folder that was synthesized."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT_FOLDER = Path(__file__).parents[1]


def synthesize_other(place: str, names: Sequence[str], output: Path, environ: Mapping[str, str]) -> str:
    """Write the stacks of the environments ``names`` as ``place`` has them; return why it could not be done.

    ``place`` is a folder that was synthesized, a checkout, or a revision of this one, such as a branch.
    """
    folder = Path(place)
    if (folder / "manifest.json").is_file():
        shutil.copytree(folder, output)
        return ""
    if (folder / "main.py").is_file():
        return _synthesize(folder, names, output, environ)
    with TemporaryDirectory(prefix="terrabatch-revision-") as checkout:
        return _extract(place, Path(checkout)) or _synthesize(Path(checkout), names, output, environ)


def _extract(revision: str, folder: Path) -> str:
    archive = folder / "archive.zip"
    command = ["git", "archive", f"--output={archive}", revision]
    try:
        done = subprocess.run(command, cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return (
            "neither a folder with a manifest.json or main.py, nor can git be asked for a revision: it is not on PATH"
        )
    if done.returncode:
        return f"neither a folder with a manifest.json or main.py, nor a revision: {done.stderr.strip()}"
    shutil.unpack_archive(archive, folder)
    return ""


def _synthesize(checkout: Path, names: Sequence[str], output: Path, environ: Mapping[str, str]) -> str:
    """Run that checkout's own program, with the packages of this one."""
    choice = [argument for name in names for argument in ("--environment", name)]
    done = subprocess.run(
        [sys.executable, "-O", "main.py", "--quiet", *choice],
        cwd=checkout,
        env={**environ, "CDKTF_OUTDIR": str(output.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else f"it could not be synthesized:\n{(done.stderr or done.stdout).strip()}"
