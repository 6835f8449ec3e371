"""Asserts in a user's files hold, however Python was started."""

import shutil
from pathlib import Path

import pytest

from tests.processes import copy_project, run_main, set_environments


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("copied"))


@pytest.fixture
def project(copied: Path) -> Path:
    shutil.rmtree(copied / "stacks" / "environments")
    (copied / "stacks" / "environments").mkdir()
    set_environments(copied, dev="intake")
    return copied


def add(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as source:
        source.write(text)


@pytest.mark.parametrize("file", ["dev.py", "common.py", "teams/search.py"])
def test_an_assert_that_does_not_hold_is_a_problem_with_its_place(project: Path, file: str) -> None:
    environments = project / "stacks" / "environments"
    if file != "dev.py":
        module = file.removesuffix(".py").replace("/", ".")
        add(
            environments / "dev.py",
            f"from stacks.environments import {module}\n".replace(
                "environments import teams.", "environments.teams import "
            ),
        )
    line = len((environments / file).read_text().splitlines()) + 1 if (environments / file).exists() else 1
    # Also where the file was imported without its asserts before.
    add(environments / file, 'assert 1 + 1 == 3, "too many"\n')
    shutil.rmtree(environments / "__pycache__", ignore_errors=True)

    done = run_main("check", project=project)

    assert done.returncode == 2
    assert "dev: the file must run without an error, got AssertionError: too many" in done.stderr
    assert f"    at stacks/environments/{file}:{line}" in done.stderr.splitlines()


def test_asserts_that_hold_are_no_problem(project: Path) -> None:
    add(project / "stacks" / "environments" / "dev.py", "assert DEV.production is False\nassert __debug__\n")
    done = run_main("check", project=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "dev: no problems\n", "")
