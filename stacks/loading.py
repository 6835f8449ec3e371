"""Load environment files and gather every problem of every one of them."""

import builtins
import importlib
import re
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from modules.problems import Problem, SettingsError, nearest, shown, unknown_name
from modules.settings import UnreadableSettingError, gathering, inherited
from stacks import environments as shipped
from stacks.environment import Environment


class EnvironmentsError(Exception):
    """Environments that cannot be built. ``errors`` has one SettingsError for each."""

    def __init__(self, errors: Iterable[SettingsError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def load_environments(names: Iterable[str] = (), package: ModuleType = shipped) -> list[Environment]:
    """Return the environments named, or all, in the order of ``package.ENVIRONMENTS``.

    Raises EnvironmentsError with all problems of all of them.
    """
    known, wanted = package.ENVIRONMENTS, list(names)
    unknown = [unknown_name("--environment", name, known, "environments") for name in wanted if name not in known]
    if unknown:
        raise EnvironmentsError([SettingsError("command line", unknown)])
    environments, errors = [], []
    for name in known:
        if wanted and name not in wanted:
            continue
        try:
            environments.append(_load(name, package))
        except SettingsError as error:
            errors.append(error)
    if errors:
        raise EnvironmentsError(errors)
    return environments


def _load(name: str, package: ModuleType) -> Environment:
    attribute = name.upper().replace("-", "_")
    module_name = f"{package.__name__}.{name.replace('-', '_')}"
    try:
        module = _import(module_name)
    except SettingsError as error:
        raise SettingsError(name, error.problems) from None
    except (Exception, SystemExit) as error:  # the file is the user's code: whatever it raises is theirs to mend
        raise SettingsError(name, [_python_problem(error, package, module_name)]) from None
    environment = getattr(module, attribute, None)
    where = f"{_relative(module.__file__ or '')}:1"
    if not isinstance(environment, Environment):
        got = shown(environment) if hasattr(module, attribute) else "nothing"
        fix = f"define {attribute} = Environment(…) in this file"
        raise SettingsError(name, [Problem(attribute, "be an Environment", got, fix, where)])
    problems = list(inherited(environment))
    if not problems and environment.name != name:
        problems = [Problem("name", f"be {name!r}, as the file is called", repr(environment.name), "", where)]
    if problems:
        raise SettingsError(name, problems)
    return environment


def _import(module_name: str) -> ModuleType:
    try:
        with gathering():
            return importlib.import_module(module_name)
    except UnreadableSettingError:
        # The file itself reads a setting that is bad. Without gathering, that one is raised where it is made.
        return importlib.import_module(module_name)


def _python_problem(error: BaseException, package: ModuleType, module_name: str) -> Problem:
    """Return an error of Python itself as a problem, placed at the user's own line."""
    if isinstance(error, ModuleNotFoundError) and error.name == module_name:
        fix = f"create {module_name.rpartition('.')[2]}.py beside it, or take the name out of ENVIRONMENTS"
        return Problem("the file", "exist", None, fix, f"{_relative(package.__file__ or '')}:1")
    if isinstance(error, SyntaxError):
        where = f"{_relative(error.filename or '')}:{error.lineno}"
        return Problem("the file", "be valid Python", error.msg, (error.text or "").strip(), where)
    frames = traceback.extract_tb(error.__traceback__)
    folders = [Path(folder) for folder in package.__path__]
    own = [frame for frame in frames if Path(frame.filename).parent in folders]
    frame = (own or frames)[-1]
    message = " ".join(re.sub(r" \(/.*\)$", "", str(error)).split())
    near = _meant(error)
    return Problem(
        "the file",
        "run without an error",
        f"{type(error).__name__}: {message}",
        f"did you mean {near}?" if near else (frame.line or "").strip(),
        f"{_relative(frame.filename)}:{frame.lineno}",
    )


def _meant(error: BaseException) -> str | None:
    """Return the known name that a misspelt one most likely means; Python tells so only above a traceback."""
    match error:
        case NameError(name=str(name)):
            frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
            return nearest(name, {*vars(builtins), *frames[-1].f_globals})
        case ImportError(msg=message) if found := re.match(r"cannot import name '(\w+)' from '([\w.]+)'", message):
            return nearest(found[1], vars(sys.modules[found[2]]))
        case AttributeError(name=str(name), obj=owner):
            return nearest(name, dir(owner))
    return None


def _relative(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
