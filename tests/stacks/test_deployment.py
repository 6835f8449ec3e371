"""What ``diff`` and ``deploy`` run, and what they find missing."""

from pathlib import Path

import pytest

import main
from stacks import deployment
from stacks.state import HcpTerraformState, LocalState, S3State, StateSettings
from tests.processes import PROJECT

S3 = S3State(bucket="example-terraform-state", region="us-east-1")
HCP = HcpTerraformState(organization="example")
NO_TERRAFORM = "no terraform on PATH; install Terraform 1.10 or newer, or set TERRAFORM_BINARY_NAME=tofu for OpenTofu"
NO_CREDENTIALS = "no AWS credentials; run aws sso login or aws configure, or set AWS_PROFILE"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return a process environment with Terraform and OpenTofu, at home without credentials."""
    for name in ("terraform", "tofu"):
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text("")
        program.chmod(0o755)
    return {"PATH": str(tmp_path / "programs"), "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.mark.parametrize("variable", deployment.CREDENTIAL_VARIABLES)
def test_nothing_is_missing_with_terraform_and_credentials(environ: dict[str, str], variable: str) -> None:
    assert list(deployment.missing(S3, environ | {variable: "given"})) == []


@pytest.mark.parametrize("name", ["credentials", "config"])
def test_files_of_the_aws_cli_are_credentials(environ: dict[str, str], tmp_path: Path, name: str) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / name).write_text("[default]\n")
    assert list(deployment.missing(S3, environ)) == []


@pytest.mark.parametrize("variable", ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"])
def test_files_elsewhere_are_credentials_if_they_are_there(
    environ: dict[str, str], tmp_path: Path, variable: str
) -> None:
    assert list(deployment.missing(S3, environ | {variable: str(tmp_path / "mine")})) == [NO_CREDENTIALS]
    (tmp_path / "mine").write_text("[default]\n")
    assert list(deployment.missing(S3, environ | {variable: str(tmp_path / "mine")})) == []


def test_everything_that_is_missing_is_named_at_once(environ: dict[str, str]) -> None:
    assert list(deployment.missing(S3, environ | {"PATH": ""})) == [NO_TERRAFORM, NO_CREDENTIALS]


def test_hcp_terraform_needs_no_credentials_here(environ: dict[str, str]) -> None:
    assert list(deployment.missing(HCP, environ)) == []


def test_opentofu_is_looked_for_where_it_is_asked_for(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "programs" / "terraform").unlink()
    chosen = environ | {"TERRAFORM_BINARY_NAME": "tofu"}
    assert list(deployment.missing(HCP, chosen)) == []
    (tmp_path / "programs" / "tofu").unlink()
    assert list(deployment.missing(HCP, chosen)) == [NO_TERRAFORM.replace("no terraform", "no tofu")]


def test_deploy_runs_once_with_all_stacks() -> None:
    (command,) = deployment.commands("deploy", ["dev-batch", "dev-queues"], Path("/out"), ["--auto-approve"])
    assert command == [
        *("--yes", "cdktf-cli@0.21.0", "deploy", "dev-batch", "dev-queues"),
        *("--skip-synth", "--output", "/out", "--auto-approve"),
    ]


def test_diff_runs_once_for_each_stack() -> None:
    assert deployment.commands("diff", ["dev-batch", "dev-queues"], Path("/out"), []) == [
        ["--yes", "cdktf-cli@0.21.0", "diff", stack, "--skip-synth", "--output", "/out"]
        for stack in ("dev-batch", "dev-queues")
    ]


class TestRun:
    """With a Node wheel whose ``node`` only takes notes."""

    @pytest.fixture
    def notes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        node = tmp_path / "wheel" / "bin" / "node"
        node.parent.mkdir(parents=True)
        node.write_text(f"""#!/bin/sh
echo "$PWD" "$CHECKPOINT_DISABLE" "${{PATH%%:*}}" "$@" >>'{tmp_path}/notes'
case "$*" in *broken*) exit 1 ;; esac
""")
        node.chmod(0o755)
        monkeypatch.setattr(deployment, "_node_wheel", lambda: tmp_path / "wheel")
        return tmp_path / "notes"

    def test_the_cli_runs_on_the_node_from_pypi_in_the_projects_folder(
        self, notes: Path, environ: dict[str, str]
    ) -> None:
        assert deployment.run("deploy", ["dev-queues"], Path("/out"), [], environ) == 0
        wheel = notes.parent / "wheel"
        npx = wheel / "lib/node_modules/npm/bin/npx-cli.js"
        assert notes.read_text() == (
            f"{deployment.PROJECT_FOLDER} 1 {wheel / 'bin'} {npx} --yes cdktf-cli@0.21.0 deploy dev-queues "
            "--skip-synth --output /out\n"
        )

    def test_a_diff_that_fails_does_not_stop_the_others_but_is_told(
        self, notes: Path, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert deployment.run("diff", ["broken", "dev-queues"], Path("/out"), [], environ) == 1
        assert len(notes.read_text().splitlines()) == 2
        printed = capsys.readouterr().err
        assert printed == "a stack that reads one which is not deployed yet cannot be compared; deploy first\n"


def test_the_npx_that_is_run_is_in_the_wheel() -> None:
    wheel = deployment._node_wheel()
    assert wheel is not None
    assert (wheel / "bin" / "node").is_file()
    assert (wheel / "lib/node_modules/npm/bin/npx-cli.js").is_file()


@pytest.mark.parametrize(
    ("state", "output", "found"),
    [
        (LocalState(), PROJECT / "cdktf.out", True),
        (LocalState(), PROJECT / "another", True),
        (LocalState(directory="a/b"), Path("cdktf.out"), True),
        (LocalState(), PROJECT, False),
        (LocalState(), PROJECT / "build" / "cdktf.out", False),
        (LocalState(), PROJECT / "modules" / ".." / "cdktf.out", True),
        (LocalState(), Path("/elsewhere/cdktf.out"), False),
        (S3, Path("/elsewhere/cdktf.out"), True),
        (HCP, Path("/elsewhere/cdktf.out"), True),
    ],
)
def test_a_local_state_is_found_from_a_folder_of_the_project_only(
    state: StateSettings, output: Path, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    expected = (
        f"stacks with a LocalState must be written into a folder of {PROJECT}, got {output.resolve()}; from there "
        "their state is not found, as if nothing were deployed: leave CDKTF_OUTDIR out"
    )
    assert list(deployment.misplaced(state, output)) == ([] if found else [expected])


def test_a_link_is_followed_as_terraform_follows_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PROJECT / "cdktf.out")
    assert list(deployment.misplaced(LocalState(), tmp_path / "link")) == []


@pytest.mark.parametrize("command", ["diff", "deploy"])
def test_a_deployment_that_would_not_find_its_state_is_refused_before_anything_is_written(
    command: str,
    environ: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (environ | {"AWS_PROFILE": "mine", "CDKTF_OUTDIR": str(tmp_path / "out")}).items():
        monkeypatch.setenv(name, value)

    assert main.main([command, "--environment", "dev"]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"{command}: stacks with a LocalState must be written into a folder of {PROJECT}, got {tmp_path / 'out'}; "
        "from there their state is not found, as if nothing were deployed: leave CDKTF_OUTDIR out\n"
    )
    assert not (tmp_path / "out").exists()
