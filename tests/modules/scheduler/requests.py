"""Requests that EventBridge Scheduler is to make, as the API that it calls spells them."""

from typing import Any


def lowered(document: Any) -> Any:
    """Return a request with the keys of the API again, save those that are the user's."""
    if isinstance(document, dict):
        return {
            key[0].lower() + key[1:]: value if key in ("Parameters", "Tags") else lowered(value)
            for key, value in document.items()
        }
    return [lowered(item) for item in document] if isinstance(document, list) else document
