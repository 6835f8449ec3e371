"""What Python itself finds wrong with a file that a user wrote, in the words of ``Problem``."""

import builtins
import re
import sys
import traceback
from pathlib import Path

from modules.problems import Problem, nearest
from modules.source import place

# The words of a ValueError until Python 3.11.3, and of a SyntaxError since.
NUL_FOUND = "source code string cannot contain null bytes"


def python_problem(error: BaseException, file: Path) -> Problem:
    """Return what importing ``file`` raised, placed at the user's own line: in that file or in one beside it."""
    if problem := _syntax_problem(error, file):
        return problem
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if file.parent in Path(frame.filename).parents]
    near = _meant(error)
    return Problem(
        "the file",
        "run without an error",
        f"{type(error).__name__}: {_message(error)}".removesuffix(": "),
        fix=f"did you mean {near}?" if near else (own[-1].line or "").strip() if own else "",
        where=place(own[-1].filename, own[-1].lineno) if own else place(file),
    )


def _syntax_problem(error: BaseException, file: Path) -> Problem | None:
    """Return the problem of a file that is no Python; None if the file runs, and raises the error itself."""
    match error:
        case SyntaxError(filename=str(filename)) if Path(filename).is_file():
            where = place(filename, error.lineno)
            return Problem("the file", "be valid Python", error.msg, fix=(error.text or "").strip(), where=where)
        case SyntaxError():
            return _nul_problem(file)
        case ValueError() if NUL_FOUND in _message(error):
            return _nul_problem(file)
    return None


def _nul_problem(file: Path) -> Problem | None:
    """Return the problem of the first NUL byte in ``file`` or in one beside it: Python names no file where it is."""
    for candidate in (file, *sorted(file.parent.glob("*.py"))):
        before, nul, _ = candidate.read_bytes().partition(b"\0")
        if nul:
            where = place(candidate, before.count(b"\n") + 1)
            return Problem(
                "the file",
                "be text in UTF-8",
                "a NUL byte",
                "text in UTF-16 has them",
                fix="save it as UTF-8",
                where=where,
            )
    return None


def _message(error: BaseException) -> str:
    try:
        return " ".join(re.sub(r" \(/.*\)$", "", str(error)).split())
    except Exception:  # an exception of the user's own that cannot be printed
        return ""


def _meant(error: BaseException) -> str | None:
    """Return the known name that a misspelt one most likely means; Python tells so only above a traceback."""
    match error:
        case NameError(name=str(name)):
            frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
            # Of Python's own names only what was written as in JSON, say: a file of values uses hardly any.
            own = {known for known in vars(builtins) if known.lower() == name.lower()}
            return nearest(name, {*frames[-1].f_globals, *own})
        case ImportError(msg=message) if found := re.match(r"cannot import name '(\w+)' from '([\w.]+)'", message):
            return nearest(found[1], vars(sys.modules[found[2]]))
        case AttributeError(name=str(name), obj=owner):
            return nearest(name, dir(owner))
    return None
