"""Environments are the same wherever they are read from."""

from pathlib import Path

import pytest

from handover.archive import archive, write
from handover.comparing import changes
from handover.platforms import RootModule
from handover.reading import UnreadableError, is_readable, read, renamed
from tests.handover.platforms import shipped_bundles, shipped_platforms, write_stacks


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what is shipped as it is synthesized, and in bundles."""
    folder = tmp_path_factory.mktemp("written")
    modules: list[RootModule] = [module for platform in shipped_platforms() for module in platform.modules]
    write_stacks(folder / "stacks", *modules)
    for name, files in shipped_bundles().items():
        write(files, folder / "bundles" / name)
        (folder / "bundles" / f"{name}.tar.gz").write_bytes(archive(files, name))
    return folder


def test_a_bundle_says_what_it_was_made_from(written: Path) -> None:
    stacks, bundles = read(written / "stacks"), read(written / "bundles")
    assert [platform.name for platform in stacks] == [platform.name for platform in bundles]
    assert len(stacks) > 8
    for before, after in zip(stacks, bundles, strict=True):
        assert changes(before, after) == []
        order = [module.name for module in after.modules]
        assert all(order.index(read) < order.index(module.name) for module in after.modules for read in module.after)


def test_one_bundle_or_its_archive_can_be_read(written: Path) -> None:
    for place in ("dev", "dev.tar.gz"):
        (platform,) = read(written / "bundles" / place)
        assert (platform.name, {module.part for module in platform.modules} >= {"queues", "batch"}) == ("dev", True)
    assert [platform.name for platform in read(written / "bundles", ["prod"])] == ["prod"]


def test_what_is_none_of_these_is_refused(written: Path, tmp_path: Path) -> None:
    for place in ("stacks", "bundles", "bundles/dev", "bundles/dev.tar.gz"):
        assert is_readable(written / place)
    (tmp_path / "file").touch()
    assert not any(map(is_readable, (tmp_path, tmp_path / "file", tmp_path / "nothing")))
    with pytest.raises(UnreadableError, match="holds no bundle and nothing that was synthesized"):
        read(tmp_path)


def test_another_environment_is_compared_as_if_it_had_the_name(written: Path) -> None:
    (staging,) = read(written / "bundles" / "staging")
    named = renamed(staging, "prod")
    assert {module.environment for module in named.modules} == {"prod"}
    assert changes(named, named) == []
    assert all(change.action != "added" for change in changes(named, renamed(staging, "prod")))
    assert "terrabatch-prod-" in str(named.modules[0].document)
    assert "staging" not in str(named.modules[0].document)
