"""``python main.py compare`` as a user runs it."""

import json
from pathlib import Path

import pytest

from handover.compare_command import DIFFERENT, run
from handover.platforms import RootModule
from main import main
from tests.handover.platforms import root_module, write_stacks
from tests.processes import copy_project, run_main, set_environments


def queues(name: str, environment: str = "dev") -> RootModule:
    block = {"//": "queues/q", "name": f"{environment}-{name}"}
    return root_module(f"{environment}-queues", resource={"aws_sqs_queue": {"q": block}})


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write_stacks(tmp_path / "before", queues("a"), queues("a", "prod")),
        write_stacks(tmp_path / "after", queues("b"), queues("a", "prod")),
    )


def test_differences_end_in_a_status_of_their_own_only_where_that_is_asked_for(places: tuple[Path, Path]) -> None:
    assert run(*places) == 0
    assert run(*places, exit_code=True) == DIFFERENT
    assert run(places[0], places[0], exit_code=True) == 0
    assert run(*places, ["prod"], exit_code=True) == 0


def test_what_is_refused_is_told(places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*places, refuse=["data-loss", "remove"]) == DIFFERENT
    assert capsys.readouterr().err == (
        "refused (data-loss): dev: queues: queues/q is replaced, losing all messages in it\n"
    )
    assert run(places[0], places[0], refuse=["data-loss", "remove"]) == 0


def test_it_is_printed_for_people_pull_requests_and_programs(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(*places)
    assert capsys.readouterr().out.startswith("dev: 1 replaced\n  ! queues/q of queues")
    run(*places, as_markdown=True)
    assert capsys.readouterr().out.startswith("## dev: 1 replaced\n")
    run(*places, as_json=True)
    assert [item["environment"] for item in json.loads(capsys.readouterr().out)] == ["dev", "prod"]


def test_one_environment_is_compared_with_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = write_stacks(tmp_path / "before", queues("a", "staging"))
    after = write_stacks(tmp_path / "after", queues("a", "prod"))
    assert run(before, after, exit_code=True) == 0
    assert capsys.readouterr().out == "prod: no resource changes\n"


def test_an_environment_that_only_one_side_has_is_added_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write_stacks(tmp_path / "before", queues("a"))
    run(before, write_stacks(tmp_path / "after", queues("a"), queues("a", "prod")))
    assert "prod: 1 added\n" in capsys.readouterr().out


def test_environments_of_the_checkout_are_named_as_everywhere(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    set_environments(project, dev="intake", prod="intake")
    before = write_stacks(tmp_path / "before", queues("a"), queues("a", "prod"))
    done = run_main("compare", str(before), "dev", "--exit-code", project=project)
    assert (done.returncode, done.stderr) == (DIFFERENT, "")
    assert done.stdout.startswith("dev: ")
    assert "prod" not in done.stdout
    assert not (project / "cdktf.out").exists()
    done = run_main("compare", "dev", "prod", "--exit-code", project=project)
    assert done.stdout.splitlines()[0] == "prod: no resource changes"


def test_an_environment_that_neither_side_has_is_refused(
    places: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*places, ["prod", "prud"]) == 2
    assert capsys.readouterr() == ("", f"neither {places[0]} nor {places[1]} has an environment 'prud'\n")


def test_a_place_that_is_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(tmp_path / "nothing"), str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path}/nothing: neither a folder with a manifest.json or main.py")


def test_a_refusal_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "dev", "dev", "--refuse", "replace,rename"]) == 2
    assert capsys.readouterr().err == (
        "--refuse must be some of replace, remove, data-loss, interruption, permissions, cost, inputs, outputs, "
        "got 'rename'\n"
    )
