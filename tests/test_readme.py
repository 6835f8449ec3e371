"""The pages for people are run: their Python, their commands, the paths and names they speak of."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import main
from benchmarks.synth_speed.processes import peak_of
from modules.cloudwatch.alarm_kinds import ALARM_KINDS
from modules.cloudwatch.event_metrics import EVENT_METRICS
from modules.problems import SettingsError
from modules.service_quotas.quotas import QUOTAS
from reference.edits import production_source
from stacks.environment import Environment
from tests.processes import environ
from tests.sources import nodes

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    str(page.relative_to(ROOT)): page.read_text(encoding="utf-8")
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
}
ALL = "\n".join(PAGES.values())
BLOCKS = [
    pytest.param(block, id=f"{page}: {block.splitlines()[0]}")
    for page, text in PAGES.items()
    for block in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
]
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", ALL, flags=re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("block", [block for block in BLOCKS if "DEMO = " in str(block.values[0])])
def test_every_environment_is_one(block: str) -> None:
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert isinstance(names["DEMO"], Environment)


(PROGRAM,) = re.findall(r"^```python\n(import modules .*?)^```$", PAGES["README.md"], re.MULTILINE | re.DOTALL)


def test_the_program_starts_fast_in_a_process_of_its_own(tmp_path: Path) -> None:
    """Plain cdktf takes 1,200 MiB for it."""
    (tmp_path / "program.py").write_text(PROGRAM)
    settings = environ(PYTHONPATH=ROOT, CDKTF_OUTDIR=tmp_path / "out")
    command = (sys.executable, "program.py")
    with subprocess.Popen(command, cwd=tmp_path, env=settings, stderr=subprocess.PIPE, text=True) as process:
        peak = peak_of(process)
        assert (process.returncode, process.communicate()[1]) == (0, "")

    assert peak <= 350
    emitted = json.loads((tmp_path / "out/stacks/mine/cdk.tf.json").read_text())["resource"]
    kinds = {"aws_sqs_queue", "aws_batch_compute_environment", "aws_batch_job_queue", "aws_batch_job_definition"}
    assert {*kinds, "aws_ecs_cluster", "aws_ecs_service"} <= emitted.keys()


def test_the_program_is_short() -> None:
    assert len(PROGRAM.splitlines()) <= 45


def test_the_error_that_is_shown_is_the_error_that_is_given() -> None:
    (format_value,) = re.findall(r"^```text\n(prod: .*)$", PAGES["README.md"], re.MULTILINE)
    source = production_source()
    broken = re.sub(r"visibility_timeout_seconds=900", "visibility_timeout_seconds=30", source, count=1)
    assert broken != source

    with pytest.raises(SettingsError) as raised:
        exec(compile(broken, "prod.py", "exec"), {})

    assert format_value in str(raised.value).splitlines()


def test_every_path_that_is_named_exists() -> None:
    paths = [
        code
        for code in CODE
        if re.fullmatch(r"(modules|stacks|examples|docs|tests|benchmarks|engine|reference|scripts)/[\w/.*-]+", code)
    ]
    # The reader is told to make them.
    made = {"stacks/environments/demo.py", *re.findall(r"^\+\+\+ b/(.*)$", ALL, re.MULTILINE)}

    assert [path for path in paths if path not in made and not list(ROOT.glob(path))] == []


@cache
def anchors(file: Path) -> set[str]:
    """Return what may stand after # in a link to a page, as GitHub names its headings: a second one ends in -1."""
    headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    names = [re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in headings]
    return {f"{name}-{names[:index].count(name)}".removesuffix("-0") for index, name in enumerate(names)}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    prose = re.sub(r"`[^`\n]*`", "", PAGES[page])
    for link in set(re.findall(r"\]\((?!https:)([^)]+)\)", prose)):
        path, _, anchor = link.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        assert file.exists(), link
        assert not anchor or anchor in anchors(file), link


def test_the_readme_is_read_in_ten_minutes() -> None:
    prose = re.sub(r"^```.*?^```$", "", PAGES["README.md"], flags=re.MULTILINE | re.DOTALL)
    assert len(prose.split()) < 1_500


