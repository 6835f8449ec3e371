"""Values that are decided late: what stands for them in Terraform, and what is there with their defaults."""

import json
import re
from collections.abc import Mapping
from typing import Any

# One variable, or the sum of some and a rest.
LATE = r"\$\{(?:-?[0-9]+ \+ )?var\.\w+(?: \+ var\.\w+)*\}"
# Inside of a document in a text: what is no text itself stands there without quotes.
UNQUOTED = re.compile(rf"(?<=[:\[,])({LATE})(?=[,}}\]])")


def parsed(text: str) -> Any:
    """Return the document in a text, with texts for what is decided late. Raises ValueError where there is none."""
    return json.loads(UNQUOTED.sub(r'"\1"', text))


def with_defaults(value: Any, defaults: Mapping[str, Any]) -> Any:
    """Return a value with the defaults of variables in it."""
    if isinstance(value, Mapping):
        return {key: with_defaults(item, defaults) for key, item in value.items()}
    if isinstance(value, list):
        return [with_defaults(item, defaults) for item in value]
    if not isinstance(value, str) or "var." not in value:
        return value
    if re.fullmatch(LATE, value):
        return _default(value, defaults)
    return re.sub(rf"(?<!\$){LATE}", lambda found: _written(_default(found[0], defaults)), value)


def _default(expression: str, defaults: Mapping[str, Any]) -> Any:
    """Return what an expression is with defaults; itself where a variable has none."""
    terms = expression[2:-1].split(" + ")
    values = [defaults.get(term.removeprefix("var.")) if term.startswith("var.") else int(term) for term in terms]
    if None in values:
        return expression
    return values[0] if len(values) == 1 else sum(values)


def _written(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
