"""Load environment files and gather every problem of every one of them."""

import importlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from modules.problems import Problem, SettingsError, place, shown, unknown_name
from modules.settings import UnreadableSettingError, gathering, inherited
from stacks.environment import Environment
from stacks.environment_list import LIST, EnvironmentList, read_list
from stacks.neighbours import shared_names
from stacks.python_errors import python_problem

PACKAGE = "stacks.environments"


class EnvironmentsError(Exception):
    """Environments that cannot be built. ``errors`` has one SettingsError for each."""

    def __init__(self, errors: Iterable[SettingsError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


def environment_names(package: str = PACKAGE) -> tuple[str, ...]:
    """Return the names of all environments, in the order of the list.

    Raises EnvironmentsError with all problems of the list.
    """
    listed = read_list(package)
    if listed.problems:
        raise EnvironmentsError(_errors_of(listed))
    return listed.names


def load_environments(names: Iterable[str] = (), package: str = PACKAGE) -> list[Environment]:
    """Return the environments named, or all, in the order of the list.

    Raises EnvironmentsError with all problems of all of them, and of the list.
    """
    listed, wanted = read_list(package), list(names)
    environments, errors = [], _errors_of(listed)
    unknown = [
        unknown_name("--environment", name, listed.names, "environments") for name in wanted if name not in listed.names
    ]
    if unknown and not errors:
        raise EnvironmentsError([SettingsError("command line", unknown)])
    for name in listed.names:
        if wanted and name not in wanted:
            continue
        try:
            environments.append(_load(name, package, listed))
        except SettingsError as error:
            errors.append(error)
    if not errors:
        errors = [_located(error, package) for error in shared_names(environments)]
    if errors:
        raise EnvironmentsError(errors)
    return environments


def _located(error: SettingsError, package: str) -> SettingsError:
    """Return the error of an environment with its file as the place of all that has none."""
    spec = find_spec(_module_name(error.subject, package))
    where = place(spec.origin) if spec and spec.origin else ""
    return SettingsError(error.subject, [problem.located(where) for problem in error.problems])


def _module_name(name: str, package: str) -> str:
    return f"{package}.{name.replace('-', '_')}"


def _errors_of(listed: EnvironmentList) -> list[SettingsError]:
    return [SettingsError("environments", listed.problems)] if listed.problems else []


def _load(name: str, package: str, listed: EnvironmentList) -> Environment:
    attribute = name.upper().replace("-", "_")
    module_name = _module_name(name, package)
    spec = find_spec(module_name)
    if spec is None or spec.origin is None:
        fix = f"create {module_name.rpartition('.')[2]}.py beside it, or take the name out of {LIST}"
        raise SettingsError(name, [Problem("the file", "exist", None, fix, listed.where)])
    try:
        module = _import(module_name)
    except SettingsError as error:
        raise SettingsError(name, error.problems) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the file is the user's code: whatever it raises is theirs to mend
        raise SettingsError(name, [python_problem(error, Path(spec.origin))]) from None
    environment = getattr(module, attribute, None)
    where = place(spec.origin)
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
