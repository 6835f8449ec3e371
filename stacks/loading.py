"""Load environment files and collect every problem of every one of them."""

import importlib
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from modules.problems import Problem, SettingsError, format_value, unknown_name
from modules.settings import BrokenCheckError, InvalidSettingError, collect_problems, locate, nested_problems
from stacks.environment import Environment
from stacks.environment_list import LIST, EnvironmentList, read_list
from stacks.neighbours import problems_between
from stacks.python_errors import python_problem
from stacks.source_files import assigned_at, repeated_key_problems
from stacks.variables import late_values

PACKAGE = "stacks.environments"
NOTHING = object()


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
        checked = {environment.name: environment for environment in environments}
        errors = [
            SettingsError(error.subject, [locate(problem, checked[error.subject]) for problem in error.problems])
            for error in problems_between(environments)
        ]
    errors = errors or [
        SettingsError(environment.name, [locate(problem, environment) for problem in problems])
        for environment in environments
        if (problems := late_values(environment)[1])
    ]
    if errors:
        raise EnvironmentsError(errors)
    return environments


def _errors_of(listed: EnvironmentList) -> list[SettingsError]:
    return [SettingsError("environments", listed.problems)] if listed.problems else []


def _load(name: str, package: str, listed: EnvironmentList) -> Environment:
    module_name = _module_name(name, package)
    spec = find_spec(module_name)
    if spec is None or spec.origin is None:
        fix = f"create {module_name.rpartition('.')[2]}.py beside it, or take the name out of {LIST}"
        raise SettingsError(name, [Problem("the file", "exist", None, fix=fix, where=listed.where)])
    file, attribute = Path(spec.origin), _attribute(name)
    with collect_problems() as kept:
        defined, error = _defined(attribute, module_name)
    # What nothing refers to is told as well: it was meant to be used.
    problems = [*_distinct_problems([defined, *reversed(kept)]), *repeated_key_problems(file)]
    where = assigned_at(attribute, file)
    match error, defined:
        case InvalidSettingError(), _ if problems:
            pass  # the file itself reads a setting that is bad, which is among them
        case BaseException(), _:
            problems.append(python_problem(error, file))
        case _, Environment() if problems:
            pass
        case _, Environment(name=called) if called != name:
            problems.append(Problem("name", f"be {name!r}, as the file is called", repr(called), where=where))
        case _, Environment():
            return defined
        case _:
            got = "nothing" if defined is NOTHING else format_value(defined)
            near = [other for other in vars(sys.modules[module_name]) if other.upper() == attribute != other]
            fix = f"write {near[0]} in capitals" if near else f"define {attribute} = Environment(…) in this file"
            problems.append(Problem(attribute, "be an Environment", got, fix=fix, where=where))
    raise SettingsError(name, sorted(problems, key=_place))


def _place(problem: Problem) -> tuple[str, int]:
    """Return file and line, to sort by: problems are read from the top of a file to its end."""
    file, _, line = (problem.where or ":0").rpartition(":")
    return file, int(line)


def _defined(attribute: str, module_name: str) -> tuple[object, BaseException | None]:
    """Return what a module defines by that name, or what it raises."""
    try:
        return getattr(importlib.import_module(module_name), attribute, NOTHING), None
    except (KeyboardInterrupt, BrokenCheckError):
        raise
    except BaseException as error:  # the file is the user's code: whatever it raises is theirs to fix
        return NOTHING, error


def _distinct_problems(kept: Iterable[object]) -> Iterator[Problem]:
    """Yield the problems of all that was kept, outer settings first; what they hold is not told a second time."""
    told: set[tuple[str, ...]] = set()
    for settings in kept:
        for problem in nested_problems(settings):
            steps = problem.path.split(".")
            ends = {".".join(steps[start:]) for start in range(len(steps) + 1)}
            seen = {(end, problem.rule, str(problem.got), str(problem.where)) for end in ends}
            if (problem.path, problem.rule, str(problem.got), str(problem.where)) not in told:
                yield problem
            told |= seen


def _module_name(name: str, package: str) -> str:
    return f"{package}.{name.replace('-', '_')}"


def _attribute(name: str) -> str:
    return name.upper().replace("-", "_")
