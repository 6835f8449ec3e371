"""The list of environments, wrong in every way: told with file and line, nothing written, nothing removed."""

from functools import partial
from pathlib import Path

import pytest

import main
from stacks import loading
from stacks.loading import EnvironmentsError, environment_names, load_environments
from tests.processes import run_python
from tests.stacks.conftest import Package
from tests.stacks.environment_files import GOOD, reported

MEANING = 'names in quotes, e.g. ("dev",); the stacks of those that are not listed are removed'
NAME = (
    "match ^[a-z][a-z0-9]*(-[a-z0-9]+)*$, got {}; "
    "lower case letters and digits, joined by hyphens, e.g. image-embedding"
)
WRONG = [
    pytest.param(
        'ENVIRONMENTS = ("dev",\n', "the file must be valid Python, got '(' was never closed; ", 1, id="a bracket"
    ),
    pytest.param(
        "\nENVIRONMENTS = (dev,)\n",
        "the file must run without an error, got NameError: name 'dev' is not defined; ENVIRONMENTS = (dev,)",
        2,
        id="no quotes",
    ),
    pytest.param(
        "import sys\nsys.exit(3)\n",
        "the file must run without an error, got SystemExit: 3; sys.exit(3)",
        2,
        id="an exit",
    ),
    pytest.param(
        'X = 1\nENVIROMENTS = ("dev",)\n',
        "ENVIRONMENTS must be given; did you mean it by ENVIROMENTS?",
        2,
        id="misspelt",
    ),
    pytest.param(
        'X = 1\nenvironments = ["dev"]\n',
        "ENVIRONMENTS must be given; did you mean it by environments?",
        2,
        id="in lower case",
    ),
    pytest.param(
        "X = 1\n", 'ENVIRONMENTS must be given; list the environments: ENVIRONMENTS = ("dev",)', 1, id="missing"
    ),
    pytest.param('X = 1\nENVIRONMENTS = ("dev")\n', f"ENVIRONMENTS must be a list, got 'dev'; {MEANING}", 2, id="bare"),
    pytest.param("ENVIRONMENTS = None\n", f"ENVIRONMENTS must be a list, got None; {MEANING}", 1, id="none"),
    pytest.param('ENVIRONMENTS = {"dev"}\n', f"ENVIRONMENTS must be a list, got {{'dev'}}; {MEANING}", 1, id="a set"),
    pytest.param("ENVIRONMENTS = ()\n", f"ENVIRONMENTS must have at least 1 item, got 0; {MEANING}", 1, id="empty"),
    pytest.param(
        "\n\nENVIRONMENTS: list[str] = []\n",
        f"ENVIRONMENTS must have at least 1 item, got 0; {MEANING}",
        3,
        id="empty and annotated",
    ),
    pytest.param(
        'ENVIRONMENTS = ("dev", 3)\n', f"ENVIRONMENTS[1] must be a string, got 3; {MEANING}", 1, id="a number"
    ),
    pytest.param(
        'ENVIRONMENTS = ("dev", "dev")\n',
        "ENVIRONMENTS[1] must be listed once, got 'dev'; take one of them out",
        1,
        id="twice",
    ),
    pytest.param(
        'ENVIRONMENTS = ("pr.od", "dev")\n', f"ENVIRONMENTS[0] must {NAME.format(repr('pr.od'))}", 1, id="a dot"
    ),
    pytest.param(  # a-b would mean the same file
        'ENVIRONMENTS = ("dev", "a_b")\n', f"ENVIRONMENTS[1] must {NAME.format(repr('a_b'))}", 1, id="an underscore"
    ),
    pytest.param(b"\xff\xfeE\0N\0", "the file must be text in UTF-8, got a NUL byte; ", 1, id="UTF-16"),
]


@pytest.mark.parametrize(("text", "expected", "line"), WRONG)
def test_a_slip_in_the_list_is_told_with_its_line(
    package: Package, text: str | bytes, expected: str, line: int
) -> None:
    files = package(__init__=text, dev=GOOD)

    ((told, where),) = reported(files)
    assert told.startswith(f"environments: {expected}")
    assert expected.endswith("; ") or told == f"environments: {expected}"
    assert where == f"doctored/__init__.py:{line}"
    for ask in (partial(environment_names, files), partial(load_environments, ["dev"], files)):
        with pytest.raises(EnvironmentsError) as raised:
            ask()
        assert str(raised.value) == told


def test_a_good_list_may_be_written_as_a_list(package: Package) -> None:
    assert environment_names(package(__init__='ENVIRONMENTS = ["dev", "a-b"]\n')) == ("dev", "a-b")


def test_a_list_that_is_not_there_is_asked_for(package: Package) -> None:
    assert reported(package(__init__="", dev=GOOD)) == [
        ('environments: the file must exist; create it with ENVIRONMENTS = ("dev",)', "doctored/__init__.py:1")
    ]


def test_the_files_of_the_names_that_are_well_are_checked_at_the_same_time(package: Package) -> None:
    listed = 'ENVIRONMENTS = ("dev", "pr.od", "qa", "dev", 3)\n'
    assert reported(package(__init__=listed, dev=GOOD, qa="QA = 1\n")) == [
        (f"environments: ENVIRONMENTS[1] must {NAME.format(repr('pr.od'))}", "doctored/__init__.py:1"),
        (f"environments: ENVIRONMENTS[4] must be a string, got 3; {MEANING}", "doctored/__init__.py:1"),
        ("qa: QA must be an Environment, got 1; define QA = Environment(…) in this file", "doctored/qa.py:1"),
    ]


@pytest.mark.parametrize("command", ["synth", "check", "list", "diff", "deploy"])
def test_no_command_touches_anything_with_a_broken_list(
    package: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    files = package(__init__="ENVIRONMENTS = ()\n", dev=GOOD)
    for function in (load_environments, environment_names):
        monkeypatch.setattr(loading, function.__name__, partial(function, package=files))
    monkeypatch.delenv("CDKTF_OUTDIR", raising=False)
    previous = Path("cdktf.out/stacks/dev-queues/cdk.tf.json")
    previous.parent.mkdir(parents=True)
    previous.write_text("as it was")

    assert main.main([command]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"environments: ENVIRONMENTS must have at least 1 item, got 0; {MEANING}",
        "    at doctored/__init__.py:1",
        "1 problem; nothing was written",
    ]
    assert [str(path) for path in Path("cdktf.out").rglob("*") if path.is_file()] == [str(previous)]
    assert previous.read_text() == "as it was"


def test_help_reads_no_list() -> None:
    code = """
import contextlib, io, sys, main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    main.main(["--help"])
print(*[name for name in sys.modules if name.startswith("stacks")])
"""
    assert run_python(code) == ""


@pytest.mark.parametrize("command", ["diff", "deploy"])
def test_deploying_without_an_environment_names_those_there_are(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert main.main([command]) == 2
    needs = f"{command} needs one environment, such as ENVIRONMENT=dev; known: dev, staging, prod\n"
    assert capsys.readouterr() == ("", needs)
