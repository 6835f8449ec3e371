"""What reads a setting by its name ends in an error where there is no such setting, and in no silent default."""

import ast
from collections.abc import Iterator
from pathlib import Path

# What is no setting: what settings keep of themselves, and what pydantic knows of a type.
KEPT = {
    "modules/settings.py": {"problems", "variables"},
    "modules/problems.py": {"pattern", "refused", "abstract"},
    "modules/limits.py": {"pattern"},
}


def defaulted(source: str) -> Iterator[str]:
    """Yield each name in ``getattr(x, "name", default)`` and in ``x.__dict__.get("name")``."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), _]):
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="__dict__"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name


def test_no_name_is_read_with_a_default() -> None:
    sample = 'getattr(a, "b", 0) + c.__dict__.get("d") + e.__dict__.get("f", ()) + getattr(g, "h") + i.get("j")'
    assert {*defaulted(sample)} == {"b", "d", "f"}
    for file in [*Path("modules").rglob("*.py"), *Path("stacks").rglob("*.py")]:
        names = {name for name in defaulted(file.read_text(encoding="utf-8")) if "__" not in name}
        assert names - KEPT.get(str(file), set()) == set(), file
