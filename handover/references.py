"""Whether everything that a root module refers to is there: in itself, and in the outputs of those it reads."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handover.expressions import references, texts
from handover.platforms import STATE_ADDRESSES, Document, RootModule

# Of another root module's outputs.
READ = re.compile(r"^\.(?:outputs|nonsensitive_values)\.(\w[\w-]*)((?:\.[\w-]+|\[\d+\])*)$")


def dangling(modules: Iterable[RootModule]) -> Iterator[str]:
    """Yield what root modules of one environment refer to and is not there, each with the module it is missing in."""
    by_part = {module.part: module for module in modules}
    for module in by_part.values():
        there = declared(module.document)
        for text in texts({key: value for key, value in module.document.items() if key != "//"}):
            for name, rest in references(text):
                if name not in there:
                    yield f"{module.name}: {name} is not declared"
                elif name.startswith(STATE_ADDRESSES):
                    yield from _unwritten(module.name, by_part.get(name.rpartition(".")[2]), name, rest)
        for address in (*_depended_on(module.document), *_addresses(module.document, "to")):
            if address not in there:
                yield f"{module.name}: {address} is not declared"
        for address in _addresses(module.document, "from"):
            if address in there:
                yield f"{module.name}: {address} is declared, though it is said to have moved or gone"


def declared(document: Document) -> frozenset[str]:
    """Return what expressions of a root module may refer to."""
    names = {f"{type_}.{name}" for type_, items in document.get("resource", {}).items() for name in items}
    names |= {f"data.{type_}.{name}" for type_, items in document.get("data", {}).items() for name in items}
    for kind, prefix in (("locals", "local"), ("variable", "var"), ("module", "module")):
        names |= {f"{prefix}.{name}" for name in document.get(kind, {})}
    return frozenset(names)


def _unwritten(reader: str, writer: RootModule | None, name: str, rest: str) -> Iterator[str]:
    found = READ.match(rest)
    if writer is None or found is None:
        yield f"{reader}: {name}{rest} is no output of a root module that is here"
        return
    value: Any = writer.document.get("output", {}).get(found[1], {}).get("value")
    for step in re.findall(r"[\w-]+", found[2]):
        value = _step(value, step)
    if value is None:
        yield f"{reader}: {writer.name} has no output {found[1]}{found[2]}"


def _step(value: Any, step: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    # What is inside a reference only Terraform knows.
    return value if isinstance(value, str) and "${" in value else None


def _depended_on(document: Document) -> Iterator[str]:
    for kind in ("resource", "data"):
        for items in document.get(kind, {}).values():
            for block in items.values():
                yield from block.get("depends_on", ())


def _addresses(document: Document, end: str) -> Iterator[str]:
    """Yield what is moved or taken over to an address, or goes from one."""
    for kind in ("moved", "import", "removed"):
        # Of what is inside of a module, the module is there.
        yield from (".".join(block[end].split(".")[:2]) for block in document.get(kind, ()) if end in block)
