"""Metrics of CloudWatch and what is computed from them, as plain data. No constructs.

Source: "Using metric math" in the CloudWatch user guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# An alarm refers to no more, metrics and expressions together.
MAX_QUERIES = 10
PERIOD_SECONDS = 60


@dataclass(frozen=True)
class Metric:
    """A metric of CloudWatch under an id that expressions use; ``dimensions`` may hold tokens."""

    id: str
    namespace: str
    name: str
    dimensions: Mapping[str, str]
    stat: str = "Average"
    period_seconds: int = PERIOD_SECONDS


@dataclass(frozen=True)
class Expression:
    """A time series computed from those before it."""

    id: str
    expression: str


Query = Metric | Expression
