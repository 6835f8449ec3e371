"""``python -m reference``: write all that is generated from the code, and name what was not up to date."""

from pathlib import Path

from reference.blocks import blocks
from reference.docstrings import files_with_facts
from reference.operations_page import operations_page
from reference.pictures import pictures
from reference.runbook_page import runbook_page
from reference.settings_page import settings_page

ROOT = Path(__file__).resolve().parents[1]


def generated() -> dict[Path, str]:
    """Return what each generated file should say, by its path."""
    pages = {"settings": settings_page(), "operations": operations_page(), "runbook": runbook_page()}
    table = {ROOT / "handover/blocks.json": blocks()}
    return {**files_with_facts(), **table, **{ROOT / f"docs/{name}.md": text for name, text in pages.items()}}


def main() -> None:
    """Write each file whose text has changed."""
    for file, text in {**generated(), **pictures(ROOT / "docs/pictures")}.items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
