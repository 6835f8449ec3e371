"""References by name, which settings mark with ``RefersTo``: what they name is there, however deep they stand."""

from collections.abc import Iterator

from modules.marked_values import marked_values
from modules.markers import RefersTo
from modules.problems import Problem, unknown_name
from modules.settings import Settings, skip_if_invalid


def check_references(environment: Settings) -> Iterator[Problem]:
    """Yield a problem for each name that is not in the map of the environment it refers to."""
    for path, name, marker in marked_values(environment, RefersTo):
        yield from skip_if_invalid(_reference_problem(environment, path, marker.kind, name))


def _reference_problem(environment: Settings, path: str, kind: str, name: str) -> Iterator[Problem]:
    known = getattr(environment, kind)
    if name not in known:
        yield unknown_name(path, name, known, kind)
