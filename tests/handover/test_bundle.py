"""Bundles as a whole: complete, reproducible, and all or nothing."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from handover.archive import CHECKSUMS, OccupiedError
from handover.bundle import BrokenBundleError, write_bundles
from tests.handover.platforms import root_module, shipped_bundles, shipped_platforms, write_stacks
from tests.processes import files

QUEUES = root_module(output={"queues": {"value": "a"}})
BROKEN = root_module("prod-queues", output={"queues": {"value": "${aws_sqs_queue.a.arn}"}})


def test_a_second_bundle_has_the_same_bytes(tmp_path: Path) -> None:
    source = write_stacks(tmp_path / "source", QUEUES)
    for name in ("one", "two"):
        write_bundles(source, tmp_path / name)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert set(files(tmp_path / "one")) == {
        "dev.tar.gz",
        "dev/README.md",
        "dev/SHA256SUMS",
        "dev/dev-queues/outputs.tf.json",
        "dev/dev-queues/versions.tf",
        "dev/versions.json",
    }


def test_where_one_environment_is_broken_none_is_written(tmp_path: Path) -> None:
    source = write_stacks(tmp_path / "source", QUEUES, BROKEN)
    with pytest.raises(BrokenBundleError, match=r"^prod-queues: aws_sqs_queue.a is not declared$"):
        write_bundles(source, tmp_path / "bundles")
    assert not (tmp_path / "bundles").exists()


def test_where_one_folder_is_occupied_nothing_is_written(tmp_path: Path) -> None:
    source = write_stacks(tmp_path / "source", QUEUES, root_module("prod-queues"))
    (tmp_path / "bundles" / "prod").mkdir(parents=True)
    (tmp_path / "bundles" / "prod" / "mine").touch()
    with pytest.raises(OccupiedError):
        write_bundles(source, tmp_path / "bundles")
    assert list(files(tmp_path / "bundles")) == ["prod/mine"]


def test_everything_that_is_shipped_can_be_handed_over() -> None:
    for platform in shipped_platforms():
        written = shipped_bundles()[platform.name]
        sums = {f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in written.items()}
        assert sums > set(written[CHECKSUMS].decode().splitlines())
        assert len(written[CHECKSUMS].splitlines()) == len(written) - 1
        folders = {name.partition("/")[0] for name in written if "/" in name}
        assert {"docs", *folders} - {"workspaces"} == {"docs", "pictures", *(item.name for item in platform.modules)}
        shown = re.findall(r"\]\((?!https?:)([^)#]+)", written["README.md"].decode())
        assert shown
        assert set(shown) <= written.keys()
        assert json.loads(written["versions.json"])["providers"] == {"registry.terraform.io/hashicorp/aws": ["6.25.0"]}
        assert b"uniqueId" not in b"".join(written.values())
