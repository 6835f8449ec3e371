"""What an environment makes of a thing that somebody else owns, beside what it makes of one of its own."""

import json
import re
from collections.abc import Mapping
from typing import Any

from cdktf import App

from stacks.base import PlatformStack
from stacks.environment import Environment
from stacks.platform import build_platform
from tests.conftest import Synthesized


def documents(environment: Environment, meant: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the Terraform of each stack, with each reference replaced by what it is ``meant`` to stand for."""
    app = App(stack_traces=False)
    build_platform(app, environment)
    found = {}
    for stack in app.node.children:
        if isinstance(stack, PlatformStack):
            text = json.dumps(Synthesized(stack).document)
            for pattern, what in meant.items():
                text = re.sub(pattern, what, text)
            found[stack.node.id] = json.loads(text)
    return found


def made_of(documents: Mapping[str, Mapping[str, Any]], of: str) -> list[str]:
    """Return the addresses of what is made of the thing whose ids begin so."""
    return [
        f"{type_}.{id_}"
        for document in documents.values()
        for type_, items in document.get("resource", {}).items()
        for id_ in items
        if id_.startswith(of)
    ]


def beside(documents: Mapping[str, Mapping[str, Any]], of: str) -> dict[str, Any]:
    """Return all that is there besides what ``made_of`` returns, by address, and the outputs."""
    found: dict[str, Any] = {}
    for stack, document in documents.items():
        found[f"{stack} outputs"] = document.get("output", {})
        for type_, items in document.get("resource", {}).items():
            for id_, resource in items.items():
                if id_.startswith(of):
                    continue
                needs = [item for item in resource.get("depends_on", ()) if f".{of}" not in item]
                found[f"{stack} {type_}.{id_}"] = resource | ({"depends_on": needs} if needs else {"depends_on": []})
    return found