def test_every_command_is_documented() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    documented = set(re.findall(r"(?:`|^)make ([a-z-]+)", ALL, re.MULTILINE))

    assert set(targets) - documented == {"clean"}, "clean explains itself"
    assert documented - set(targets) == set()
    commands = re.findall(r"^    ([a-z]+)  ", main._parser().format_help(), re.MULTILINE)
    assert {"synth", "check", "list", "diff", "deploy"} <= set(commands)
    assert [name for name in commands if f"main.py {name}" not in ALL and f"make {name}" not in ALL] == []


def test_every_setting_and_class_that_is_named_exists() -> None:
    files = (file for folder in ("modules", "stacks") for file in (ROOT / folder).rglob("*.py"))
    found = [node for file in files for node in nodes(file)]
    defined = {node.name for node in found if isinstance(node, ast.ClassDef)}
    defined |= {
        node.target.id for node in found if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    defined |= set(re.findall(r"^\+ *(?:class )?(\w+)[(:]", ALL, re.MULTILINE))  # what CONTRIBUTING.md adds
    classes = {name for code in CODE for name in re.findall(r"\b(?:[A-Z][a-z0-9]+){2,}\b", code)}
    elsewhere = {"RegisterJobDefinition", "RegisterTaskDefinition", "SubmitJob", "MessageGroupId"}  # of AWS
    elsewhere |= {"GetTable", "StartMessageMoveTask", "StartQueryExecution", "TagResource", "TerminateJob"}
    elsewhere |= {"ContainerInsights", "EventBridge"}  # in namespaces
    watched = [metric for kind in ALARM_KINDS.values() for metric in kind.metrics.values()]
    elsewhere |= {metric.name for metric in watched} | {name for metric in watched for name in metric.dimensions}
    elsewhere |= set(EVENT_METRICS) | {name for metric in EVENT_METRICS.values() for name in metric.dimensions}

    assert classes - defined - elsewhere == set()
    settings = {code for code in CODE if re.fullmatch(r"(?!aws_)[a-z]+(_[a-z]+)+", code)}
    outputs = {name for file in (ROOT / "stacks").glob("*.py") for name in OUTPUT.findall(file.read_text())}
    outputs.add("named_security_group_ids")  # of the output network
    provider = {"desired_vcpus", "cdktf_cdktf_provider_aws", "tfe_outputs"}
    assert settings - defined - outputs - provider - set(QUOTAS) == set()


OUTPUT = re.compile(r'(?:add_output\(\s*|SCRIPT = )"(\w+)"')


def short_sections(text: str) -> list[str]:
    """Return the headings with hardly anything below them, not even a heading of a lower level."""
    # A comment in a block of shell or Python is no heading.
    prose = re.sub(r"^```.*?^```$", "a block of code is enough", text, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"^(#+) (.*)$", prose, flags=re.MULTILINE)
    sections = list(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))
    followers = [*(level for level, _, _ in sections[1:]), ""]
    return [
        heading
        for (level, heading, below), next_level in zip(sections, followers, strict=True)
        if len(below.split()) < 5 and not (len(next_level) > len(level) and not below.strip())
    ]


@pytest.mark.parametrize("page", PAGES)
def test_no_section_is_left_to_be_filled(page: str) -> None:
    assert short_sections(PAGES[page]) == []


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("# A\n\nOne two three four five.\n", []),
        ("# A\n\nOne two three four.\n", ["A"]),
        ("# A\n", ["A"]),
        ("# A\n\n## B\n\nOne two three four five.\n", []),
        ("# A\n\nLater.\n\n## B\n\nOne two three four five.\n", ["A"]),
        ("# A\n\n## B\n\n## C\n\nOne two three four five.\n", ["B"]),
        ("## A\n\n# B\n\nOne two three four five.\n", ["A"]),
        ("# A\n\n```\n# code\n```\n", []),
    ],
)
def test_a_section_that_is_left_to_be_filled_would_be_found(text: str, short: list[str]) -> None:
    assert short_sections(text) == short


def test_the_figures_are_those_that_were_measured_last_and_reach_what_they_are_to_reach() -> None:
    results = (ROOT / "benchmarks/synth_speed/results.md").read_text(encoding="utf-8")
    rows = [line for line in results.splitlines() if line.startswith("| ")]
    assert len(rows) > 8
    assert [row for row in rows if row not in PAGES["docs/speed.md"]] == []
    assert "missed" not in results
