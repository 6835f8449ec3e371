"""The local AWS of one account, as a process."""

import json
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from rehearsal.processes import Processes

PROJECT_FOLDER = Path(__file__).parents[1]


def start_account(
    account_id: str, things: Sequence[tuple[str, str, str]], log: Path, processes: Processes, environ: Mapping[str, str]
) -> str:
    """Start the local AWS of one account, with ``things`` that are there (``existing_things``); return its URL.

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
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(things)}\n")
    process.stdin.flush()
    url = process.stdout.readline().strip()
    if not url:
        raise OSError(0, "the local AWS did not start", str(log))
    return url


def lacks_moto() -> bool:
    """Return whether the packages of the local AWS are missing."""
    return any(find_spec(name) is None for name in ("moto", "flask", "flask_cors"))
