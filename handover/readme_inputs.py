"""What goes into a bundle, for its README: variables, and what its child modules take of each other."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handover.child_modules import own_variables, taken
from handover.contracts import Steps, as_text
from handover.platforms import RootModule
from handover.readme_sections import cell, code


def inputs(variables: Mapping[str, Mapping[str, Any]], where: str) -> Iterator[str]:
    """Yield every variable once: what sets it where, its type and default, and what Terraform accepts.

    ``variables``: those of each module; ``where``: what it is that is set there.
    """
    yield "## Inputs\n"
    blocks = {name: block for own in variables.values() for name, block in own.items()}
    rows = [
        f"| `{name}` | {', '.join(module for module, own in variables.items() if name in own)} | {_type(block)} "
        f"| {_default(block)} | {_rules(name, block)} | {cell(block.get('description', ''))} |\n"
        for name, block in sorted(blocks.items())
    ]
    if rows:
        yield f"| variable | {where} | type | default | must | what it is |\n|---|---|---|---|---|---|\n{''.join(rows)}"
    else:
        yield "None: everything was decided when this was written.\n"


def _type(block: Any) -> str:
    return cell(block.get("type", "any")) + (", sensitive" if block.get("sensitive") else "")


def _rules(name: str, block: Any) -> str:
    """Return what Terraform checks of a variable, in the words of its messages."""
    messages = (rule["error_message"].removesuffix(".") for rule in block.get("validation", ()))
    return cell(", ".join(f"`{message.removeprefix(f'{name} must ')}`" for message in messages))


def _default(block: Any) -> str:
    if block.get("sensitive"):
        return "(sensitive)"
    return f"`{json.dumps(block['default'])}`" if "default" in block else "required"


def handed_on(modules: Iterable[RootModule]) -> Iterator[str]:
    """Yield what each child module is given, and what it reads of that."""
    yield "## Modules\n"
    rows = []
    for module in modules:
        given = [(name, f"module.{part}", code(_reads(name, paths))) for name, part, paths in taken(module)]
        given += [(name, f"var.{name}", "see inputs") for name in sorted(own_variables(module))]
        rows += [f"| `{module.part}` | `{name}` | `{value}` | {read} |\n" for name, value, read in given]
        rows += [] if given else [f"| `{module.part}` | | | |\n"]
    yield f"| module | variable | value | what is read of it |\n|---|---|---|---|\n{''.join(rows)}"


def _reads(variable: str, paths: Iterable[Steps]) -> Iterator[str]:
    yield from (as_text((variable, *path)) for path in sorted(paths))
