"""docs/edits.md: what a user changes, and what happens to what is deployed, as the provider's plans say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from reference.handover_compared import NO_MORE
from rehearsal.plan_reading import Change
from rehearsal.setting_up import Versions

# What is worst first.
ACTIONS = (
    "replaced, the old one first",
    "destroyed",
    "replaced, the new one first",
    NO_MORE,
    "created",
    "forgotten",
    "updated in place",
)
HEADER = """# What an edit does

What a user changes in `stacks/environments/prod.py` and `shared/`, and what happens to what is deployed: not what
anybody thinks, but what Terraform plans over production as it was applied in a [rehearsal](rehearsals.md).
`make edits` writes this page, and `.ci/run` compares it, which it was last with {versions}.

Behind a type: how many of it, and by which attributes. What is forgotten stays, and Terraform no longer knows it.
"""


def edits_page(versions: Versions, results: Mapping[str, Sequence[Change]]) -> str:
    """Return the page; ``results`` has what each edit changes, by what it is for."""
    said = f"Terraform {versions.terraform} and AWS provider {versions.provider}"
    rows = [f"| {wish} | {_told(changes)} |" for wish, changes in results.items()]
    return "\n".join([HEADER.format(versions=said), "| edit | what happens |", "|---|---|", *rows, ""])


def rows_of(page: str) -> dict[str, str]:
    """Return what a page says of each edit."""
    return dict(re.findall(r"(?m)^\| (.+?) \| (.+) \|$", page.partition("|---|---|")[2]))


def versions_of(page: str) -> str:
    """Return the versions that a page was written with."""
    found = re.search(r"Terraform \S+ and AWS provider \S+(?=\.\n)", page)
    return found[0] if found else ""


def _told(changes: Iterable[Change]) -> str:
    resources = [change for change in changes if change.type != "output"]
    if not resources:
        return "nothing, but outputs" if any(True for _ in changes) else "nothing"
    order = sorted(resources, key=lambda change: (ACTIONS.index(change.action), change.type, _names(change)))
    return "<br>".join(
        f"**{action}**: {', '.join(_grouped(group))}" for action, group in groupby(order, lambda change: change.action)
    )


def _grouped(changes: Iterable[Change]) -> Iterable[str]:
    for (type_, names), group in groupby(changes, lambda change: (change.type, _names(change))):
        count = len(list(group))
        yield f"`{type_}`" + (f" {count}x" if count > 1 else "") + (f" ({names})" if names else "")


def _names(change: Change) -> str:
    """Return the attributes, without the numbers of list entries; tags with those of the provider are tags."""
    return ", ".join(dict.fromkeys(re.sub(r"\.\d+|_all$", "", name) for name in change.attributes))
