"""``terraform.tfvars.example``: every variable with its default, to copy and change."""

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

NAME = "terraform.tfvars.example"
HEAD = "# Copied to terraform.tfvars and changed there; what is left out keeps its default."


def values_example(variables: Mapping[str, Any], needed: Mapping[str, Iterable[str]] = MappingProxyType({})) -> str:
    """Return the file for the ``variable`` blocks of a root module; ``needed``: which keys must be in some of them."""
    lines = (line for name, block in sorted(variables.items()) for line in _lines(name, block, needed.get(name, ())))
    return "\n".join([HEAD, *lines]) + "\n"


def _lines(name: str, block: Mapping[str, Any], needed: Iterable[str]) -> Iterator[str]:
    yield ""
    yield from (f"# {line}" for line in str(block.get("description", "")).splitlines())
    yield from (f"# {rule['error_message']}" for rule in block.get("validation", ()))
    if block.get("sensitive"):
        yield f"# {name} = …; not in a file that others read: TF_VAR_{name} in the environment sets it, too"
    elif "default" in block:
        yield f"{name} = {json.dumps(block['default'], ensure_ascii=False)}"
    elif keys := ", ".join(f'{key} = "…"' for key in needed):
        yield f"# {name} = {{ {keys} }}"
    else:
        yield f"# {name} = (no default)"
