"""What ``diff`` and ``deploy`` run, and what they find missing."""

import sys
from pathlib import Path
from typing import Any

import pytest

import main
from stacks import deployment
from stacks.loading import load_environments
from stacks.manifest import SynthesizedStack
from stacks.state import HcpTerraformState, LocalState, S3State, StateSettings
from tests.processes import PROJECT, WARM_CACHE, copy_project, run, run_in_terminal, set_environments
from tests.shipped import EXAMPLES

S3 = S3State(bucket="example-terraform-state", region="us-east-1")
HCP = HcpTerraformState(organization="example")
NO_TERRAFORM = "no terraform and no tofu on PATH; install Terraform or OpenTofu, 1.10 or newer"
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


def test_hcp_terraform_needs_a_login_here_and_no_credentials(environ: dict[str, str]) -> None:
    told = "no login to app.terraform.io; run terraform login app.terraform.io, or set TF_TOKEN_app_terraform_io"
    assert list(deployment.missing(HCP, environ)) == [told]
    assert list(deployment.missing(HCP, environ | {"TF_TOKEN_app_terraform_io": "t"})) == []
    own = HcpTerraformState(organization="example", hostname="tf-e.example.com")
    assert list(deployment.missing(own, environ | {"TF_TOKEN_tf__e_example_com": "t"})) == []
    assert len(list(deployment.missing(own, environ | {"TF_TOKEN_app_terraform_io": "t"}))) == 1


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        (".terraform.d/credentials.tfrc.json", '{"credentials": {"app.terraform.io": {"token": "t"}}}', True),
        (".terraform.d/credentials.tfrc.json", '{"credentials": {"terraform.example.com": {"token": "t"}}}', False),
        (".terraformrc", 'credentials "app.terraform.io" {\n  token = "t"\n}\n', True),
        (".terraformrc", 'credentials_helper "vault" {}\n', True),
        (".terraformrc", "disable_checkpoint = true\n", False),
        (".config/opentofu/credentials.tfrc.json", '{"credentials": {"app.terraform.io": {"token": "t"}}}', True),
    ],
)
def test_logins_are_found_where_terraform_looks(
    environ: dict[str, str], tmp_path: Path, file: str, text: str, found: bool
) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    assert (list(deployment.missing(HCP, environ)) == []) is found


def test_what_makes_new_workspaces_is_told_until_terraform_has_been_there(tmp_path: Path) -> None:
    stacks = [SynthesizedStack(f"dev-{name}", tmp_path / name, {}) for name in ("batch", "network")]
    (told,) = deployment.notes(HCP, stacks)
    assert "python main.py bundle dev" in told
    assert "bundles/dev/workspaces" in told
    assert list(deployment.notes(S3, stacks)) == []
    for item in stacks:
        (item.folder / ".terraform").mkdir(parents=True)
    assert list(deployment.notes(HCP, stacks)) == []


