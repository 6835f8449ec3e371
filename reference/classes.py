"""Every settings class there is, so that a page covers those which are added without being told."""

from collections.abc import Iterator
from inspect import isabstract

import stacks.environment
import stacks.environment_list  # noqa: F401  what its file lists is a setting as well
from modules.settings import Settings


def settings_classes(base: type[Settings] = Settings) -> Iterator[type[Settings]]:
    """Yield every settings class of this project below ``base``, abstract ones included; each once."""
    seen: set[type[Settings]] = set()
    rest = [base]
    while rest:
        for kind in rest.pop().__subclasses__():
            if kind not in seen and not kind.__module__.startswith("tests."):
                seen.add(kind)
                rest.append(kind)
                yield kind


def can_be_made(settings: type[Settings]) -> bool:
    """Return whether there can be an object of this very class."""
    return not (settings.abstract or isabstract(settings))


def concrete_settings(base: type[Settings] = Settings) -> list[type[Settings]]:
    """Return the classes of ``base`` that can be made, itself included, in the order of their names."""
    kinds = {*settings_classes(base), *([] if base is Settings else [base])}
    return sorted(filter(can_be_made, kinds), key=lambda kind: kind.__qualname__)
