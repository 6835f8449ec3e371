"""Environment files with slips in their settings: each is told with file and line, all at once; nothing is written."""

from functools import partial
from pathlib import Path

import pytest

import main
from stacks import loading
from stacks.environments import ENVIRONMENTS
from stacks.loading import EnvironmentsError, load_environments
from tests.problems import in_short
from tests.stacks.conftest import Package
from tests.stacks.environment_files import AFTER, GOOD, doctored, reported


def test_good_files_are_loaded_in_the_order_of_the_list(package: Package) -> None:
    other = GOOD.replace("DEV", "QA_2").replace('"dev"', '"qa-2"')
    files = package(qa_2=other, dev=GOOD)

    assert [environment.name for environment in load_environments(package=files)] == ["qa-2", "dev"]
    assert [environment.name for environment in load_environments(["dev"], files)] == ["dev"]


def test_an_environment_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(EnvironmentsError) as raised:
        load_environments(["prd", "dev"])

    (error,) = raised.value.errors
    assert (error.subject, in_short(error.problems)) == ("command line", ["--environment: got 'prd'"])
    assert "known: dev, prod, staging" in str(error)


def test_the_shipped_environments_are_good() -> None:
    assert tuple(environment.name for environment in load_environments()) == ENVIRONMENTS


@pytest.mark.parametrize(
    ("find", "replacement", "expected", "line"),
    [
        pytest.param(
            "visibility_timeout_seconds=60",
            "visibility_timeout_seconds=10**5_000",
            "queues.requests.visibility_timeout_seconds: 0, 43,200, got an int",
            12,
            id="a number too long to print",
        ),
        pytest.param(
            "DEV =",
            "DEVELOPMENT =",
            "DEV: got nothing",
            1,
            id="another name",
        ),
        pytest.param(
            "DEV = Environment(",
            "DEV = dict(",
            "DEV: got a dict of 6 entries",
            5,
            id="no environment",
        ),
        pytest.param('name="dev"', 'name="prod"', "name: got 'prod'", 5, id="a wrong name"),
        pytest.param(
            "state=LocalState()",
            'state="local"',
            "state: got 'local'",
            10,
            id="a wrong class",
        ),
        pytest.param(
            "state=LocalState()",
            "state=LocalState",
            "state: got the class LocalState itself",
            10,
            id="a class instead of an object",
        ),
        pytest.param(
            "    state=LocalState(),\n",
            "",
            "state",
            5,
            id="a missing argument",
        ),
        pytest.param(
            "visibility_timeout_seconds=60",
            "",
            "queues.requests.visibility_timeout_seconds",
            12,
            id="a missing setting",
        ),
        pytest.param(
            "visibility_timeout_seconds=60",
            "visibility_timeout_seconds=60, delay_second=1",
            "queues.requests.delay_second",
            12,
            id="a setting that is not there",
        ),
        pytest.param(
            '"requests"',
            '"Requests"',
            "queues.Requests: got 'Requests'",
            12,
            id="a name that breaks the rules of names",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(package: Package, find: str, replacement: str, expected: str, line: int) -> None:
    ((text, where),) = reported(package(dev=doctored(find, replacement)))

    assert text.startswith(f"dev: {expected}")
    assert where == f"doctored/dev.py:{line}"


def test_a_folder_is_no_environment_file(package: Package) -> None:
    files = package(dev=GOOD, qa="")
    (Path("doctored") / "qa").mkdir()
    assert reported(files) == [
        (
            "qa: the file",
            "doctored/__init__.py:1",
        )
    ]


def test_a_file_that_is_not_there_is_asked_for(package: Package) -> None:
    assert reported(package(dev=GOOD, qa_2="")) == [
        (
            "qa-2: the file",
            "doctored/__init__.py:1",
        )
    ]


BAD_QUEUE = "MessageQueueSettings(visibility_timeout_seconds=-1)"


def test_a_key_that_is_there_twice_is_told(package: Package) -> None:
    line = '        "requests": MessageQueueSettings(visibility_timeout_seconds=60),\n'
    assert reported(package(dev=GOOD.replace(line, 2 * line))) == [
        ("dev: a dict: got 'requests' again", "doctored/dev.py:13")
    ]


def test_a_bad_setting_that_nothing_refers_to_is_told(package: Package) -> None:
    assert reported(package(dev=f"{GOOD}SPARE = {BAD_QUEUE}\n")) == [
        ("dev: visibility_timeout_seconds: 0, 43,200, got -1", f"doctored/dev.py:{AFTER}")
    ]


def test_where_a_file_reads_a_bad_setting_all_others_are_told_as_well(package: Package) -> None:
    bad = GOOD.replace("visibility_timeout_seconds=60", "visibility_timeout_seconds=-1").replace("us-east-1", "mars")
    found = reported(package(dev=f'{bad}SECONDS = 2 * DEV.queues["requests"].visibility_timeout_seconds\n'))
    assert [line for line, _ in found] == [
        "dev: region: got 'mars'",
        "dev: queues.requests.visibility_timeout_seconds: 0, 43,200, got -1",
    ]


def test_a_bad_setting_of_two_entries_is_told_for_each(package: Package) -> None:
    queues = f"SHARED = {BAD_QUEUE}\n{GOOD.replace('DEV =', 'DEV =', 1)}".replace(
        "MessageQueueSettings(visibility_timeout_seconds=60),", 'SHARED,\n        "more": SHARED,'
    )
    source = f"from modules.sqs.settings import MessageQueueSettings\n{queues}"
    assert [line for line, _ in reported(package(dev=source))] == [
        "dev: queues.requests.visibility_timeout_seconds: 0, 43,200, got -1",
        "dev: queues.more.visibility_timeout_seconds: 0, 43,200, got -1",
    ]


def test_a_bad_setting_that_the_file_itself_reads_is_told_where_it_is_made(package: Package) -> None:
    made = (
        "QUEUE = MessageQueueSettings(visibility_timeout_seconds=-1)\nDOUBLE = 2 * QUEUE.visibility_timeout_seconds\n"
    )
    files = package(dev=doctored("\nDEV", f"\n{made}DEV"))

    assert reported(files) == [
        (
            "dev: visibility_timeout_seconds: 0, 43,200, got -1",
            "doctored/dev.py:5",
        )
    ]


BROKEN = {
    "dev": doctored("visibility_timeout_seconds=60", 'visibility_timeout_seconds="60", delay_seconds=901').replace(
        '"us-east-1"', '"mars"'
    ),
    "qa": "DEV = (\n",
    "prod": GOOD.replace("DEV", "PROD").replace('"dev"', '"prod"').replace("production=False", "production=True"),
}
EVERY_PROBLEM = [
    (
        "dev: region: got 'mars'",
        "doctored/dev.py:8",
    ),
    (
        "dev: queues.requests.visibility_timeout_seconds: got '60'",
        "doctored/dev.py:12",
    ),
    (
        "dev: queues.requests.delay_seconds: 0, 900, got 901",
        "doctored/dev.py:12",
    ),
    ("qa: the file: got '(' was never closed", "doctored/qa.py:1"),
    ("prod: operations: got None", "doctored/prod.py:5"),
    (
        "prod: state: got a LocalState",
        "doctored/prod.py:10",
    ),
]


def test_every_problem_of_every_environment_is_told_at_once(package: Package) -> None:
    assert reported(package(**BROKEN)) == EVERY_PROBLEM


def test_an_environment_is_not_concerned_with_the_problems_of_another(package: Package) -> None:
    (loaded,) = load_environments(["dev"], package(dev=GOOD, prod=BROKEN["prod"]))
    assert loaded.name == "dev"


@pytest.mark.parametrize("command", ["synth", "check"])
def test_the_program_prints_them_exits_2_and_leaves_the_previous_output_alone(
    package: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setattr(loading, "load_environments", partial(load_environments, package=package(**BROKEN)))
    monkeypatch.delenv("CDKTF_OUTDIR", raising=False)
    previous = Path("cdktf.out/stacks/dev-queues/cdk.tf.json")
    previous.parent.mkdir(parents=True)
    previous.write_text("as it was")
    before = {path for path in Path().rglob("*") if "__pycache__" not in path.parts}

    assert main.main([command]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    *lines, last = printed.err.splitlines()
    assert [line.replace(":", "").split()[:2] for line in lines[::2]] == [
        problem.replace(":", "").split()[:2] for problem, _ in EVERY_PROBLEM
    ]
    assert lines[1::2] == [f"    at {where}" for _, where in EVERY_PROBLEM]
    assert last == "6 problems; nothing was written"
    assert {path for path in Path().rglob("*") if "__pycache__" not in path.parts} == before
    assert previous.read_text() == "as it was"


def test_a_name_in_small_letters_is_told_to_be_meant(package: Package) -> None:
    with pytest.raises(EnvironmentsError) as raised:
        load_environments(package=package(dev=doctored("DEV =", "dev =")))
    assert str(raised.value).endswith("DEV must be an Environment, got nothing; write dev in capitals")
