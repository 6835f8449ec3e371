"""``python -m reference``: write all that is generated from the code, and name what was not up to date."""

from pathlib import Path

from reference.docstrings import files_with_facts


def main() -> None:
    """Write each file whose text has changed."""
    for file, text in {**files_with_facts()}.items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(file.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
