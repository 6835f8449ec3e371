"""What stands where in a Python file that a user wrote."""

import ast
import linecache
import re
from collections.abc import Iterator
from pathlib import Path

from modules.problems import Problem
from modules.source import place


def assigned_at(name: str | None, file: Path) -> str:
    """Return ``file:line`` of where ``name`` is assigned last; of the first line, where it is not."""
    lines = list(enumerate(linecache.getlines(str(file)), 1))
    return place(file, next((n for n, line in reversed(lines) if name and re.match(rf"{name}\s*[:=]", line)), 1))


def repeated_key_problems(file: Path) -> Iterator[Problem]:
    """Yield each key that a dict in ``file`` has twice: Python keeps the last and says nothing of the others."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):  # which importing the file has told
        return
    for node in ast.walk(tree):
        keys = [key for key in node.keys if isinstance(key, ast.Constant)] if isinstance(node, ast.Dict) else []
        values = [key.value for key in keys]
        for index, key in enumerate(keys):
            if key.value in values[:index]:
                where = place(file, key.lineno)
                yield Problem(
                    "a dict",
                    "have each key once",
                    f"{key.value!r} again",
                    "Python keeps only the last entry",
                    where=where,
                )
