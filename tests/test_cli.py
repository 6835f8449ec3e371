"""``main.py`` as people and the cdktf CLI run it: what it prints, writes, leaves alone and returns."""

import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from main import main
from stacks.deployment import CREDENTIAL_VARIABLES
from tests.processes import PROJECT, copy_project, copy_tree, files, run, run_main, set_environments

INVALID = """
from modules.sqs.settings import MessageQueueSettings
from stacks.environment import Environment

PROD = Environment(name="prod", queues={"requests": MessageQueueSettings(visibility_timeout_seconds=43_201)})
"""


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with two small environments that was synthesized once."""
    project = copy_project(tmp_path_factory.mktemp("synthesized"))
    set_environments(project, dev="intake", prod="intake")
    done = run_main("--quiet", project=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return project


@pytest.fixture
def project(synthesized: Path, tmp_path: Path) -> Path:
    """Return a copy of that project which a test may change."""
    return copy_tree(synthesized, tmp_path / "project")


Here = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """Return a way to give commands that write nothing within this process: exit status, output, problems."""
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "cdktf.out"))

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        return status, *capsys.readouterr()

    yield command
    assert not (tmp_path / "cdktf.out").exists()


def output(project: Path) -> dict[str, bytes]:
    return files(project / "cdktf.out")


def test_a_run_writes_one_folder_for_each_stack_and_a_manifest(synthesized: Path) -> None:
    assert set(output(synthesized)) == {
        "README.md",
        "manifest.json",
        "stacks/dev-queues/cdk.tf.json",
        "stacks/prod-queues/cdk.tf.json",
    }


def test_nothing_else_in_the_project_is_written(synthesized: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    ours = {name for name in files(synthesized) if not name.startswith("cdktf.out/") and "__pycache__" not in name}
    theirs = {name for name in files(project) if "__pycache__" not in name}
    assert ours - theirs == {f"stacks/environments/{name}.py" for name in ("__init__", "dev", "prod")}


def test_a_second_run_prints_a_line_for_each_stack_and_a_sum_and_writes_nothing_that_is_there(project: Path) -> None:
    stack = project / "cdktf.out" / "stacks" / "dev-queues" / "cdk.tf.json"
    before = stack.stat().st_mtime_ns
    done = run_main(project=project)
    *stacks, total = done.stdout.splitlines()
    # Plain text, since this is no terminal.
    assert stacks == [f"{name}-queues\t6\t0\tcdktf.out/stacks/{name}-queues" for name in ("dev", "prod")]
    assert re.fullmatch(r"2 stacks, 12 resources, \d+\.\d\d s", total)
    assert (done.returncode, done.stderr) == (0, "")
    assert stack.stat().st_mtime_ns == before


def test_an_invalid_environment_stops_all_and_leaves_the_output_as_it_was(project: Path) -> None:
    before = output(project)
    set_environments(project, dev="another", prod="another")
    (project / "stacks" / "environments" / "prod.py").write_text(INVALID)
    done = run_main(project=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert output(project) == before
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    for setting in ("queues.requests.visibility_timeout_seconds", "region"):
        assert any(line.startswith(f"prod: {setting} ") for line in lines)
    assert "    at stacks/environments/prod.py:5" in lines
    problems = [line for line in lines if line.startswith("prod: ")]
    assert lines[-1] == f"{len(problems)} problems; nothing was written"


def test_an_interrupted_run_says_so_and_leaves_the_output_as_it_was(project: Path) -> None:
    before = output(project)
    set_environments(project, dev="another", prod="another")
    with (project / "stacks" / "platform.py").open("a") as platform:
        platform.write("\nimport os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = run_main(project=project)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
    assert output(project) == before


# Presses Ctrl-C when the module named is imported.
INTERRUPTED_MAIN = """
import runpy, signal, sys
class Interrupt:
    def find_spec(self, name, path, target=None):
        if name == sys.argv[1]:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
