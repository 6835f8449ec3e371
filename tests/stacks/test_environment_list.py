"""The list of environments, wrong in every way: told with file and line, nothing written, nothing removed."""

from functools import partial
from pathlib import Path

import pytest

import main
from stacks import loading
from stacks.loading import EnvironmentsError, environment_names, load_environments
from tests.problems import in_short
from tests.processes import run_python
from tests.stacks.conftest import Package
from tests.stacks.environment_files import GOOD, reported

WRONG = [
    pytest.param('ENVIRONMENTS = ("dev",\n', "the file: got '(' was never closed", 1, id="a bracket"),
    pytest.param(
        "\nENVIRONMENTS = (dev,)\n",
        "the file: got NameError: name 'dev' is not defined",
        2,
        id="no quotes",
    ),
    pytest.param(
        "import sys\nsys.exit(3)\n",
        "the file: got SystemExit: 3",
        2,
        id="an exit",
    ),
    pytest.param(
        'X = 1\nENVIROMENTS = ("dev",)\n',
        "ENVIRONMENTS",
        2,
        id="misspelt",
    ),
    pytest.param(
        'X = 1\nenvironments = ["dev"]\n',
        "ENVIRONMENTS",
        2,
        id="in lower case",
    ),
    pytest.param("X = 1\n", "ENVIRONMENTS", 1, id="missing"),
    pytest.param('X = 1\nENVIRONMENTS = ("dev")\n', "ENVIRONMENTS: got 'dev'", 2, id="bare"),
    pytest.param("ENVIRONMENTS = None\n", "ENVIRONMENTS: got None", 1, id="none"),
    pytest.param('ENVIRONMENTS = {"dev"}\n', "ENVIRONMENTS: got {'dev'}", 1, id="a set"),
    pytest.param("ENVIRONMENTS = ()\n", "ENVIRONMENTS: 1, got 0", 1, id="empty"),
    pytest.param(
        "\n\nENVIRONMENTS: list[str] = []\n",
        "ENVIRONMENTS: 1, got 0",
        3,
        id="empty and annotated",
    ),
    pytest.param('ENVIRONMENTS = ("dev", 3)\n', "ENVIRONMENTS[1]: got 3", 1, id="a number"),
    pytest.param(
        'ENVIRONMENTS = ("dev", "dev")\n',
        "ENVIRONMENTS[1]: got 'dev'",
        1,
        id="twice",
    ),
    pytest.param('ENVIRONMENTS = ("pr.od", "dev")\n', "ENVIRONMENTS[0]: got 'pr.od'", 1, id="a dot"),
    pytest.param(  # a-b would mean the same file
        'ENVIRONMENTS = ("dev", "a_b")\n', "ENVIRONMENTS[1]: got 'a_b'", 1, id="an underscore"
    ),
    pytest.param(b"\xff\xfeE\0N\0", "the file: got a NUL byte", 1, id="UTF-16"),
]


@pytest.mark.parametrize(("text", "expected", "line"), WRONG)
def test_a_slip_in_the_list_is_told_with_its_line(
    package: Package, text: str | bytes, expected: str, line: int
) -> None:
    files = package(__init__=text, dev=GOOD)

    assert reported(files) == [(f"environments: {expected}", f"doctored/__init__.py:{line}")]
    for ask in (partial(environment_names, files), partial(load_environments, ["dev"], files)):
        with pytest.raises(EnvironmentsError) as raised:
            ask()
        assert [in_short(error.problems) for error in raised.value.errors] == [[expected]]


def test_a_good_list_may_be_written_as_a_list(package: Package) -> None:
    assert environment_names(package(__init__='ENVIRONMENTS = ["dev", "a-b"]\n')) == ("dev", "a-b")


def test_a_list_that_is_not_there_is_asked_for(package: Package) -> None:
    assert reported(package(__init__="", dev=GOOD)) == [("environments: the file", "doctored/__init__.py:1")]


def test_the_files_of_the_names_that_are_well_are_checked_at_the_same_time(package: Package) -> None:
    listed = 'ENVIRONMENTS = ("dev", "pr.od", "qa", "dev", 3)\n'
    assert reported(package(__init__=listed, dev=GOOD, qa="QA = 1\n")) == [
        ("environments: ENVIRONMENTS[1]: got 'pr.od'", "doctored/__init__.py:1"),
        ("environments: ENVIRONMENTS[4]: got 3", "doctored/__init__.py:1"),
        ("qa: QA: got 1", "doctored/qa.py:1"),
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
    problem, *rest = printed.err.splitlines()
    assert problem.startswith("environments: ENVIRONMENTS ")
    assert rest == ["    at doctored/__init__.py:1", "1 problem; nothing was written"]
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
