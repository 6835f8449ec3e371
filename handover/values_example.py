"""``terraform.tfvars.example``: every variable with its default, to copy and change."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

NAME = "terraform.tfvars.example"
HEAD = "# Copied to terraform.tfvars and changed there; what is left out keeps its default."


def values_example(variables: Mapping[str, Any]) -> str:
    """Return the file for the ``variable`` blocks of a root module."""
    return "\n".join([HEAD, *(line for item in sorted(variables.items()) for line in _lines(*item))]) + "\n"


def _lines(name: str, block: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield from (f"# {line}" for line in str(block.get("description", "")).splitlines())
    yield from (f"# {rule['error_message']}" for rule in block.get("validation", ()))
    if block.get("sensitive"):
        yield f"# {name} = …; not in a file that others read: TF_VAR_{name} in the environment sets it, too"
    elif "default" in block:
        yield f"{name} = {json.dumps(block['default'], ensure_ascii=False)}"
    else:
        yield f"# {name} = (no default)"
