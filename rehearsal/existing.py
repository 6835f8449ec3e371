"""Find in stacks what they use and do not make: networks, capacity, listeners, functions and policies of others.

And what they take over.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rehearsal.stacks import Stack

# Those that the local AWS looks up; whatever else is only written into a document need not be there.
KINDS = (
    r"(?:vpc|subnet|sg|lt)-[0-9a-f]{8,17}",
    r"arn:[\w-]+:acm:[\w-]+:\d{12}:certificate/\S+",
    r"arn:[\w-]+:batch:[\w-]+:\d{12}:compute-environment/\S+",
    r"arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster/\S+",
    r"arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:listener/app/\S+",
    r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:\S+",
    r"arn:[\w-]+:iam::\d{12}:(?:policy|role|instance-profile)/\S+",
)
EXISTING = re.compile("|".join(KINDS))


def existing_things(stacks: Iterable[Stack]) -> list[tuple[str, str, str]]:
    """Return account, region and id of each thing that must be there, VPCs first and what lies in them after.

    What is taken over has its type before the id.
    """
    stacks = list(stacks)
    made = {
        resource["name"]
        for stack in stacks
        for type_ in ("aws_iam_role", "aws_ecs_cluster")
        for resource in stack.document.get("resource", {}).get(type_, {}).values()
    }
    found = {
        (stack.account_id, stack.region, text)
        for stack in stacks
        for text in _texts([stack.document.get(block, {}) for block in ("resource", "data", "variable")])
        if EXISTING.fullmatch(text) and text.rpartition("/")[2] not in made
    }
    found |= {
        (stack.account_id, stack.region, f"arn:aws:events:{stack.region}:{stack.account_id}:event-bus/{bus}")
        for stack in stacks
        for bus in _event_buses(stack)
    }
    found |= {
        (stack.account_id, stack.region, f"{block['to'].partition('.')[0]} {block['id']}")
        for stack in stacks
        for block in stack.document.get("import", [])
    }
    order = ("vpc-", "subnet-", "sg-", "lt-", "arn:", "aws_")
    return sorted(found, key=lambda thing: ([thing[2].startswith(kind) for kind in order].index(True), thing))


def _event_buses(stack: Stack) -> Iterator[str]:
    """Yield the names of the event buses that rules are on and that no stack makes."""
    for rule in stack.document.get("resource", {}).get("aws_cloudwatch_event_rule", {}).values():
        name = rule.get("event_bus_name", "default")
        if name != "default" and not name.startswith("${"):
            yield name


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(child)
