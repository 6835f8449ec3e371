"""The examples for CI: well-formed, safe as far as linters know, and with commands that there are."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import main
from stacks.manifest import SynthesizedStack
from tests.processes import PROJECT, run
from tests.shipped import shipped_stacks

FOLDER = PROJECT / "examples/ci"
NAMES = ("github-actions.yml", "gitlab-ci.yml", "atlantis.yaml", "atlantis-repos.yaml")
GITHUB, GITLAB, ATLANTIS, SERVER = (FOLDER / name for name in NAMES)
SCHEMAS = {GITHUB: "vendor.github-workflows", GITLAB: "vendor.gitlab-ci"}
ZIZMOR = (Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--persona=pedantic")
# The steps in which all of them do it.
STEPS = ["check", "synth", "compare", "bundle"]


def read(file: Path) -> Any:
    return YAML(typ="safe").load(file)


def scripts(value: Any) -> Iterator[str]:
    """Yield every text that a shell runs."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"run", "command"} and isinstance(item, str):
                yield item
            else:
                yield from scripts([item] if key == "script" and isinstance(item, str) else item)
            if key in {"script", "before_script"}:
                yield "\n".join(item)
    elif isinstance(value, list):
        for item in value:
            yield from scripts(item)


def commands(file: Path) -> Iterator[list[str]]:
    """Yield the arguments of every call of main.py, up to what the shell does with its output."""
    for script in scripts(read(file)):
        for found in re.finditer(r"main\.py ([^|&>\n]+)", re.sub(r"\\\n *", "", script)):
            yield shlex.split(found[1])


def test_there_are_no_others() -> None:
    assert {GITHUB, GITLAB, ATLANTIS, SERVER} == set(FOLDER.iterdir())


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_they_are_what_the_schema_of_their_system_takes(file: Path) -> None:
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[file], file)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_the_workflow_is_safe_as_far_as_zizmor_knows(tmp_path: Path) -> None:
    assert run(*ZIZMOR, GITHUB).returncode == 0
    worse = tmp_path / "worse.yml"
    worse.write_text(GITHUB.read_text().replace('"$ENVIRONMENT"', "${{ github.head_ref }}"))
    assert "template-injection" in run(*ZIZMOR, worse).stdout


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    used = set(re.findall(r"uses: (.*)", GITHUB.read_text()))
    pins = [re.fullmatch(r"([\w-]+/[\w-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", line) for line in used]
    assert None not in pins
    assert len(used) == len({pin[1] for pin in pins if pin}) > 4


@pytest.mark.parametrize("file", [GITHUB, GITLAB, SERVER], ids=lambda file: file.name)
def test_their_commands_are_those_there_are(file: Path) -> None:
    found = list(commands(file))
    assert [name for name in STEPS if name not in {words[0] for words in found}] == []
    for words in found:
        own = words[: words.index("--")] if "--" in words else words
        options = main._parser().parse_args(own)
        assert options.run in ((main.diff, main.deploy) if "--" in words else vars(main).values())
        with pytest.raises(SystemExit, match="0"):
            main._parser().parse_args([own[0], "--help"])


@pytest.mark.parametrize("file", [GITHUB, GITLAB, SERVER], ids=lambda file: file.name)
def test_a_shell_can_read_what_it_is_to_run_and_finds_what_it_names(file: Path) -> None:
    texts = list(scripts(read(file)))
    assert len(texts) > 2
    for text in texts:
        done = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), text
        for path in re.findall(r"\bscripts/[\w.-]+", text):
            assert (PROJECT / path).is_file()


def test_projects_of_atlantis_are_the_stacks_that_there_are_in_their_order() -> None:
    projects = {project["name"]: project for project in read(ATLANTIS)["projects"]}
    stacks = [SynthesizedStack(name, Path(), document) for name, document in shipped_stacks().items()]
    dependencies = {stack.name: stack.dependencies for stack in stacks if stack.environment in {"staging", "prod"}}
    assert {name: sorted(project.get("depends_on", ())) for name, project in projects.items()} == dependencies
    for name, project in projects.items():
        assert project["dir"] == f"cdktf.out/stacks/{name}"
        assert project["workflow"] in read(SERVER)["workflows"]
        for other in dependencies[name]:
            assert projects[other]["execution_order_group"] < project["execution_order_group"]
