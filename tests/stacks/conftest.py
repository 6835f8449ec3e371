"""Environment files as a user writes them, in a package of their own."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Package = Callable[..., str]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Return a function that writes environment files, by name, and returns the name of the package they are in.

    The list has them all, unless it is written like a file, as ``__init__``.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def write(**files: str | bytes) -> str:
        folder = tmp_path / "doctored"
        folder.mkdir()
        names = tuple(name.replace("_", "-") for name in files)
        for name, content in ({"__init__": f"ENVIRONMENTS = {names!r}\n"} | files).items():
            if content:
                (folder / f"{name}.py").write_bytes(content.encode() if isinstance(content, str) else content)
        return "doctored"

    yield write
    for name in set(sys.modules) - before:
        if name.partition(".")[0] == "doctored":
            del sys.modules[name]
