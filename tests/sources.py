"""The Python of the checkout, parsed once for the whole run: many tests look at all of it."""

import ast
from functools import cache
from pathlib import Path


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Return all that stands in a file, the module first."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
