"""Load environment files and gather every problem of every one of them."""

import importlib
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from modules.problems import Problem, SettingsError, unknown_name
from modules.settings import gathering, inherited
from stacks.environment import Environment
from stacks.environments import ENVIRONMENTS

ENVIRONMENTS_FOLDER = Path(__file__).with_name("environments")


class EnvironmentsError(Exception):
    """Environments that cannot be built. ``errors`` has one SettingsError for each."""

    def __init__(self, errors: Iterable[SettingsError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def load_environments(names: Iterable[str] = ()) -> list[Environment]:
    """Return the environments named, or all, in the order of ``ENVIRONMENTS``.

    Raises EnvironmentsError with all problems of all of them.
    """
    wanted = list(names)
    unknown = [
        unknown_name("--environment", name, ENVIRONMENTS, "environments") for name in wanted if name not in ENVIRONMENTS
    ]
    if unknown:
        raise EnvironmentsError([SettingsError("command line", unknown)])
    environments, errors = [], []
    for name in ENVIRONMENTS:
        if wanted and name not in wanted:
            continue
        try:
            environments.append(_load(name))
        except SettingsError as error:
            errors.append(error)
    if errors:
        raise EnvironmentsError(errors)
    return environments


def _load(name: str) -> Environment:
    attribute = name.upper().replace("-", "_")
    with gathering():
        try:
            module = importlib.import_module(f"stacks.environments.{name.replace('-', '_')}")
        except Exception as error:  # an environment file is the user's code: whatever it raises is theirs to mend
            raise SettingsError(name, [_python_problem(name, error)]) from None
    environment = getattr(module, attribute, None)
    where = f"{_relative(module.__file__ or '')}:1"
    if not isinstance(environment, Environment):
        raise SettingsError(
            name,
            [Problem(attribute, "be an Environment", repr(environment), f"define {attribute} in this file", where)],
        )
    problems = list(inherited(environment))
    if not problems and environment.name != name:
        problems = [Problem("name", f"be {name!r}, as the file is called", repr(environment.name), "", where)]
    if problems:
        raise SettingsError(name, problems)
    return environment


def _python_problem(name: str, error: Exception) -> Problem:
    """Return an error of Python itself as a problem, placed at the user's own line."""
    if isinstance(error, SyntaxError):
        where = f"{_relative(error.filename or '')}:{error.lineno}"
        return Problem("the file", "be valid Python", error.msg, (error.text or "").strip(), where)
    frames = traceback.extract_tb(sys.exc_info()[2])
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(ENVIRONMENTS_FOLDER)]
    frame = own[-1] if own else frames[-1]
    where = f"{_relative(frame.filename)}:{frame.lineno}"
    return Problem(
        "the file", "run without an error", f"{type(error).__name__}: {error}", (frame.line or "").strip(), where
    )


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
