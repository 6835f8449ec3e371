"""All texts inside a value: in settings, maps, sequences."""

from collections.abc import Iterator, Mapping
from typing import Any

from modules.settings import Settings


def texts_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each text inside ``value`` that is no name, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Settings):
        for name in type(value).model_fields:
            yield from texts_in(value.__dict__.get(name), f"{path}.{name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, f"{path}.{key}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts_in(item, f"{path}[{index}]")
