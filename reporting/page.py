"""The page of one environment: all that it shows, put into its templates, which hold its style and its script."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup

from handover.pictures.drawing import graphs
from handover.pictures.svg import described, svg
from handover.platforms import Platform
from reporting.bounds import bounds, drivers
from reporting.changes import Changes
from reporting.entries import Group, groups
from reporting.findings import Findings
from reporting.making import holders, made_by, setting_path
from reporting.markup import Linker, anchor, breakable
from reporting.side_by_side import differences
from stacks.environment_settings import EnvironmentSettings
from stacks.quotas import quota_notes

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Picture:
    """A drawing as an image that needs no other file, and what it shows in words."""

    title: str
    source: str
    words: str


@dataclass(frozen=True)
class Report:
    """What the page of an environment is made from; ``environments`` are those it is compared with, itself included."""

    environment: EnvironmentSettings
    platform: Platform
    environments: Sequence[EnvironmentSettings]
    findings: Findings = field(default_factory=Findings)
    changes: Changes | None = None


def page(report: Report) -> str:
    """Return the page as HTML."""
    templates = Templates(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    settings = groups(report.environment)
    linker = Linker(_paths(settings))
    templates.filters.update(anchor=anchor, breakable=breakable, link=linker.link, prose=linker.prose)
    style, script = (Markup((TEMPLATES / name).read_text(encoding="utf-8")) for name in ("page.css", "page.js"))
    return templates.get_template("page.html").render(
        style=style, script=script, policy=_policy(style, script), **_content(report, settings)
    )


def _content(report: Report, settings: Sequence[Group]) -> Mapping[str, Any]:
    entries = [entry.path for group in settings for entry in group.entries]
    drawings = pictures(report.platform)
    return {
        "environment": report.environment,
        "platform": report.platform,
        "groups": settings,
        "picture": drawings.pop("platform", None),
        "pipelines": {setting_path(name): picture for name, picture in drawings.items()},
        "made": made_by(report.platform, entries),
        "holders": list(holders(report.platform, entries)),
        "names": [environment.name for environment in report.environments],
        "differences": list(differences([groups(environment) for environment in report.environments])),
        "bounds": bounds(report.environment, report.platform),
        "drivers": drivers(report.platform),
        "quota_notes": list(quota_notes(report.environment)),
        "findings": report.findings,
        "changes": report.changes,
    }


def pictures(platform: Platform) -> dict[str, Picture]:
    """Return the drawings of a platform and of its pipelines, by name."""
    return {
        name: Picture(graph.title, _embedded(svg(graph)), described(graph)) for name, graph in graphs(platform).items()
    }


def _embedded(drawing: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def _policy(style: str, script: str) -> str:
    """Return what a browser may do with the page: show it, and run its own script; it asks no one for anything."""
    allowed = {"style": style, "script": script}
    hashes = {name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in allowed.items()}
    own = "; ".join(f"{name}-src 'sha256-{value}'" for name, value in hashes.items())
    return f"default-src 'none'; img-src data:; {own}; base-uri 'none'; form-action 'none'"


def _paths(settings: Sequence[Group]) -> set[str]:
    found = {group.name for group in settings}
    for group in settings:
        for entry in group.entries:
            found |= {entry.path, *(row.path for row in entry.rows)}
    return found
