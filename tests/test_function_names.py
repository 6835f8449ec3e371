"""Names of functions: booleans ask a question, and what yields problems says so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "examples", "handover", "modules", "proofs", "reference", "rehearsal", "reporting", "stacks")
# is_enabled, has_tags, can_submit; or a verb that says what its one object does: covers, owns.
VERBS = (
    *("accepts", "allows", "concerns", "covers", "expires", "explains", "fits", "holds", "keeps", "lacks", "leads"),
    *("looks", "matches", "names", "needs", "opens", "outlives", "owns", "replaces", "scales", "shares", "stays"),
    *("submits", "takes", "uses"),
)
FORMS = {
    "bool": re.compile(rf"_*(is|has|can|cannot|{'|'.join(VERBS)})(_\w+)?|__\w+__"),
    "Iterator[Problem]": re.compile(r"_*(check(_\w+)?|(\w+_)?problems?(_\w+)?|rule|skip_if_invalid)"),
}
FORMS |= dict.fromkeys(("Iterable[Problem]", "list[Problem]"), FORMS["Iterator[Problem]"])


def misnamed(source: str) -> Iterator[str]:
    """Yield the functions whose names do not say what they return."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.returns:
            form = FORMS.get(ast.unparse(node.returns))
            if form and not form.fullmatch(node.name):
                yield node.name


@pytest.mark.parametrize("name", ["is_open", "_has_tags", "can_submit", "owns", "covers_all", "__bool__"])
def test_a_boolean_asks_a_question(name: str) -> None:
    assert list(misnamed(f"def {name}() -> bool: ...")) == []


@pytest.mark.parametrize("name", ["burstable", "may_submit", "_within", "island"])
def test_a_boolean_is_called_nothing_else(name: str) -> None:
    assert list(misnamed(f"def {name}() -> bool: ...")) == [name]


@pytest.mark.parametrize(("name", "found"), [("check_tags", []), ("_tag_problems", []), ("_is_placed", ["_is_placed"])])
def test_what_yields_problems_says_so(name: str, found: list[str]) -> None:
    assert list(misnamed(f"def {name}() -> Iterator[Problem]: ...")) == found


def test_every_function_is_called_after_what_it_returns() -> None:
    files = [ROOT / "main.py", *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))]
    wrong = {str(file.relative_to(ROOT)): list(misnamed(file.read_text("utf-8"))) for file in files}
    assert {file: names for file, names in wrong.items() if names} == {}
