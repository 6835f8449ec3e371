"""Lock files: written by Terraform, once for all root modules that ask for the same, or a clear refusal."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from handover.bundle import bundle
from handover.command import write
from handover.lock_files import NAME, lock_files
from handover.options import Options, RefusedError
from handover.platforms import Platform
from tests.handover.platforms import root_module, write_stacks

REGISTRY = 'provider {\n  hashes = [\n    "h1:a",\n    "zh:b",\n  ]\n}\n'
VERSIONS = {"required_version": ">= 1.10.0"}
PLATFORM = Platform("dev", (root_module(terraform=VERSIONS), root_module("dev-batch", terraform=VERSIONS)))


def terraform(folder: Path, *lines: str) -> Mapping[str, str]:
    """Return a process environment whose Terraform does this, after it has noted how it was called."""
    program = folder / "terraform"
    called = f'echo "$@ $(ls) $TF_CLI_ARGS" >>{folder}/called'
    program.write_text("\n".join(["#!/bin/sh", called, *lines]))
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "TF_CLI_ARGS": "-lock=false"}


def test_terraform_is_asked_once_for_all_root_modules_that_ask_for_the_same(tmp_path: Path) -> None:
    environ = terraform(tmp_path, f"cat >{NAME} <<'END'\n{REGISTRY}END")
    written = bundle(PLATFORM, Options(lock_with=environ))
    assert {name for name in written if name.endswith(NAME)} == {f"dev-queues/{NAME}", f"dev-batch/{NAME}"}
    assert written[f"dev-batch/{NAME}"].decode() == REGISTRY
    called = (tmp_path / "called").read_text()
    assert called == "init -backend=false -no-color -input=false versions.tf \n"


def test_of_child_modules_only_the_one_that_calls_them_has_a_lock_file(tmp_path: Path) -> None:
    files = {"versions.tf": b"a", "batch/versions.tf": b"a"}
    assert set(lock_files(files, terraform(tmp_path, f"touch {NAME}"))) == {NAME}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["echo '│ Error: Failed to query'; echo '│ available packages' >&2; exit 1"],
            "terraform init wrote no .terraform.lock.hcl: Failed to query │ available packages",
        ),
        (["exit 0"], "terraform init wrote no .terraform.lock.hcl: it said nothing"),
    ],
)
def test_what_terraform_says_is_told(lines: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        bundle(PLATFORM, Options(lock_with=terraform(tmp_path, *lines)))
    assert str(caught.value) == message.replace(" │", "")


def test_without_terraform_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_stacks(tmp_path / "source", root_module(terraform=VERSIONS))
    environ = {"PATH": str(tmp_path), "TERRAFORM_BINARY_NAME": "tofu"}
    assert write(source, tmp_path / "to", Options(lock_with=environ), quiet=True) == 2
    assert capsys.readouterr().err == (
        f"no tofu on PATH to write {NAME}; leave --lock out, or set TERRAFORM_BINARY_NAME; nothing was written\n"
    )
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize(("hashes", "noted"), [(REGISTRY, ""), ("h1:a", "of this kind of machine only")])
def test_what_other_machines_could_not_check_is_noted(
    hashes: str, noted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_stacks(tmp_path / "source", root_module(terraform=VERSIONS))
    environ = terraform(tmp_path, f"cat >{NAME} <<'END'\n{hashes}\nEND")
    assert write(source, tmp_path / "to", Options(lock_with=environ), quiet=False) == 0
    told = capsys.readouterr().err
    assert noted in told
    assert bool(told) == bool(noted)
