"""No test makes a resource with a dict where the provider has a block: jsii would drop what it does not know of it."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jsii._runtime import JSIIMeta

_make = JSIIMeta.__call__


def refuse_dicts() -> None:
    """Raise a TypeError from now on where a resource is made with a dict in place of a block."""
    JSIIMeta.__call__ = _make_of_typed_blocks  # type: ignore[method-assign]


def _make_of_typed_blocks(cls: Any, *args: Any, **arguments: Any) -> Any:
    for name, value in arguments.items():
        found = list(_dicts(name, value, is_block=isinstance(value, Mapping) and _is_block(cls, name)))
        if found:
            raise TypeError(f"{cls.__name__} takes a typed block for {found[0]}, not a dict")
    return _make(cls, *args, **arguments)


def _dicts(path: str, value: Any, *, is_block: bool = False) -> Iterator[str]:
    """Yield where in ``value`` a dict stands for a block. No list of the provider has maps, so each in one does."""
    if isinstance(value, Mapping):
        if is_block:
            yield path
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, item in enumerate(value):
            yield from _dicts(f"{path}[{index}]", item, is_block=True)
    else:
        for name, item in getattr(value, "_values", {}).items():
            yield from _dicts(f"{path}.{name}", item)


@cache
def _is_block(cls: type, name: str) -> bool:
    parameter = inspect.signature(cls.__init__).parameters.get(name)  # type: ignore[misc]
    return parameter is not None and "Dict[" in str(parameter.annotation)
