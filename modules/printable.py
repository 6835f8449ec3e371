"""Text as a terminal, a log and a reader can take it: on one line, without control characters, cut in its middle."""

from collections.abc import Mapping


def printable(text: str, most: int) -> str:
    """Return ``text`` with whatever a terminal would obey escaped, in hardly more than ``most`` characters."""
    if len(text) > most:
        half = most // 2
        text = f"{text[:half]} ... {text[-half:]}"
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def ordered_repr(value: object) -> str:
    """Return ``repr(value)``, sets in the order of their entries' texts: their own order differs from run to run."""
    if isinstance(value, set | frozenset) and value:
        entries = f"{{{', '.join(sorted(map(ordered_repr, value)))}}}"
        return entries if isinstance(value, set) else f"frozenset({entries})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{ordered_repr(key)}: {ordered_repr(item)}' for key, item in value.items())}}}"
    if type(value) is list:
        return f"[{', '.join(map(ordered_repr, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(ordered_repr, value))}{',' if len(value) == 1 else ''})"
    return repr(value)
