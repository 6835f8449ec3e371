"""A settings class that can be made ends in ``Settings`` just where something else has its name without it."""

import ast
from pathlib import Path

from reference.classes import concrete_settings


def constructs() -> set[str]:
    """Return the names of all classes of the modules that are no settings: constructs, mostly."""
    files = (file for file in Path("modules").rglob("*.py") if "settings" not in str(file))
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in files)
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def test_the_suffix_tells_settings_from_their_construct_and_nothing_else_has_it() -> None:
    taken = constructs()
    for kind in concrete_settings():
        names = [base.__name__.removesuffix("Settings") for base in kind.__mro__]
        if kind.__name__.endswith("Settings"):
            assert taken & set(names), f"{kind.__name__} could do without the suffix"
    assert [name for name in taken if name.endswith("Settings")] == []
