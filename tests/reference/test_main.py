"""What is generated from the code is up to date, and is written where it is not."""

from pathlib import Path

import pytest

import reference.__main__ as reference


def test_what_is_generated_is_up_to_date() -> None:
    """``make docs`` writes it."""
    generated = reference.generated()

    assert reference.ROOT / "docs/settings.md" in generated
    assert reference.ROOT / "modules/sqs/settings.py" in generated
    assert [file for file, text in generated.items() if file.read_text(encoding="utf-8") != text] == []


def test_only_what_has_changed_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    same, other, new = (tmp_path / name for name in ("same", "other", "new"))
    same.write_text("a")
    other.write_text("a")
    before = same.stat().st_mtime_ns
    monkeypatch.setattr(reference, "ROOT", tmp_path)
    monkeypatch.setattr(reference, "generated", lambda: {same: "a", other: "b"})
    monkeypatch.setattr(reference, "pictures", lambda folder: {new: "c"})

    reference.main()

    assert same.stat().st_mtime_ns == before
    assert (other.read_text(), new.read_text()) == ("b", "c")
    assert capsys.readouterr().out == "other\nnew\n"
