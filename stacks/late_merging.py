"""Several templates of one Terraform as one, which has the variables of all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stacks.late_text import EXPRESSION, UnexplainedError, Value, names_in, rendered_text, sum_of, written

# The variables that were tried together, and the template that came of it.
Template = tuple[Iterable[str], Any]
# From where to where in a text.
Span = tuple[int, int]


def merged(one: Any, templates: Sequence[Template], defaults: Mapping[str, Value], path: tuple[str, ...] = ()) -> Any:
    """Return a template with all variables of ``templates``, each of which gives ``one`` with ``defaults``.

    Raises UnexplainedError where a variable stands in some of its templates only, or two overlap.
    """
    if isinstance(one, dict):
        return {
            key: merged(item, [(tried, found[key]) for tried, found in templates], defaults, (*path, key))
            for key, item in one.items()
        }
    if isinstance(one, list):
        return [
            merged(item, [(tried, found[index]) for tried, found in templates], defaults, (*path, str(index)))
            for index, item in enumerate(one)
        ]
    if all(found == one for _, found in templates):
        return one
    return _merged_text(written(one), templates, defaults, path)


def _merged_text(one: str, templates: Sequence[Template], defaults: Mapping[str, Value], path: tuple[str, ...]) -> str:
    places: dict[str, set[Span]] = {}
    for tried, found in templates:
        spans = dict(_spans(found, defaults)) if isinstance(found, str) else {}
        for name in tried:
            own = {span for span, names in spans.items() if name in names}
            if places.setdefault(name, own) != own:
                raise UnexplainedError(path, [name])
    names_at: defaultdict[Span, list[str]] = defaultdict(list)
    for name in sorted(places):
        for span in places[name]:
            names_at[span].append(name)
    text, at = "", 0
    for (start, end), names in sorted(names_at.items()):
        if start < at:
            raise UnexplainedError(path, names)
        text += one[at:start] + _expression(one[start:end], names, defaults)
        at = end
    return text + one[at:]


def _spans(template: str, defaults: Mapping[str, Value]) -> Iterator[tuple[Span, list[str]]]:
    """Yield where in the text with the defaults each variable stands."""
    longer = 0  # by how much the template is, up to here
    for found in EXPRESSION.finditer(template):
        start = found.start() - longer
        end = start + len(rendered_text(found[0], defaults))
        longer = found.end() - end
        yield (start, end), names_in(found)


def _expression(default: str, names: Sequence[str], defaults: Mapping[str, Value]) -> str:
    """Return what gives a default with those of these variables: one of them, or their sum with a rest."""
    if len(names) == 1 and default == written(defaults[names[0]]):
        return f"${{var.{names[0]}}}"
    return sum_of(int(default), {name: int(defaults[name]) for name in names})
