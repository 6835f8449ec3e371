"""Requests as those APIs spell them that call others: with capitals at the start of each key. Pure.

Source: "Using universal targets" in the EventBridge Scheduler user guide; "Calling AWS service APIs" in that of Step
Functions.
"""

from collections.abc import Mapping
from typing import Any

# Members of requests whose keys are the user's own.
OWN_KEYS = ("parameters", "tags")


def pascal_case(document: Any) -> Any:
    """Return ``document``, a request in the API's own keys, with each key beginning with a capital."""
    if isinstance(document, Mapping):
        return {
            key[:1].upper() + key[1:]: value if key in OWN_KEYS and isinstance(value, Mapping) else pascal_case(value)
            for key, value in document.items()
        }
    return [pascal_case(item) for item in document] if isinstance(document, list | tuple) else document
