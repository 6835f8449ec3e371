"""What stands where in a Python file: places for messages, and the docstrings that describe settings."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

# The facts of a field at the end of its docstring; ``make docs`` writes them.
GENERATED = re.compile(r" ?\[[^\[\]]*\]$")
Place = tuple[str, int]  # file and line


def place(file: str | Path, line: int | None = None) -> str:
    """Return ``file:line``, the file relative to the working directory; without a line, the first."""
    path = Path(file)
    return f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}:{line or 1}"


def description(kind: type, name: str) -> str:
    """Return what the docstring below the field ``name`` says, of ``kind`` or the nearest class it extends; else "".

    Read from the source only when a message or a page needs it. What stands in brackets at its end is left out: that
    is generated from the field itself, for editors.
    """
    return GENERATED.sub("", documented(kind, name))


def documented(kind: type, name: str) -> str:
    """Return the whole docstring below the field ``name``, its lines joined; "" where there is none."""
    for base in kind.__mro__:
        if text := _field_docstrings(sys.modules[base.__module__].__dict__.get("__file__") or "").get(
            f"{base.__qualname__}.{name}"
        ):
            return text
    return ""


@cache
def _field_docstrings(file: str) -> Mapping[str, str]:
    """Return the docstrings of the fields of all classes in a file, by qualified name."""
    if not file.endswith(".py"):
        return {}
    return dict(_docstrings_in(_tree(file), ""))


def _docstrings_in(scope: ast.AST, prefix: str) -> Iterator[tuple[str, str]]:
    for node in ast.iter_child_nodes(scope):
        match node:
            case ast.ClassDef(name=name, body=body):
                for field, below in pairwise(body):
                    match field, below:
                        case ast.AnnAssign(target=ast.Name(id=called)), ast.Expr(value=ast.Constant(value=str(text))):
                            yield f"{prefix}{name}.{called}", " ".join(text.split())
                yield from _docstrings_in(node, f"{prefix}{name}.")
            case ast.FunctionDef(name=name):
                yield from _docstrings_in(node, f"{prefix}{name}.<locals>.")


def written_at(file: str, line: int, steps: Sequence[str]) -> int:
    """Return the line of the setting that ``steps`` lead to, from the call that begins at ``line``; else that line.

    ``steps`` are names of arguments, keys and positions: ``["queues", "requests", "delay_seconds"]``.
    """
    node: ast.expr | ast.keyword | None = _calls(file).get(line)
    for step in steps:
        if (node := _inside(node, step)) is None:
            break
        line = node.lineno
    return line


@cache
def _calls(file: str) -> Mapping[int, ast.Call]:
    """Return the calls in a file by the line they begin at; of several, the first with most arguments."""
    found: dict[int, ast.Call] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Call) and len(node.keywords) > len(found.setdefault(node.lineno, node).keywords):
            found[node.lineno] = node
    return found


def _inside(node: ast.expr | ast.keyword | None, step: str) -> ast.expr | ast.keyword | None:
    """Return what is written as argument, entry or item ``step`` of an expression."""
    match node:
        case ast.keyword(value=value):
            return _inside(value, step)
        case ast.Call(keywords=keywords):
            return next((keyword for keyword in keywords if keyword.arg == step), None)
        case ast.Dict(keys=keys, values=values):
            entries = zip(keys, values, strict=True)
            return next((value for key, value in entries if isinstance(key, ast.Constant) and key.value == step), None)
        case ast.List(elts=items) | ast.Tuple(elts=items) if step.isdigit() and int(step) < len(items):
            return items[int(step)]
    return None


@cache
def _tree(file: str) -> ast.AST:
    try:
        return ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):  # typed in, or generated
        return ast.Module([], [])
