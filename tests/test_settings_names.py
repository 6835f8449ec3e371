"""A settings class that can be made ends in ``Settings`` just where something else has its name without it."""

import ast

from reference.classes import concrete_settings
from tests.processes import PROJECT
from tests.sources import nodes


def constructs() -> set[str]:
    """Return the names of all classes of the modules that are no settings: constructs, mostly."""
    files = (file for file in (PROJECT / "modules").rglob("*.py") if "settings" not in str(file.relative_to(PROJECT)))
    return {node.name for file in files for node in nodes(file) if isinstance(node, ast.ClassDef)}


def test_the_suffix_tells_settings_from_their_construct_and_nothing_else_has_it() -> None:
    taken = constructs()
    for kind in concrete_settings():
        names = [base.__name__.removesuffix("Settings") for base in kind.__mro__]
        if kind.__name__.endswith("Settings"):
            assert taken & set(names), f"{kind.__name__} could do without the suffix"
    assert [name for name in taken if name.endswith("Settings")] == []
