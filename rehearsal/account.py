"""The local AWS of one account, as a process."""

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from rehearsal.processes import Processes

PROJECT_FOLDER = Path(__file__).parents[1]


def start_account(account_id: str, log: Path, processes: Processes, environ: Mapping[str, str]) -> str:
    """Start the local AWS of one account; return its URL.

    Raises OSError where it does not start.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    process = processes.start(
        [sys.executable, "-m", "rehearsal.server"],
        cwd=PROJECT_FOLDER,
        environ=kept
        | {"MOTO_ACCOUNT_ID": account_id, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "PYTHONUNBUFFERED": "1"},
        log=log,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    if not url:
        raise OSError(0, "the local AWS did not start", str(log))
    return url


def lacks_moto() -> bool:
    """Return whether the packages of the local AWS are missing."""
    return any(find_spec(name) is None for name in ("moto", "flask", "flask_cors"))
