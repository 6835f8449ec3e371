"""Whether an event has a pattern, as somebody else tells: moto's matcher."""

import json
from typing import Any

from moto.events.models import EventPattern, EventPatternParser

from modules.events.patterns import pattern_text


def has(matches: dict[str, Any], event: dict[str, Any]) -> bool:
    """Return whether ``event`` has the pattern of ``matches``."""
    return text_fits(pattern_text(matches), event)


def text_fits(pattern: str, event: dict[str, Any]) -> bool:
    """Return whether ``event`` has a pattern, given as JSON."""
    return bool(EventPattern(pattern, EventPatternParser(pattern).parse()).matches_event(json.loads(json.dumps(event))))
