"""What moto forgets of AWS, added as AWS's own API describes it, in a file a service. Each addition has its test."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from botocore import xform_name
from moto.core.utils import get_service_model

# Gets what stands there, None where nothing does, and returns what is to stand there instead.
Addition = Callable[[Any], Any]
ADDITIONS: list[tuple[type, str, Addition]] = []


def adds(owner: type, *names: str) -> Callable[[Addition], Addition]:
    """Register an addition to the named methods or properties of one of moto's classes."""

    def register(addition: Addition) -> Addition:
        ADDITIONS.extend((owner, name, addition) for name in names)
        return addition

    return register


def install(replace: Callable[[type, str, Any], None] = setattr) -> None:
    """Make all additions: those of every file beside this one."""
    for file in iter_modules(__path__):
        import_module(f"{__name__}.{file.name}")
    for owner, name, addition in ADDITIONS:
        replace(owner, name, addition(getattr(owner, name, None)))


def remember(kept: Any, given: dict[str, Any], service: str, shape: str) -> None:
    """Keep what a request gave and moto did not, as far as AWS's API shows it of such a thing (``shape``)."""
    for name in get_service_model(service).shape_for(shape).members.keys() & given.keys():
        attribute = xform_name(name)
        own = {*kept.__dict__} - kept.__dict__.get("remembered", set())
        if not {name, attribute} & own and not isinstance(getattr(type(kept), attribute, None), property):
            setattr(kept, attribute, given[name])
            kept.__dict__.setdefault("remembered", set()).add(attribute)