def test_what_a_repository_drives_is_not_deployed_from_here(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environments = load_environments(["kubernetes"], EXAMPLES)
    monkeypatch.setattr("stacks.loading.load_environments", lambda names: environments)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    elsewhere = "deploy: these workspaces apply what is pushed to acme/platform, and nothing else; diff works"
    for command, told in (("deploy", [elsewhere]), ("diff", [])):
        assert main.main([command, "kubernetes"]) == 2
        no_login, *others = capsys.readouterr().err.splitlines()
        assert no_login.startswith(f"{command}: no login to terraform.acme.example; ")
        assert others == told


def test_opentofu_is_used_where_it_is_asked_for_and_where_there_is_no_terraform(
    environ: dict[str, str], tmp_path: Path
) -> None:
    environ["TF_TOKEN_app_terraform_io"] = "t"
    programs, chosen = tmp_path / "programs", environ | {"TERRAFORM_BINARY_NAME": "tofu"}
    assert deployment._program(environ) == str(programs / "terraform")
    assert deployment._program(chosen) == str(programs / "tofu")
    (programs / "terraform").unlink()
    assert deployment._program(environ) == str(programs / "tofu")
    (programs / "tofu").unlink()
    assert list(deployment.missing(HCP, environ)) == [NO_TERRAFORM]
    assert list(deployment.missing(HCP, chosen)) == [NO_TERRAFORM.replace("terraform and no tofu", "tofu")]


# Takes notes, one line a call; fails where a folder is called broken.
TERRAFORM = """#!/bin/sh
echo "${1##*/}" "$2" "$3" "$4" "[$NODE_OPTIONS]" "$([ -t 0 ] && echo terminal)" >>"$NOTES"
case "$1 $2" in
  *broken*plan | *broken*apply | *offline*init) exit 1 ;;
  *changed*plan) exit 2 ;;
esac
"""


def stack(name: str, *reads: str) -> SynthesizedStack:
    states: dict[str, Any] = {read: {} for read in reads}
    return SynthesizedStack(f"dev-{name}", Path("/out/stacks", name), {"data": {"terraform_remote_state": states}})


class TestRun:
    """With a Terraform that only takes notes."""

    @pytest.fixture
    def terraform(self, environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
        (tmp_path / "programs" / "terraform").write_text(TERRAFORM)
        return environ | {"PATH": f"{environ['PATH']}:/usr/bin:/bin", "NOTES": str(tmp_path / "notes")}

    def notes(self, environ: dict[str, str]) -> list[str]:
        return [line.split("[")[0].strip() for line in Path(environ["NOTES"]).read_text().splitlines()]

    def test_stacks_are_deployed_after_those_they_read(self, terraform: dict[str, str]) -> None:
        stacks = [stack("a", "c", "b"), stack("b", "c"), stack("c", "of-another-environment")]
        assert deployment.run("deploy", stacks, ["-auto-approve"], terraform) == 0
        assert self.notes(terraform) == [
            line for name in "cba" for line in (f"{name} init -input=false", f"{name} apply -auto-approve")
        ]

    @pytest.mark.parametrize(
        ("action", "name", "told"), [("deploy", "b", 2), ("deploy", "broken", 0), ("diff", "b", 0)]
    )
    def test_what_a_deployment_has_moved_can_be_left_out_then(
        self, terraform: dict[str, str], capfd: pytest.CaptureFixture[str], action: str, name: str, told: int
    ) -> None:
        notes = {"moved": {"queues.a": "queues.b"}, "imported": {"buckets.data": "acme-data"}}
        deployment.run(action, [SynthesizedStack(name, Path("/out/stacks", name), {"//": notes})], [], terraform)
        lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("applied, so")]
        assert [line.partition(" of ")[2] for line in lines] == [
            "`imported`: buckets.data, which is acme-data",
            "`moved`: queues.a, which is queues.b now",
        ][:told]

    def test_a_deployment_ends_with_the_first_stack_that_fails(
        self, terraform: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        stacks = [stack("first"), stack("broken", "first"), stack("last", "broken")]
        assert deployment.run("deploy", stacks, [], terraform) == 1
        assert "last init -input=false" not in self.notes(terraform)
        assert capsys.readouterr().err == "dev-broken failed; not deployed: dev-last\n"

    def test_a_diff_that_fails_does_not_stop_the_others_but_is_told(
        self, terraform: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert deployment.run("diff", [stack("broken"), stack("last", "broken")], [], terraform) == 1
        assert "last plan" in self.notes(terraform)
        told = "a stack that reads one which is not deployed yet cannot be compared; deploy first"
        assert capsys.readouterr().err == f"dev-broken failed; {told}\n"

    @pytest.mark.parametrize("action", ["diff", "deploy"])
    def test_what_cannot_be_initialized_ends_it(
        self, terraform: dict[str, str], capsys: pytest.CaptureFixture[str], action: str
    ) -> None:
        assert deployment.run(action, [stack("last", "offline"), stack("offline")], [], terraform) == 1
        assert self.notes(terraform) == ["offline init -input=false"]
        assert capsys.readouterr().err == "dev-offline could not be initialized; left out: dev-last\n"

    def test_differences_that_are_asked_for_by_status_are_no_failure(
        self, terraform: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        stacks, asked = [stack("changed"), stack("same")], ["-detailed-exitcode"]
        assert deployment.run("diff", stacks, asked, terraform) == 2
        assert capsys.readouterr().err == ""
        assert deployment.run("diff", [*stacks, stack("broken")], asked, terraform) == 1

    def test_ctrl_c_lets_terraform_end_in_order(self, terraform: dict[str, str], tmp_path: Path) -> None:
        slow = "#!/bin/sh\ntrap 'sleep 0.5; echo unlocked >>\"$NOTES\"; exit 1' INT\nkill -INT 0\nsleep 5 & wait\n"
        (tmp_path / "programs" / "terraform").write_text(slow)
        code = """
import os
from pathlib import Path
from stacks import deployment
from stacks.manifest import SynthesizedStack
stacks = [SynthesizedStack(name, Path("/out/stacks", name), {}) for name in ("dev-a", "dev-b")]
deployment.run("deploy", stacks, [], os.environ)
"""
        done = run("setsid", "--wait", sys.executable, "-c", code, cwd=PROJECT, **terraform)
        assert self.notes(terraform) == ["unlocked"]
        assert done.stderr.splitlines()[-1] == "KeyboardInterrupt"


@pytest.mark.parametrize("command", ["diff", "deploy"])
def test_terraform_runs_on_the_users_terminal_in_the_users_environment(
    environ: dict[str, str], tmp_path: Path, command: str
) -> None:
    project = copy_project(tmp_path / "project")
    set_environments(project, dev="intake")
    (tmp_path / "programs" / "terraform").write_text(TERRAFORM)
    given = environ | {"PATH": f"{environ['PATH']}:/usr/bin:/bin", "NOTES": str(tmp_path / "notes"), **WARM_CACHE}
    main_py = (sys.executable, "-O", "main.py", command, "dev", "--", "-no-color")

    status, shown = run_in_terminal(*main_py, cwd=project, columns=80, AWS_PROFILE="mine", **given)

    assert (status, shown) == (0, "\ndev-queues\n")
    assert (tmp_path / "notes").read_text().splitlines() == [
        "dev-queues init -input=false  [] terminal",
        f"dev-queues {deployment.TERRAFORM_COMMANDS[command]} -no-color  [] terminal",
    ]


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
