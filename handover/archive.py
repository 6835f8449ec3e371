"""A bundle as files, as a list of checksums, and as an archive: the same bytes each time."""

import gzip
import hashlib
import io
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKSUMS = "SHA256SUMS"


class OccupiedError(Exception):
    """The folder of a bundle has something else in it."""


def with_checksums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files with the list of their checksums, which ``sha256sum --check`` reads."""
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    return {**files, CHECKSUMS: "".join(lines).encode()}


def archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return a tar.gz with the files below ``folder``: no times, no owners."""
    written = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=written, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def require_ours(folder: Path) -> None:
    """Raise OccupiedError for a folder that is there and holds no bundle."""
    if folder.exists() and not (folder / CHECKSUMS).is_file() and any(folder.iterdir()):
        raise OccupiedError(f"{folder} is there and holds no bundle, so name another folder with --to")


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a bundle; those of the one before are gone then, and what others put there stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".bundle-", dir=folder.parent) as scratch:
        for name, content in files.items():
            file = Path(scratch, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        for name in _listed(folder) - files.keys():
            (folder / name).unlink(missing_ok=True)
        shutil.copytree(scratch, folder, dirs_exist_ok=True)
    folder.chmod(0o755)
    for empty in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()


def _listed(folder: Path) -> set[str]:
    """Return the files of the bundle that lies in a folder, as it lists them; nothing that leads out of it."""
    listing = folder / CHECKSUMS
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    names = {line.partition("  ")[2] for line in lines}
    return {name for name in names if name and (folder / name).resolve().is_relative_to(folder.resolve())}
