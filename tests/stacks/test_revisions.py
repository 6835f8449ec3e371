"""Another state of the project is synthesized as it was then."""

from pathlib import Path

import pytest

from stacks import revisions
from stacks.revisions import synthesize_other
from tests.processes import copy_project, environ, files, run, set_environments


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with two small environments, changed since it was committed."""
    project = copy_project(tmp_path_factory.mktemp("repository"))
    set_environments(project, dev="intake", prod="intake")
    (project / ".gitignore").write_text("__pycache__/\ncdktf.out/\n")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "-m", "first"],
        ["tag", "v1"],
    ):
        done = run("git", *arguments, cwd=project)
        assert done.returncode == 0, done.stderr
    set_environments(project, dev="changed", prod="changed")
    return project


@pytest.fixture(autouse=True)
def here(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "PROJECT_FOLDER", repository)


def test_a_revision_is_synthesized_with_the_environments_that_are_named(tmp_path: Path) -> None:
    assert synthesize_other("v1", ["dev"], tmp_path / "then", environ()) == ""
    written = files(tmp_path / "then")
    assert set(written) == {"README.md", "manifest.json", "stacks/dev-queues/cdk.tf.json"}
    assert b"terrabatch-dev-intake" in written["stacks/dev-queues/cdk.tf.json"]


def test_another_checkout_is_synthesized_as_it_is(repository: Path, tmp_path: Path) -> None:
    assert synthesize_other(str(repository), ["dev"], tmp_path / "then", environ()) == ""
    assert b"terrabatch-dev-changed" in files(tmp_path / "then")["stacks/dev-queues/cdk.tf.json"]
    assert not (repository / "cdktf.out").exists()


def test_a_folder_that_was_synthesized_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text("{}")
    assert synthesize_other(str(tmp_path / "out"), ["dev"], tmp_path / "then", environ()) == ""
    assert files(tmp_path / "then") == {"manifest.json": b"{}"}


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    refusal = synthesize_other("v2", ["dev"], tmp_path / "then", environ())
    assert refusal.startswith("neither a folder with a manifest.json or main.py, nor a revision: ")
    assert "v2" in refusal


def test_what_cannot_be_synthesized_says_why(tmp_path: Path) -> None:
    refusal = synthesize_other("v1", ["staging"], tmp_path / "then", environ())
    assert refusal.startswith("it could not be synthesized:\n")
    assert "--environment must name one of the environments, got 'staging'" in refusal
    assert not (tmp_path / "then").exists()


def test_without_git_only_folders_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert synthesize_other("v1", ["dev"], tmp_path / "then", environ()).endswith("it is not on PATH")
