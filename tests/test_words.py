"""English as AWS's documentation has it: no word that has a plainer one there, in code, documentation or examples."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What is not written, and what is written in its place.
INSTEAD = {
    r"who(m?)ever": "anyone who, the team that, the principal that",
    r"for ever": "indefinitely",
    r"misfits?": "mismatch",
    r"mend(s|ed|ing)?": "fix, repair",
    r"reckon(s|ed|ing)?": "compute, estimate, take into account",
    r"dearer": "more expensive",
    r"another \w+( \w+)? than": "different from, other than",
    r"\w*rights(_\w+)?": "permissions",
    r"end_jobs": "terminate_jobs",
    r"marks_of_\w+": "tag_keys_of_others",
}
WORDS = re.compile("|".join(rf"\b(?:{word})\b" for word in INSTEAD), re.IGNORECASE)
# Not read: CHANGELOG.md, which says what a thing was called, this list, and what is generated from the code.
EXCEPT = {ROOT / "docs/messages.md", ROOT / "docs/settings.md", Path(__file__)}
FOLDERS = (
    *("benchmarks", "docs", "engine", "examples", "handover", "modules", "proofs", "reference", "rehearsal"),
    *("reporting", "scripts", "stacks", "tests"),
)
KINDS = {".py", ".md", ".html", ".yaml", ".yml", ".sh"}


def pages() -> Iterator[Path]:
    yield from (ROOT / name for name in ("main.py", "Makefile", "README.md", "CONTRIBUTING.md"))
    for folder in FOLDERS:
        yield from (file for file in sorted((ROOT / folder).rglob("*")) if file.suffix in KINDS)


def found(text: str) -> list[str]:
    return [match[0] for match in WORDS.finditer(text)]


@pytest.mark.parametrize("text", ["Whoever", "for ever", "another role\nthan", "changed-rights", "pipeline_rights"])
def test_a_word_is_found_in_prose_and_in_names(text: str) -> None:
    assert found(text.replace("\n", " ")) != []


@pytest.mark.parametrize("text", ["for every", "amend", "the right role", "for everything", "another role; more than"])
def test_a_word_that_only_looks_alike_is_not(text: str) -> None:
    assert found(text) == []


def test_none_of_the_words_is_written() -> None:
    written = [
        f"{page.relative_to(ROOT)}: {word}"
        for page in pages()
        if page not in EXCEPT
        for word in found(re.sub(r"\s+(# )?", " ", page.read_text("utf-8")))
    ]
    assert written == []
