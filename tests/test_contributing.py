"""What CONTRIBUTING.md says about adding a setting or a kind is followed, in a copy of the project."""

import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import PROJECT, copy_project, run, run_main

TEXT = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")

ENVIRONMENT = """
from modules.batch.settings.compute_environments import FargateComputeEnvironment
from modules.batch.settings.job_definitions import FargateJobDefinition
from modules.batch.settings.job_queues import JobQueueSettings
from modules.efs.settings import AccessPointSettings, BurstingThroughput, ElasticThroughput, FileSystemSettings
from modules.iam.access_settings import Access
from modules.ssm.settings import ParameterSettings
from modules.vpc.settings import PrivateNetwork
from stacks.environment import Environment
from stacks.state import S3State

DEV = Environment(
    name="dev",
    account_id="111122223333",
    region="us-east-1",
    production=False,
    state=S3State(bucket="example-terraform-state", region="us-east-1"),
    network=PrivateNetwork(
        availability_zones=["us-east-1a", "us-east-1b"],
        interface_endpoints=["batch", "ecr.api", "ecr.dkr", "logs", "{endpoint}"],
    ),
    file_systems={{
        "models": FileSystemSettings(
            access_points={{"models": AccessPointSettings(path="/models", uid=1000, gid=1000)}},
            throughput={throughput}(),
            performance_mode="maxIO",
        ),
    }},
    parameters={{"model": ParameterSettings(value="{value}")}},
    compute_environments={{"light": FargateComputeEnvironment(max_vcpus=4)}},
    job_queues={{"light": JobQueueSettings(compute_environments=["light"])}},
    job_definitions={{
        "embed": FargateJobDefinition(
            job_queues=["light"],
            image="111122223333.dkr.ecr.us-east-1.amazonaws.com/embed:1.4",
            vcpus=1.0,
            memory_mib=2_048,
            timeout_seconds=3_600,
            access=Access(read_parameters=["{read}"]),
        ),
    }},
)
"""


@dataclass(frozen=True)
class Walk:
    """A section that adds something: the changes it shows, and the files it says there are."""

    title: str

    @property
    def text(self) -> str:
        (found,) = re.findall(rf"^## {self.title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
        return str(found)

    @property
    def named_files(self) -> set[str]:
        (sentence,) = re.findall(r"all the files of the product: (.*?)\.\s", self.text, re.DOTALL)
        return set(re.findall(r"`([^`]+)`", sentence))

    def follow(self, project: Path) -> None:
        for block in re.findall(r"^```diff\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL):
            apply(block, project)


def apply(diff: str, project: Path) -> None:
    """Change a file as ``diff`` shows; each hunk must fit one place of it, or it must be new."""
    header, *hunks = re.split(r"^@@\n", diff, flags=re.MULTILINE)
    (path,) = re.findall(r"^\+\+\+ b/(\S+)$", header, re.MULTILINE)
    file = project / path
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for hunk in hunks:
        lines = [line if line.strip() else " \n" for line in hunk.splitlines(keepends=True)]
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"{path} does not have this once:\n{before}"
        text = text.replace(before, after)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


SETTING, KIND = Walk("Add a setting"), Walk("Add a kind")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project in which all walks were followed."""
    project = copy_project(tmp_path_factory.mktemp("walk") / "project")
    shutil.copy(PROJECT / "pyproject.toml", project)
    for walk in (SETTING, KIND):
        walk.follow(project)
    (project / "stacks/environments/__init__.py").write_text('ENVIRONMENTS = ("dev",)\n')
    return project


def set_environment(project: Path, **values: str) -> None:
    shutil.rmtree(project / "stacks/environments/__pycache__", ignore_errors=True)
    text = ENVIRONMENT.format(**values)
    (project / "stacks/environments/dev.py").write_text(text)


def changed(project: Path) -> set[str]:
    """Return the files of the product that are not as they are here."""
    there = [file.relative_to(project) for file in project.rglob("*.py") if "environments" not in file.parts]
    ours = {path for path in there if (PROJECT / path).exists()}
    same = {path for path in ours if (PROJECT / path).read_bytes() == (project / path).read_bytes()}
    return set(map(str, {*there} - same))


def test_the_files_that_are_named_are_those_that_change(project: Path) -> None:
    assert changed(project) == SETTING.named_files | KIND.named_files
    assert len(KIND.named_files) <= 6


def test_what_a_kind_that_starts_others_needs_is_named() -> None:
    (listed,) = re.findall(r"^A kind that starts others.*?\n\n(.*?)\n\n", KIND.text, re.MULTILINE | re.DOTALL)
    mention = {
        str(file.relative_to(PROJECT))
        for folder in ("engine", "handover", "modules", "reporting", "stacks")
        for file in (PROJECT / folder).rglob("*.py")
        if re.search(r"\bbacklogs\b|\bDrain\b", file.read_text(encoding="utf-8"))
    }
    own = {file for file in mention if file.startswith(("modules/backlogs/", "stacks/environments/"))}
    assert set(re.findall(r"`([^`]+)`", listed)) == mention - own


def test_what_was_added_is_emitted(project: Path) -> None:
    set_environment(project, throughput="BurstingThroughput", value="gte-large", read="model", endpoint="ssm")

    done = run_main("--quiet", project=project)

    assert done.returncode == 0, done.stderr
    storage = json.loads((project / "cdktf.out/stacks/dev-storage/cdk.tf.json").read_text())
    (file_system,) = storage["resource"]["aws_efs_file_system"].values()
    (parameter,) = storage["resource"]["aws_ssm_parameter"].values()
    assert file_system["performance_mode"] == "maxIO"
    assert (parameter["name"], parameter["value"]) == ("terrabatch-dev-model", "gte-large")

    batch = json.loads((project / "cdktf.out/stacks/dev-batch/cdk.tf.json").read_text())
    (granted,) = [item for item in batch["resource"]["aws_iam_role_policy"].values() if "ssm:" in item["policy"]]
    (statement,) = json.loads(granted["policy"])["Statement"]
    assert statement["Action"] == ["ssm:GetParameter", "ssm:GetParameters"]
    assert statement["Resource"] == "${local.parameters_model_arn}"
    assert "terraform_remote_state.storage.outputs.parameters.model.arn" in batch["locals"]["parameters_model_arn"]


def test_what_was_added_is_checked(project: Path) -> None:
    set_environment(project, throughput="ElasticThroughput", value="{{other}}", read="modle", endpoint="sqs")

    done = run_main("check", project=project)

    assert done.returncode == 2
    assert "dev: file_systems.models.performance_mode must be generalPurpose" in done.stderr
    assert "dev: parameters.model.value must not have {{" in done.stderr
    assert "dev: job_definitions.embed.access.read_parameters[0] must" in done.stderr
    assert "dev: network.interface_endpoints must contain 'ssm'" in done.stderr


def test_what_was_added_is_written_as_the_rest_is(project: Path) -> None:
    for command in ("check", "format"):
        options = ["--check"] if command == "format" else []
        done = run(sys.executable, "-m", "ruff", command, *options, *sorted(changed(project)), cwd=project)
        assert done.returncode == 0, done.stdout + done.stderr
