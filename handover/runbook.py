"""The runbook of one environment: the alarms that it has, with the chapters about their kinds."""

import re
from collections.abc import Mapping

from handover.platforms import Platform, resources

NAME = "docs/runbook.md"  # where the texts of alarms say that it is
KIND = re.compile(rf"{re.escape(NAME)}#([\w-]+)")
HEAD = """\
# Runbook of {name}

What each alarm means, and what to do then. Capital letters in commands stand for names, ARNs and addresses, which
outputs have (see README.md). Queries are kept in Logs Insights.
"""


def alarms(platform: Platform) -> Mapping[str, list[str]]:
    """Return the names of alarms by their kind."""
    found: dict[str, list[str]] = {}
    for module in platform.modules:
        for _, _, block in resources(module.document, "aws_cloudwatch_metric_alarm"):
            if kind := KIND.search(block.get("alarm_description", "")):
                found.setdefault(kind[1], []).append(block["alarm_name"])
    return dict(sorted(found.items()))


def runbook(platform: Platform, chapters: str) -> str:
    """Return the page, of those chapters of the whole runbook that concern this environment; empty if none does."""
    found = alarms(platform)
    texts = [
        f"## {kind}\n\n**Alarms.** {', '.join(f'`{name}`' for name in found[kind])}.\n\n{text}"
        for kind, text in re.findall(r"(?ms)^## ([\w-]+)\n\n(.*?)(?=^## |\Z)", chapters)
        if kind in found
    ]
    return "\n".join([HEAD.format(name=platform.name), *(f"{text.rstrip()}\n" for text in texts)]) if texts else ""
