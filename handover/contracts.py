"""What a root module reads of the outputs of others: each path, and all of them as a type that Terraform checks."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

from handover.platforms import STATES, Document
from handover.versions_file import IDENTIFIER

OUTPUTS = rf"data\.(?:{'|'.join(STATES)})\.(?P<part>[\w-]+)\.(?:outputs|nonsensitive_values)"
INSIDE = r"(?:\.[\w-]+|\[\d+\])"
READ = re.compile(rf"{OUTPUTS}(?P<path>{INSIDE}*)")
# A text inside of an output. A state without it stops Terraform, since the output itself is no text.
TEXT = re.compile(rf"try\((?P<whole>{OUTPUTS}\.[\w-]+)(?P<path>{INSIDE}+), (?P=whole)\)")
Steps = tuple[str, ...]  # that lead to what is read, and its type


def contracts(document: Document) -> dict[str, set[Steps]]:
    """Return what is read of each part."""
    text = json.dumps(document)
    found: dict[str, set[Steps]] = {}
    for read in TEXT.finditer(text):
        output = read["whole"].rpartition(".")[2]
        found.setdefault(read["part"], set()).add((output, *_steps(read["path"]), "string"))
    for read in READ.finditer(TEXT.sub("", text)):
        found.setdefault(read["part"], set()).add((*_steps(read["path"]), "any"))
    return found


def with_variables(document: Document, name: Callable[[str], str]) -> dict[str, Any]:
    """Return a root module that has what it reads from variables, ``name`` of each part."""

    def of_text(read: re.Match[str]) -> str:
        return f"var.{name(read['part'])}.{read['whole'].rpartition('.')[2]}{read['path']}"

    text = TEXT.sub(of_text, json.dumps(document))
    return dict(json.loads(READ.sub(lambda read: f"var.{name(read['part'])}{read['path']}", text)))


def as_type(paths: Collection[Steps]) -> str:
    """Return the type of what has these paths."""
    if ends := {path[0] for path in paths if len(path) == 1}:
        return "string" if ends == {"string"} == {path[0] for path in paths} else "any"
    steps = sorted({path[0] for path in paths})
    inside = {step: as_type([path[1:] for path in paths if path[0] == step]) for step in steps}
    if steps and all(step.startswith("[") for step in steps):
        return f"list({as_type([path[1:] for path in paths])})"
    if not all(map(IDENTIFIER.fullmatch, steps)):
        return "any"
    return f"object({{{', '.join(f'{step} = {type_}' for step, type_ in inside.items())}}})"


def as_text(path: Steps) -> str:
    """Return a path as expressions have it, from the name of what it leads into."""
    first, *rest = path[:-1]
    return first + "".join(step if step.startswith("[") else f".{step}" for step in rest)


def _steps(path: str) -> list[str]:
    return re.findall(r"[\w-]+|\[\d+\]", path)
