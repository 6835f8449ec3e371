"""Rewrite the table of AWS's actions.

    make actions

From the Service Authorization Reference as parliament ships it, a test dependency.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modules.iam.actions import COMMENT, TABLE


def main() -> None:
    """Write the table and say how many services it has."""
    lines = sorted(table_lines(parliament_definitions()))
    today = datetime.now(UTC).date()
    source = f"Service Authorization Reference as parliament {version('parliament')} has it"
    heading = f"{COMMENT} {source}, refreshed {today}"
    TABLE.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    print(f"{len(lines)} services in {TABLE.name}")


def parliament_definitions() -> list[Mapping[str, Any]]:
    """Return parliament's copy, a mapping a service."""
    spec = find_spec("parliament")
    if spec is None or spec.origin is None:
        sys.exit("parliament is not installed; it is one of requirements-dev.txt")
    text = Path(spec.origin).with_name("iam_definition.json").read_text(encoding="utf-8")
    definitions: list[Mapping[str, Any]] = json.loads(text)
    return definitions


def table_lines(definitions: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the line of each service; one prefix may be described on several pages of the reference."""
    takes: dict[str, dict[str, bool]] = {}
    for service in definitions:
        actions = takes.setdefault(service["prefix"], {})
        for action in service["privileges"]:
            on_resource = any(kind["resource_type"] for kind in action["resource_types"])
            actions[action["privilege"]] = actions.get(action["privilege"], False) or on_resource
    for prefix, actions in takes.items():
        on_resources, on_none = (
            sorted(name for name, takes_one in actions.items() if takes_one is kind) for kind in (True, False)
        )
        yield " ".join([prefix, *on_resources, *(["*", *on_none] if on_none else ())])


if __name__ == "__main__":
    main()
