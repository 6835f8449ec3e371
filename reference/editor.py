"""``python -m reference.editor``: hold what an editor shows over each setting of the environments and examples.

An editor must show the type, the description and the facts. It is asked over every keyword argument of every settings
class, so that a class whose arguments it does not understand, or a docstring it does not find, fails.
"""

import ast
import html
import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modules.settings import Settings
from modules.source import documented
from modules.variables import TerraformVariable
from reference.language_server import LanguageServer, language_server

FOLDERS = ("stacks/environments", "stacks/environments/shared", "examples/environments", "examples/seeds")


@dataclass(frozen=True)
class Argument:
    """A setting that is given in a file: of which class, and where, counted from 1 as editors do."""

    kind: type[Settings]
    name: str
    line: int
    column: int


def arguments(file: Path, module: str) -> Iterator[Argument]:
    """Yield all settings that are given in ``file``, which is imported as ``module``."""
    names = vars(importlib.import_module(module))
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=called), keywords=keywords):
                kind = names.get(called)
                # To type checkers, a variable is a function that returns the value it stands for.
                if isinstance(kind, type) and issubclass(kind, Settings) and kind is not TerraformVariable:
                    for keyword in keywords:
                        if keyword.arg:
                            yield Argument(kind, keyword.arg, keyword.lineno, keyword.col_offset + 1)


def is_shown(argument: Argument, hover: str) -> bool:
    """Return whether ``hover`` has the type of a setting, and its description with the facts."""
    typed = re.search(rf"^\(variable\) {argument.name}: (?!Unknown)\S", hover, re.MULTILINE)
    # Markdown escapes what it would take for formatting, and editors break and indent lines as they like.
    said = " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", html.unescape(hover)).split())
    return bool(typed) and documented(argument.kind, argument.name) in said


def shown(server: LanguageServer, root: Path) -> Iterator[tuple[str, bool]]:
    """Yield what an editor shows over each setting, after its place, and whether that is what it should."""
    for folder in FOLDERS:
        for file in sorted((root / folder).glob("[!_]*.py")):
            server.open(file)
            for argument in arguments(file, f"{folder.replace('/', '.')}.{file.stem}"):
                hover = server.hover(file, argument.line - 1, argument.column - 1)
                place = f"{file.relative_to(root)}:{argument.line}: {argument.name}"
                yield f"{place} shows {hover!r}", is_shown(argument, hover)


def main() -> int:
    """Print what is not shown as it should be; return 1 if there is any."""
    with language_server(Path.cwd()) as server:
        found = list(shown(server, Path.cwd()))
    wrong = [text for text, right in found if not right]
    print(*wrong, f"an editor describes {len(found) - len(wrong):,} of {len(found):,} settings", sep="\n")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
