"""Values of settings as a page shows them: as they are typed, with what a unit makes of a number beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.printable import printable
from modules.settings import Settings

SECONDS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))
BYTES = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


@dataclass(frozen=True)
class Part:
    """A piece of a value: its text, and the path of what it refers to.

    ``label`` leads it, as the key of a map does; ``is_class``: it is the class of settings that have rows of their own.
    """

    text: str
    target: str = ""
    label: str = ""
    is_class: bool = False


def parts(value: Any, path: str, references: Mapping[str, str]) -> Iterator[Part]:
    """Yield the pieces of a value without settings inside: one of each item of a list or a map."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield Part(_text(item), references.get(f"{path}.{key}", ""), str(key))
    elif isinstance(value, list | tuple):
        yield from (Part(_text(item), references.get(f"{path}[{index}]", "")) for index, item in enumerate(value))
    elif value is not None:
        yield Part(_text(value), references.get(path, ""))


def plain(made: tuple[Part, ...]) -> str:
    """Return a value as one line of text, which is the same only where the value is."""
    return ", ".join(f"{part.label} = {part.text}" if part.label else part.text for part in made)


def in_words(name: str, value: Any) -> str:
    """Return what a number is in a larger unit, by the end of its setting's name: ``4 days``; else nothing."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    scale = SECONDS if name.endswith("_seconds") else BYTES if name.endswith("_bytes") else ()
    for size, unit in scale:
        if value >= size and value % size == 0:
            count = value // size
            return f"{count:,} {unit}{'s' if count != 1 and scale is SECONDS else ''}"
    return ""


def holds_settings(value: Any) -> bool:
    """Return whether there are settings in a value, however deep."""
    if isinstance(value, Mapping):
        return any(map(holds_settings, value.values()))
    return isinstance(value, Settings) or (isinstance(value, list | tuple) and any(map(holds_settings, value)))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return printable(value, len(value)) or '""'
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return f"{{{plain(tuple(parts(value, '', {})))}}}"
    return f"[{plain(tuple(parts(value, '', {})))}]" if isinstance(value, list | tuple) else str(value)
