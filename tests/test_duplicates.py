"""No two files of the product say the same ten lines in a row: what is the same stands once, and both use it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST = 9


def product_files() -> Iterator[Path]:
    yield ROOT / "main.py"
    for folder in (
        "benchmarks",
        "engine",
        "handover",
        "modules",
        "proofs",
        "reference",
        "rehearsal",
        "reporting",
        "stacks",
    ):
        yield from sorted((ROOT / folder).rglob("*.py"))


def telling_lines(source: str) -> list[tuple[int, str]]:
    """Return number and text of the lines that say something: no imports, no comments, no lone brackets."""
    imports = {
        number
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = ((number, line.strip()) for number, line in enumerate(source.splitlines(), start=1))
    return [
        (number, line)
        for number, line in lines
        if number not in imports and any(map(str.isalnum, line)) and line[0] != "#"
    ]


def repeated(sources: dict[str, str]) -> set[tuple[str, ...]]:
    """Return the files, each with a line, in which ``MOST`` + 1 lines in a row are the same."""
    places: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for name, source in sources.items():
        lines = telling_lines(source)
        for start in range(len(lines) - MOST):
            run = tuple(line for _, line in lines[start : start + MOST + 1])
            places[run].setdefault(name, lines[start][0])
    return {tuple(f"{name}:{line}" for name, line in files.items()) for files in places.values() if len(files) > 1}


def test_no_two_files_share_ten_lines_in_a_row() -> None:
    sources = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in product_files()}

    assert len(sources) > 100
    assert repeated(sources) == set()


def test_ten_lines_are_found_wherever_they_stand_and_nine_are_not() -> None:
    lines = [f"value_{number} = {number}" for number in range(10)]
    one = "import os\n\n" + "\n".join(lines)
    other = "first = 0\nif first:\n" + "\n\n".join(f"    {line}  " for line in lines)

    assert repeated({"a.py": one, "b.py": other}) == {("a.py:3", "b.py:3")}
    assert repeated({"a.py": one, "b.py": other.replace("value_4", "value")}) == set()
