"""The list of environments, which the user writes: ``ENVIRONMENTS`` in ``stacks/environments/__init__.py``."""

import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from pydantic import Field

from modules.naming import ShortName
from modules.problems import Problem, SettingsError, nearest
from modules.settings import Sequence, Settings
from modules.source import place
from stacks.python_errors import python_problem
from stacks.source_files import assigned_at
from stacks.user_files import keep_asserts

LIST = "ENVIRONMENTS"


class EnvironmentNames(Settings):
    """What the file has to define."""

    ENVIRONMENTS: Sequence[ShortName] = Field(min_length=1)
    """names in quotes, e.g. ("dev",); the stacks of those that are not listed are removed [at least 1 item;
    required]"""

    def check_environment_names(self) -> Iterator[Problem]:
        """Check that no environment is there twice."""
        for index, name in enumerate(self.ENVIRONMENTS):
            if name in self.ENVIRONMENTS[:index]:
                yield Problem(f"{LIST}[{index}]", "be listed once", repr(name), fix="remove one of them")


@dataclass(frozen=True)
class EnvironmentList:
    """The list as far as it is well: its names in order, ``file:line`` of where it is, and what is wrong with it."""

    names: tuple[str, ...]
    where: str
    problems: tuple[Problem, ...]


def read_list(package: str) -> EnvironmentList:
    """Return the list of ``package``, whatever is in its file."""
    keep_asserts(package)
    spec = find_spec(package)
    file = Path(spec.origin if spec and spec.origin else f"{package.replace('.', '/')}/__init__.py")
    if not file.exists():
        return _refused(Problem("the file", "exist", None, fix=f'create it with {LIST} = ("dev",)', where=place(file)))
    try:
        names = vars(importlib.import_module(package))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # the file is the user's code: whatever it raises is theirs to fix
        return _refused(python_problem(error, file))
    if LIST not in names:
        near = {name.upper(): name for name in names}.get(nearest(LIST, map(str.upper, names)) or "")
        fix = f"did you mean it by {near}?" if near else f'list the environments: {LIST} = ("dev",)'
        return _refused(Problem(LIST, "be given", None, fix=fix, where=assigned_at(near, file)))
    where = assigned_at(LIST, file)
    problems = tuple(replace(problem, where=where) for problem in _problems(names[LIST]))
    return EnvironmentList(tuple(_good(names[LIST], {problem.path for problem in problems})), where, problems)


def unlisted(package: str) -> Iterator[str]:
    """Yield a line for each file beside the list that defines an environment which is not in it."""
    listed = read_list(package)
    for file in sorted(Path(sys.modules[package].__path__[0]).glob("[a-z]*.py")):
        name = file.stem.replace("_", "-")
        defined = re.search(rf"^{file.stem}\s*[:=]", file.read_text("utf-8", "replace"), re.IGNORECASE | re.MULTILINE)
        if defined and name not in listed.names:
            yield f"{place(file)[:-2]} is not checked and not written: {name!r} is not in {LIST} ({listed.where})"


def _refused(problem: Problem) -> EnvironmentList:
    return EnvironmentList((), problem.where or "", (problem,))


def _problems(value: object) -> tuple[Problem, ...]:
    try:
        EnvironmentNames(ENVIRONMENTS=value)  # type: ignore[arg-type]  # it is checked here
    except SettingsError as error:
        return error.problems
    return ()


def _good(value: object, bad: set[str]) -> Iterator[str]:
    """Yield the names that nothing is wrong with, each once, so that their files can be checked at the same time."""
    if isinstance(value, list | tuple):
        yield from dict.fromkeys(name for index, name in enumerate(value) if f"{LIST}[{index}]" not in bad)
