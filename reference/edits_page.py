"""docs/edits.md: what a user changes, and what happens to what is deployed, as the provider's plans say."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rehearsal.plan_reading import Change
from rehearsal.setting_up import Versions

# What is worst first.
ACTIONS = (
    "replaced, the old one first",
    "destroyed",
    "replaced, the new one first",
    "created",
    "updated in place",
)
HEADER = """# What an edit does

What a user changes in `stacks/environments/prod.py`, and what happens to what is deployed: not what anybody thinks, but
what Terraform plans over production as it was applied in a [rehearsal](rehearsals.md).
`python -m reference.rehearse_edits` writes this page, and with `--check` compares it, which it was last with
{versions}.

Behind a type: how many of it, and by which attributes.
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
    order = sorted(resources, key=lambda change: (ACTIONS.index(change.action), change.type, change.attributes))
    return "<br>".join(
        f"**{action}**: {', '.join(_grouped(group))}" for action, group in groupby(order, lambda change: change.action)
    )


def _grouped(changes: Iterable[Change]) -> Iterable[str]:
    for (type_, attributes), group in groupby(changes, lambda change: (change.type, change.attributes)):
        count = len(list(group))
        names = ", ".join(dict.fromkeys(re.sub(r"\.\d+", "", name) for name in attributes))
        yield f"`{type_}`" + (f" {count}x" if count > 1 else "") + (f" ({names})" if names else "")
