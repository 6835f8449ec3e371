"""Programs run as a user runs them: as processes of their own."""

import fcntl
import os
import re
import shutil
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import modules  # noqa: F401  which chooses where jsii unpacks

PROJECT = Path(__file__).parents[1]

# Another HOME has no packages that jsii unpacked, and to unpack them takes longer than all else of a start.
_GIVEN = {name: value for name, value in os.environ.items() if name.startswith("JSII_RUNTIME_PACKAGE_CACHE")}
WARM_CACHE = _GIVEN or {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache/aws/jsii/package-cache")}

# One environment file; the smallest platform there is.
SMALL_ENVIRONMENT = """
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment
from stacks.state import S3State

{attribute} = Environment(
    name="{name}",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=S3State(bucket="example-terraform-state", region="us-east-1"),
    queues={{"{queue}": MessageQueueSettings(visibility_timeout_seconds=60)}},
)
"""


def environ(**changes: str | Path) -> dict[str, str]:
    """Return this process's environment with ``changes``, without what the engine and the tests' caller put there."""
    kept = {name: value for name, value in os.environ.items() if name not in {"NODE_OPTIONS", "CDKTF_OUTDIR"}}
    # Without .pyc files every process would compile what it imports.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {name: str(value) for name, value in changes.items()}


def run(*command: str | Path, cwd: Path = PROJECT, **changes: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed."""
    return subprocess.run(
        command, cwd=cwd, env=environ(**changes), capture_output=True, text=True, encoding="utf-8", check=False
    )


def run_python(code: str, *arguments: str, cwd: Path = PROJECT, **changes: str | Path) -> str:
    """Run ``code`` in a fresh Python, which must succeed; return what it printed."""
    done = run(sys.executable, "-c", code, *arguments, cwd=cwd, **changes)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def run_main(*arguments: str, project: Path = PROJECT, **changes: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``main.py`` of a project as ``make synth`` does."""
    return run(sys.executable, "-O", "main.py", *arguments, cwd=project, **changes)


def run_in_terminal(
    *command: str | Path, cwd: Path = PROJECT, columns: int = 80, **changes: str | Path
) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit status and what it showed, without colours."""
    terminal, inside = os.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = environ(TERM="xterm", **changes)
    settings.pop("COLUMNS", None)
    with subprocess.Popen(command, cwd=cwd, env=settings, stdin=inside, stdout=inside, stderr=inside) as process:
        os.close(inside)
        shown = b""
        try:
            while part := os.read(terminal, 65_536):
                shown += part
        except OSError:  # nobody has the other side any more
            pass
    os.close(terminal)
    return process.returncode, re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


def copy_project(folder: Path) -> Path:
    """Return a copy of this project's code in ``folder``, without environments."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("main.py", "engine", "modules", "stacks", "handover", "reporting", "rehearsal"):
        source = PROJECT / name
        if source.is_dir():
            copy_tree(source, folder / name, "environments")
        elif source.exists():
            shutil.copy(source, folder)
    (folder / "stacks" / "environments").mkdir()
    return folder


def copy_tree(source: Path, target: Path, *ignored: str) -> Path:
    """Copy a folder with what was compiled: a copy's own first start would compile it all again."""
    being_written = "*.pyc.*"
    return shutil.copytree(source, target, ignore=shutil.ignore_patterns(being_written, *ignored), copy_function=_copy)


def _copy(source: str, target: str) -> None:
    if source.endswith(".pyc"):  # which is never changed, only exchanged, and so need not be there twice
        with suppress(OSError):  # another file system
            os.link(source, target)
            return
    shutil.copy2(source, target)


def set_environments(project: Path, **queues: str) -> None:
    """Give a copied project small environments: the name of each, and of the only queue it has."""
    folder = project / "stacks" / "environments"
    # Python takes a .pyc for current if the source was changed within the same second.
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    (folder / "__init__.py").write_text(f"ENVIRONMENTS = {tuple(queues)!r}\n")
    for name, queue in queues.items():
        text = SMALL_ENVIRONMENT.format(attribute=name.upper(), name=name, queue=queue)
        (folder / f"{name}.py").write_text(text)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below ``folder`` with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
