"""What is inside Terraform's strings: text, and ``${…}`` with references to other things."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Of a resource, data source, local value, variable or module; not what follows a dot, which is an attribute.
REFERENCE = re.compile(r"(?<![\w.\"-])((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*)((?:\.[\w-]+|\[[^\]]*\])*)")
NOT_REFERENCES = frozenset({"terraform", "path", "each", "count", "self"})


def expressions(text: str) -> Iterator[str]:
    """Yield the expressions in a string of Terraform; ``$${`` begins none."""
    at = 0
    while (at := text.find("${", at)) >= 0:
        if at and text[at - 1] == "$":
            at += 2
            continue
        end = _end(text, at + 2)
        yield text[at + 2 : end]
        at = end


def _end(text: str, start: int) -> int:
    depth, quoted, at = 1, False, start
    while at < len(text):
        match text[at]:
            case "\\" if quoted:
                at += 1
            case '"':
                quoted = not quoted
            case "{" if not quoted:
                depth += 1
            case "}" if not quoted:
                depth -= 1
                if not depth:
                    return at
        at += 1
    return at


def references(text: str) -> Iterator[tuple[str, str]]:
    """Yield what the expressions of a string refer to, e.g. ``aws_sqs_queue.intake``, and what of it, e.g. ``.arn``."""
    for expression in expressions(text):
        bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', expression)
        for found in REFERENCE.finditer(bare):
            if found[1].partition(".")[0] not in NOT_REFERENCES:
                yield found[1], found[2]


def texts(value: Any) -> Iterator[str]:
    """Yield every string inside ``value``, keys too; no comments."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if key != "//":
                yield key
                yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def with_paths(text: str, paths: Mapping[str, str]) -> str:
    """Return a string with what it refers to as people know it: the path of a setting; variables stay."""
    for address, rest in references(text):
        if not address.startswith("var."):
            text = text.replace(f"${{{address}{rest}}}", paths.get(address) or address.removeprefix("local."))
    return text
