"""``python main.py bundle`` as a user runs it."""

from pathlib import Path

import pytest

from handover.command import write
from handover.options import Options
from main import main
from tests.handover.platforms import root_module, write_stacks
from tests.processes import copy_project, files, run_main, set_environments


def test_a_folder_and_an_archive_are_written_for_each_environment_that_is_named(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    set_environments(project, dev="intake", prod="intake")
    done = run_main("bundle", "prod", "--to", "out/bundles", project=project)
    assert (done.returncode, done.stderr) == (0, "")
    written = files(project / "out")
    count = len([name for name in written if name.startswith("bundles/prod/")])
    assert done.stdout == f"prod\t{count}\tout/bundles/prod\tout/bundles/prod.tar.gz\n"
    assert {name for name in written if not name.startswith("bundles/prod/")} == {"bundles/prod.tar.gz"}
    assert "Account 111122223333, region us-east-1." in written["bundles/prod/README.md"].decode()
    assert not (project / "cdktf.out").exists()


def test_bundles_of_stacks_that_are_there_are_those_of_their_environments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_stacks(tmp_path / "source", root_module(), root_module("prod-queues"))
    command = ["bundle", "--from", str(source), "--to", str(tmp_path / "to"), "--quiet"]
    assert main([*command, "prod"]) == 0
    assert {file.name for file in (tmp_path / "to").iterdir()} == {"prod", "prod.tar.gz"}
    assert main([*command, "test"]) == 2
    assert capsys.readouterr().err == f"{source} has no environment 'test'; known: dev, prod; nothing was written\n"
    assert main(["bundle", "--from", str(tmp_path)]) == 2
    told = f"{tmp_path} has no manifest.json, so no stacks that were synthesized; nothing was written\n"
    assert capsys.readouterr().err == told


def test_a_folder_that_is_in_the_way_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_stacks(tmp_path / "source", root_module())
    (tmp_path / "to" / "dev").mkdir(parents=True)
    (tmp_path / "to" / "dev" / "mine").touch()
    assert write(source, tmp_path / "to", Options(), quiet=False) == 2
    assert capsys.readouterr() == (
        "",
        f"{tmp_path}/to/dev is there and holds no bundle, so name another folder with --to; nothing was written\n",
    )


def test_what_is_not_whole_is_a_fault_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_stacks(tmp_path / "source", root_module(locals={"a": "${local.b}"}))
    assert write(source, tmp_path / "to", Options(), quiet=True) == 1
    assert capsys.readouterr().err.startswith("dev-queues: local.b is not declared\nThis is a fault of Terrabatch")


def test_nothing_is_said_where_quiet_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write(write_stacks(tmp_path / "source", root_module()), tmp_path / "to", Options(), quiet=True) == 0
    assert capsys.readouterr() == ("", "")
