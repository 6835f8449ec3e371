"""A bundle on disk: the same bytes each time, and nothing of others is touched."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from handover.archive import CHECKSUMS, OccupiedError, archive, require_ours, with_checksums, write
from tests.processes import files

FILES = {"a/main.tf.json": b"{}\n", "README.md": b"# a\n"}


def test_every_file_is_listed_with_its_checksum() -> None:
    listed = with_checksums(FILES)[CHECKSUMS].decode().splitlines()
    assert listed == [f"{hashlib.sha256(FILES[name]).hexdigest()}  {name}" for name in sorted(FILES)]


def test_an_archive_depends_on_nothing_but_names_and_content() -> None:
    archived = archive(FILES, "dev")
    assert archive(dict(reversed(FILES.items())), "dev") == archived
    with tarfile.open(fileobj=io.BytesIO(archived)) as tar:
        read = {member.name: (tar.extractfile(member) or io.BytesIO()).read() for member in tar}
        assert {(member.mtime, member.uid, member.gid, member.mode) for member in tar} == {(0, 0, 0, 0o644)}
    assert read == {f"dev/{name}": content for name, content in FILES.items()}


def test_what_the_bundle_before_had_goes_and_what_others_put_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    write(with_checksums(FILES), folder)
    (folder / "a" / "terraform.tfvars").write_text("mine")
    write(with_checksums({"b/main.tf.json": b"{}\n"}), folder)
    assert set(files(folder)) == {"a/terraform.tfvars", "b/main.tf.json", CHECKSUMS}
    write(with_checksums(FILES), folder)
    assert not (folder / "b").exists()


def test_no_file_outside_is_removed_whatever_a_list_says(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    write(FILES, folder)
    (tmp_path / "precious").write_text("mine")
    (folder / CHECKSUMS).write_text("0  ../precious\n")
    write(with_checksums(FILES), folder)
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_folder_with_something_else_is_refused(tmp_path: Path) -> None:
    require_ours(tmp_path / "new")
    require_ours(tmp_path)
    (tmp_path / "mine").touch()
    with pytest.raises(OccupiedError, match="holds no bundle, so name another folder with --to"):
        require_ours(tmp_path)
    (tmp_path / CHECKSUMS).touch()
    require_ours(tmp_path)