runpy.run_path("main.py", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["argparse", "pydantic", "stacks.environment", "cdktf"])
def test_ctrl_c_ends_what_is_still_being_imported_in_one_word(project: Path, module: str) -> None:
    code = INTERRUPTED_MAIN.replace("sys.argv[1]", repr(module))
    done = run(sys.executable, "-O", "-c", code, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_ctrl_c_on_a_terminal_reaches_node_too_and_nothing_is_left_of_it(project: Path, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    with (project / "stacks" / "platform.py").open("a") as platform:
        # While cdktf works, in the whole group of processes, as a terminal does it.
        platform.write("\nimport os, signal\nApp()\nos.killpg(0, signal.SIGINT)\nApp()\n")
    command = ("setsid", "--wait", sys.executable, "-O", "main.py")
    done = run(*command, cwd=project, TMPDIR=tmp_path / "temporary")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_python_without_the_packages_is_told_which_one_has_them() -> None:
    done = run(sys.executable, "-S", "main.py", "check")
    start = "run make synth, which sets up .venv, and then .venv/bin/python main.py"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"no package pydantic for {sys.executable}; {start}\n"


def test_a_python_that_is_too_old_is_told_which_one_is_not() -> None:
    code = "import runpy, sys; sys.version_info = (3, 10, 9); runpy.run_path('main.py', run_name='__main__')"
    done = run(sys.executable, "-c", code)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Terrabatch needs Python 3.11 or newer, this is ")


def test_an_environment_that_is_not_in_the_list_is_spoken_of(project: Path) -> None:
    folder = project / "stacks" / "environments"
    shutil.copy(folder / "dev.py", folder / "next_year.py")
    (folder / "next_year.py").write_text((folder / "dev.py").read_text().replace("DEV =", "NEXT_YEAR ="))
    (folder / "common.py").write_text("LARGE = 64\n")
    listed = "'next-year' is not in ENVIRONMENTS (stacks/environments/__init__.py:1)"
    note = f"note: stacks/environments/next_year.py is not checked and not written: {listed}\n"

    done = run_main("check", project=project)

    assert (done.returncode, done.stdout, done.stderr) == (0, "dev, prod: no problems\n", note)
    assert run_main("check", "--quiet", project=project).stderr == ""


def test_what_the_system_refuses_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cdktf.out").write_text("a file")
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "cdktf.out"))
    assert main(["--quiet"]) == 1
    assert capsys.readouterr() == ("", f"File exists: {tmp_path / 'cdktf.out'}\n")


