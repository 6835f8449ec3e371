"""The docstrings below settings, with the facts of each in brackets at its end: what an editor shows over a setting.

Only their source is rewritten, so that a page, a message and an editor all read the one description.
"""

import ast
import re
import sys
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from modules.facts import facts
from modules.settings import Settings
from modules.source import GENERATED
from reference.classes import settings_classes

WIDTH = 120


def files_with_facts() -> dict[Path, str]:
    """Return what each file with settings should say, by its path."""
    kinds: dict[Path, list[type[Settings]]] = {}
    for kind in settings_classes():
        kinds.setdefault(Path(sys.modules[kind.__module__].__file__ or ""), []).append(kind)
    return {file: with_facts(file.read_text(encoding="utf-8"), kinds[file]) for file in sorted(kinds)}


def with_facts(source: str, kinds: list[type[Settings]]) -> str:
    """Return ``source``, which defines ``kinds``, with the facts of each setting in its docstring."""
    lines = source.splitlines()
    by_name = {kind.__qualname__: kind for kind in kinds}
    for kind, name, node in sorted(_docstrings(ast.parse(source), by_name), key=lambda item: -item[2].lineno):
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno]).strip()
        lines[node.lineno - 1 : node.end_lineno] = _documented(text, facts(kind.model_fields[name]), node.col_offset)
    return "\n".join(lines) + "\n"


def _docstrings(tree: ast.Module, kinds: dict[str, type[Settings]]) -> Iterator[tuple[type[Settings], str, ast.Expr]]:
    for scope in tree.body:
        if isinstance(scope, ast.ClassDef) and (kind := kinds.get(scope.name)):
            for field, below in pairwise(scope.body):
                match field, below:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str())):
                        if name in kind.model_fields:
                            yield kind, name, below


def _documented(literal: str, known: str, indent: int) -> list[str]:
    """Return the lines of a docstring; ``literal`` is its source, whose escapes stay as they are."""
    opening, text = re.fullmatch(r'(r?""")(.*)"""', literal, re.DOTALL).groups()  # type: ignore[union-attr]
    words = f'{opening}{GENERATED.sub("", " ".join(text.split()))} [{known}]"""'
    wrapped = textwrap.wrap(words, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return [" " * indent + line for line in wrapped]
