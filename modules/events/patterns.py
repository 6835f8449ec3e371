"""Patterns as EventBridge takes them: nested objects, at whose ends stand lists of what a field may be. Pure.

Source: "Event patterns" in the EventBridge user guide; PutRule in its API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from modules.canonical_json import exact_json
from modules.events.matching import (
    AnythingBut,
    EndOfText,
    EndsWith,
    EqualsIgnoreCase,
    InNetwork,
    IsNumber,
    IsThere,
    IsTrue,
    Match,
    MatchText,
    NoneOf,
    StartsWith,
    Wildcard,
)
from modules.problems import Problem, format_value
from modules.settings import Sequence, nested_problems

MOST_PATTERN_CHARACTERS = 4_096

FieldPath = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_:-]+(\.[A-Za-z0-9_:-]+)*$", max_length=512),
    Field(description="names joined by dots, e.g. body.kind"),
]
# One of these is enough.
Values = Annotated[Sequence[MatchText | Match], Field(min_length=1)]
Matches = dict[FieldPath, Values]


# Where several fields stand, one of which is enough.
EITHER = "$or"


def pattern_document(matches: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pattern that every field of ``matches`` is one of its values, texts or matches.

    Under EITHER there may be several such ``matches``, of which one is enough.
    """
    pattern: dict[str, Any] = {}
    for path, values in matches.items():
        if path == EITHER:
            pattern[EITHER] = [pattern_document(one) for one in values]
            continue
        *outer, last = path.split(".")
        level = pattern
        for name in outer:
            level = level.setdefault(name, {})
        level[last] = [match_document(value) if isinstance(value, Match) else value for value in values]
    return pattern


def match_document(match: Match) -> Any:
    """Return what a field must be, in EventBridge's words."""
    match match:
        case StartsWith():
            return {"prefix": _end(match)}
        case EndsWith():
            return {"suffix": _end(match)}
        case EqualsIgnoreCase():
            return {"equals-ignore-case": match.text}
        case AnythingBut():
            return {"anything-but": list(match.texts or match.numbers)}
        case Wildcard():
            return {"wildcard": match.pattern}
        case IsNumber():
            return {"numeric": [part for bound in match.bounds for part in bound]}
        case IsTrue():
            return match.value
        case IsThere():
            return {"exists": match.value}
        case InNetwork():
            return {"cidr": match.cidr_block}
        case NoneOf():
            [operator], told = match_document(match.matches[0]), list(map(match_document, match.matches))
            values = [document[operator] for document in told]
            return {"anything-but": {operator: values if len(values) > 1 else values[0]}}
    raise TypeError(f"{type(match).__name__} is nothing that EventBridge compares")


def _end(match: EndOfText) -> Any:
    return {"equals-ignore-case": match.text} if match.ignore_case else match.text


def escaped(text: str) -> str:
    """Return a text as part of a pattern with wildcards, none of which it has."""
    return text.replace("\\", "\\\\").replace("*", "\\*")


def pattern_text(matches: Mapping[str, Any]) -> str:
    """Return the pattern as JSON for Terraform."""
    return exact_json(pattern_document(matches))


def match_problems(path: str, matches: Mapping[str, Any], *, for_pipes: bool = False) -> Iterator[Problem]:
    """Yield what EventBridge would refuse of ``matches``."""
    inside = [(name, outer) for name in matches for outer in matches if name != outer and name.startswith(f"{outer}.")]
    for name, outer in inside:
        fix = f"leave out {outer}, or what is inside"
        yield Problem(f"{path}.{name}", f"not be inside {outer}, which is matched as a whole", repr(name), fix=fix)
    for name, values in matches.items():
        for index, value in enumerate(values):
            if for_pipes and isinstance(value, Match) and not value.for_pipes:
                reason = "EventBridge Pipes does not have it"
                yield Problem(f"{path}.{name}[{index}]", "be a match that pipes support", format_value(value), reason)
    if not inside:
        yield from size_problems(path, matches)


def size_problems(path: str, matches: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield that EventBridge takes no pattern that is so long."""
    if any(nested_problems(matches)):
        return  # what is itself refused, in its own place, may have no form as a pattern
    if (size := len(exact_json(pattern_document(matches)))) > MOST_PATTERN_CHARACTERS:
        rule = f"come to at most {MOST_PATTERN_CHARACTERS:,} characters as a pattern"
        yield Problem(path, rule, format_value(size), fix="match prefixes, or fewer fields")