def test_nobody_has_to_read_to_the_end() -> None:
    command = f"set -o pipefail; {shlex.quote(sys.executable)} main.py list | true"
    done = run("bash", "-c", command, PYTHONUNBUFFERED="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_somebody_has_to_ask_aws_for_is_spoken_of(project: Path) -> None:
    file = project / "stacks" / "environments" / "dev.py"
    more = """
    network=PrivateNetwork(availability_zones=["us-east-1a"], nat_gateways=1),
    compute_environments={"light": FargateSpotComputeEnvironment(max_vcpus=7)},
    job_queues={"light": JobQueueSettings(compute_environments=["light"])},
"""
    imports = """
from modules.batch.settings.compute_environments import FargateSpotComputeEnvironment
from modules.batch.settings.job_queues import JobQueueSettings
from modules.vpc.settings import PrivateNetwork
"""
    file.write_text(imports + file.read_text().replace("    queues=", f"{more}    queues="))

    done = run_main("check", "dev", project=project)

    assert (done.returncode, done.stdout) == (0, "dev: no problems\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("note: dev: ")
    assert "fargate L-36FBB829" in line
    assert run_main("check", "dev", "--quiet", project=project).stderr == ""


def test_hcl_is_refused_before_anything_is_written(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTH_HCL_OUTPUT", "true")
    rule = "cdktf 0.21 writes HCL that Terraform cannot read; leave --hcl out, Terraform reads JSON too\n"
    assert here() == (2, "", rule)


@pytest.mark.parametrize(
    ("arguments", "checked"),
    [
        (["check"], "dev, staging, prod: no problems\n"),
        (["check", "--environment", "prod"], "prod: no problems\n"),
        (["--environment", "prod", "check"], "prod: no problems\n"),
        (["check", "--environment", "prod", "--environment", "dev"], "dev, prod: no problems\n"),
        (["check", "prod", "dev"], "dev, prod: no problems\n"),
        (["check", "--quiet"], ""),
    ],
)
def test_check_names_the_environments_without_problems(here: Here, arguments: list[str], checked: str) -> None:
    assert here(*arguments) == (0, checked, "")


@pytest.mark.parametrize("command", ["synth", "check", "diff", "deploy", "rehearse"])
def test_an_unknown_environment_is_answered_with_the_known_ones(here: Here, command: str) -> None:
    rule = "--environment must name one of the environments, got 'prd'; did you mean prod? known: dev, prod, staging"
    assert here(command, "--environment", "prd") == (2, "", f"command line: {rule}\n1 problem; nothing was written\n")


def test_without_terraform_nothing_is_rehearsed(here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TERRAFORM_BINARY_NAME", raising=False)
    rule = "no terraform on PATH; install Terraform 1.10 or newer, or set TERRAFORM_BINARY_NAME=tofu"
    assert here("rehearse", "--environment", "dev") == (3, "", f"not rehearsed: {rule}\n")


def test_what_is_rehearsed_is_what_is_synthesized_and_then_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, synthesized: Path
) -> None:
    given: list[tuple[set[str], set[str], dict[str, bool]]] = []

    def rehearse(folders: list[Path], then: Path | None, environ: object, **options: bool) -> int:
        (first,) = folders
        given.append((set(files(first)), set(files(then)) if then else set(), options))
        return 1

    monkeypatch.setattr("rehearsal.command.missing", lambda environ: "")
    monkeypatch.setattr("rehearsal.command.rehearse", rehearse)
    assert main(["rehearse", "--environment", "dev", "--then", str(synthesized / "cdktf.out"), "--keep", "--json"]) == 1
    ((first, then, options),) = given
    assert {"stacks/dev-network/cdk.tf.json", "stacks/dev-batch/cdk.tf.json"} <= first
    assert not [path for path in first if "prod" in path]
    assert then == set(output(synthesized))
    assert options == {"keep": True, "as_json": True}


def test_what_cannot_be_synthesized_is_not_rehearsed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rehearsal.command.missing", lambda environ: "")
    assert main(["rehearse", "--environment", "dev", "--then", "no-such-branch"]) == 2
    assert capsys.readouterr().err.startswith(
        "--then no-such-branch: neither a folder with a manifest.json or main.py, nor a revision: "
    )


def test_list_prints_the_names(here: Here) -> None:
    assert here("list") == (0, "dev\nstaging\nprod\n", "")


def test_a_wrong_command_is_refused(here: Here, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        here("sinth")
    assert exit_.value.code == 2
    assert "argument command: invalid choice: 'sinth' (choose from" in capsys.readouterr().err


def test_what_is_meant_for_terraform_is_not_dropped_by_the_other_commands(here: Here) -> None:
    refused = "only diff and deploy hand on what stands after --, to Terraform\n"
    assert here("check", "--", "-no-color") == (2, "", refused)


@pytest.mark.parametrize("command", ["diff", "deploy"])
def test_deploying_needs_one_environment(here: Here, command: str) -> None:
    needs = f"{command} needs one environment, such as ENVIRONMENT=dev; known: dev, staging, prod\n"
    assert here(command) == (2, "", needs)
    assert here(command, "--environment", "dev", "--environment", "prod") == (2, "", needs)
    assert here(command, "dev", "prod") == (2, "", needs)


@pytest.mark.parametrize("command", ["diff", "deploy"])
def test_deploying_says_all_that_is_missing_and_writes_nothing(
    here: Here, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PATH", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in CREDENTIAL_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    status, printed, problems = here(command, "--environment", "staging")
    assert (status, printed) == (2, "")
    assert problems.splitlines() == [
        f"{command}: no terraform and no tofu on PATH; install Terraform or OpenTofu, 1.10 or newer",
        f"{command}: no AWS credentials; run aws sso login or aws configure, or set AWS_PROFILE",
    ]


def test_make_lists_every_target() -> None:
    listed = run("make").stdout
    targets = re.findall(r"^  make ([a-z-]+) +\S", listed, re.MULTILINE)
    written = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert targets == [name for name in written if not name.startswith("ready-")]
    assert {"help", "synth", "check", "diff", "deploy", "clean"} <= set(targets)


@pytest.mark.parametrize("target", ["synth", "check", "diff", "deploy", "rehearse"])
def test_make_hands_on_the_environment_that_it_is_given_and_no_shells_variable(target: str) -> None:
    def command(*arguments: str) -> str:
        (line,) = [
            line
            for line in run("make", "-n", target, *arguments, ENVIRONMENT="shell").stdout.splitlines()
            if "main.py" in line
        ]
        return line

    assert f"main.py {target} dev" in command("ENVIRONMENT=dev")
    assert command().strip().endswith(f"main.py {target}")
