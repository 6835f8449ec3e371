"""``python main.py graph`` as a user runs it."""

from pathlib import Path

import pytest

from handover.pictures.command import draw
from main import main
from tests.handover.platforms import root_module, write_stacks
from tests.processes import files

MACHINE = {"definition": '{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}', "name": "n", "//": "pipelines/nightly"}
PIPELINE = root_module("dev-pipeline", resource={"aws_sfn_state_machine": {"nightly": MACHINE}})


def test_pictures_are_written_for_each_environment_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["graph", "dev", "--to", "out"]) == 0
    names = ("platform", "pipelines/nightly", "pipelines/urgent")
    written = [f"dev/{name}.{kind}" for name in names for kind in ("svg", "mmd")]
    assert capsys.readouterr() == ("".join(f"out/{name}\n" for name in written), "")
    assert sorted(files(tmp_path)) == sorted(f"out/{name}" for name in written)


def test_a_pipeline_is_drawn_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_stacks(tmp_path / "source", PIPELINE)
    assert draw(source, tmp_path / "to", ["nightly"], quiet=True) == 0
    assert capsys.readouterr() == ("", "")
    assert sorted(files(tmp_path / "to")) == ["dev/pipelines/nightly.mmd", "dev/pipelines/nightly.svg"]


@pytest.mark.parametrize(
    ("module", "told"),
    [(PIPELINE, "there is nightly"), (root_module(), "there is none")],
)
def test_a_pipeline_that_is_not_there_is_refused(
    module: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_stacks(tmp_path / "source", module)  # type: ignore[arg-type]
    assert draw(source, tmp_path / "to", ["nigthly"], quiet=False) == 2
    assert capsys.readouterr() == ("", f"no pipeline 'nigthly' in dev; {told}; nothing was written\n")
    assert not (tmp_path / "to").exists()
