"""Every settings class there is, so that a page covers those which are added without being told."""

from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract
from pathlib import Path

from modules.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def _import_all() -> None:
    """Import every file that makes settings classes: some are named by no field, only their base is."""
    for folder in ("modules", "stacks"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "\nfrom modules.settings import" in file.read_text(encoding="utf-8"):
                import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


_import_all()


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
