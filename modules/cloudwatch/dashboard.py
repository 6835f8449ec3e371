"""The body of a dashboard: rows of widgets on a grid of 24 columns, as plain data. No constructs.

Source: "Dashboard body structure and syntax" in the CloudWatch API reference.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modules.cloudwatch.metrics import Metric, Query

COLUMNS = 24


@dataclass(frozen=True)
class Line:
    """What a graph shows of one thing: the last of ``queries``, under a ``label``."""

    label: str
    queries: Sequence[Query]


@dataclass(frozen=True)
class Graph:
    """A graph of some lines; ``limits`` are values that it is good to know, by what they are."""

    title: str
    lines: Sequence[Line]
    limits: Mapping[str, float] = field(default_factory=dict)
    stacked: bool = False
    height: int = 6

    def widget(self, region: str) -> dict[str, Any]:
        """Return type and properties."""
        metrics = [item for number, line in enumerate(self.lines) for item in _metrics(f"m{number}", line)]
        properties: dict[str, Any] = {
            "metrics": metrics,
            "region": region,
            "stacked": self.stacked,
            "title": self.title,
            "view": "timeSeries",
            "yAxis": {"left": {"min": 0}},
        }
        if self.limits:
            limits = [{"label": label, "value": value} for label, value in sorted(self.limits.items())]
            properties["annotations"] = {"horizontal": limits}
        return {"type": "metric", "properties": properties}


@dataclass(frozen=True)
class Table:
    """What a query of Logs Insights answers over the time that the dashboard shows."""

    title: str
    log_group_name: str
    query: str
    height: int = 6

    def widget(self, region: str) -> dict[str, Any]:
        """Return type and properties."""
        query = f"SOURCE '{self.log_group_name}' | {self.query}"
        return {"type": "log", "properties": {"query": query, "region": region, "title": self.title, "view": "table"}}


@dataclass(frozen=True)
class States:
    """The states of alarms."""

    title: str
    alarm_arns: Sequence[str]
    height: int = 3

    def widget(self, region: str) -> dict[str, Any]:
        """Return type and properties."""
        del region
        return {"type": "alarm", "properties": {"alarms": list(self.alarm_arns), "title": self.title}}


Widget = Graph | Table | States


def dashboard_body(rows: Sequence[Sequence[Widget]], region: str) -> dict[str, Any]:
    """Return the body with the widgets of each row side by side, as wide as they can be; an empty row is left out."""
    return {"widgets": list(_placed(rows, region))}


def _placed(rows: Sequence[Sequence[Widget]], region: str) -> Iterator[dict[str, Any]]:
    y = 0
    for row in filter(None, rows):
        height = max(widget.height for widget in row)
        for number, widget in enumerate(row):
            x, end = (COLUMNS * at // len(row) for at in (number, number + 1))
            yield {"x": x, "y": y, "width": end - x, "height": height} | widget.widget(region)
        y += height


def _metrics(prefix: str, line: Line) -> Iterator[list[Any]]:
    ids = {query.id: f"{prefix}{query.id}" for query in line.queries}
    for query in line.queries:
        last = query is line.queries[-1]
        shown: dict[str, Any] = {"id": ids[query.id], "visible": last} | ({"label": line.label} if last else {})
        if isinstance(query, Metric):
            dimensions = [text for pair in sorted(query.dimensions.items()) for text in pair]
            yield [
                query.namespace,
                query.name,
                *dimensions,
                shown | {"period": query.period_seconds, "stat": query.stat},
            ]
        else:
            yield [shown | {"expression": _renamed(query.expression, ids)}]


def _renamed(expression: str, ids: Mapping[str, str]) -> str:
    """Return an expression with the ids that its metrics have beside those of other lines."""
    return re.sub(r"\b[a-z][a-z_0-9]*\b", lambda word: ids.get(word[0], word[0]), expression)
