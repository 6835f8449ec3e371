"""``python -m reference``: write all that is generated from the code, and name what was not up to date."""

from pathlib import Path

from reference.docstrings import files_with_facts
from reference.settings_page import settings_page

ROOT = Path(__file__).resolve().parents[1]


def generated() -> dict[Path, str]:
    """Return what each generated file should say, by its path."""
    return {**files_with_facts(), ROOT / "docs/settings.md": settings_page()}


def main() -> None:
    """Write each file whose text has changed."""
    for file, text in generated().items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
