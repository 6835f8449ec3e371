"""Environment files that Python itself cannot run: each slip is told with file and line."""

import pytest

from stacks.loading import EnvironmentsError, load_environments
from tests.stacks.conftest import Package
from tests.stacks.environment_files import AFTER, GOOD, doctored, reported


@pytest.mark.parametrize(
    ("find", "replacement", "expected", "line"),
    [
        pytest.param(
            "    queues={\n",
            "    queues={{\n",
            "the file: got closing parenthesis",
            14,
            id="a bracket too many",
        ),
        pytest.param(
            'name="dev",',
            'name="dev"',
            "the file: got invalid syntax",
            6,
            id="a comma too few",
        ),
        pytest.param(
            '        "requests"',
            '    "requests"\n  x',
            "the file: got invalid syntax",
            12,
            id="a word too many",
        ),
        pytest.param(
            "import LocalState",
            "import LocalStat",
            "the file: got ImportError: cannot import name 'LocalStat' from 'stacks.state'",
            3,
            id="a wrong import",
        ),
        pytest.param(
            "from stacks.state import",
            "from stacks.stat import",
            "the file: got ModuleNotFoundError: No module named 'stacks.stat'",
            3,
            id="an import from nowhere",
        ),
        pytest.param(
            "state=LocalState()",
            "state=LocalStat()",
            "the file: got NameError: name 'LocalStat' is not defined",
            10,
            id="a name that is not defined",
        ),
        pytest.param(
            "production=False",
            "production=false",
            "the file: got NameError: name 'false' is not defined",
            9,
            id="false as in JSON",
        ),
        pytest.param(
            "state=LocalState()",
            "state=LocalState().directry",
            "the file: got AttributeError: 'LocalState' object has no attribute 'directry'",
            10,
            id="an attribute that is not there",
        ),
        pytest.param(
            "state=LocalState()",
            'state=LocalState("state")',
            "state: got 'state'",
            10,
            id="a value without its name",
        ),
        pytest.param(
            "visibility_timeout_seconds=60",
            "visibility_timeout_seconds=1 / 0",
            "the file: got ZeroDivisionError: division by zero",
            12,
            id="an error of its own",
        ),
        pytest.param(
            "visibility_timeout_seconds=60",
            'visibility_timeout_seconds=eval("1 +")',
            "the file: got SyntaxError: invalid syntax (<string>, line 1)",
            12,
            id="Python inside Python",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(package: Package, find: str, replacement: str, expected: str, line: int) -> None:
    ((text, where),) = reported(package(dev=doctored(find, replacement)))

    assert text.startswith(f"dev: {expected}")
    assert where == f"doctored/dev.py:{line}"


@pytest.mark.parametrize(
    ("find", "replacement", "hint"),
    [
        ("import LocalState", "import LocalStat", "did you mean LocalState?"),
        ("from stacks.state import", "from stacks.stat import", "from stacks.stat import LocalState"),
        ("state=LocalState()", "state=LocalStat()", "did you mean LocalState?"),
        ("production=False", "production=false", "did you mean False?"),
        ("state=LocalState()", "state=LocalState().directry", "did you mean directory?"),
        ("state=LocalState()", 'state=LocalState("state")', "e.g. LocalState(directory=…)"),
        ("60", "1 / 0", '"requests": MessageQueueSettings(visibility_timeout_seconds=1 / 0),'),
        ("60", "60, delay_second=1", "did you mean delay_seconds?"),
    ],
)
def test_what_was_meant_is_told_or_else_the_line_itself(
    package: Package, find: str, replacement: str, hint: str
) -> None:
    with pytest.raises(EnvironmentsError) as raised:
        load_environments(package=package(dev=doctored(find, replacement)))
    assert str(raised.value).endswith(f"; {hint}")


UNPRINTABLE = """
class Silent(BaseException):
    def __str__(self):
        raise ValueError
    __repr__ = __str__

"""


@pytest.mark.parametrize(
    ("appended", "expected", "line"),
    [
        (
            'DEV.region = "eu-west-1"\n',
            "the file: got TypeError: settings cannot be changed; write the value where they are made",
            AFTER,
        ),
        (
            "del DEV.region\n",
            "the file: got TypeError: settings cannot be changed; write the value where they are made",
            AFTER,
        ),
        (
            'DEV.queues["more"] = None\n',
            "the file: got TypeError: settings cannot be changed; write the value where they are made",
            AFTER,
        ),
        (
            UNPRINTABLE + "raise Silent\n",
            "the file: got Silent",
            AFTER + 6,
        ),
        (
            UNPRINTABLE + "DEV = Silent()\n",
            "DEV: got a Silent",
            AFTER + 6,
        ),
        (
            'raise SyntaxError("none of Python\'s")\n',
            "the file: got SyntaxError: none of Python's",
            AFTER,
        ),
        (
            "X = 1\0\n",
            "the file: got a NUL byte",
            AFTER,
        ),
    ],
    ids=["change", "removal", "addition", "silent error", "silent value", "own syntax error", "NUL"],
)
def test_what_no_message_of_python_s_fits_is_told_with_its_line(
    package: Package, appended: str, expected: str, line: int
) -> None:
    assert reported(package(dev=GOOD + appended)) == [(f"dev: {expected}", f"doctored/dev.py:{line}")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_file_that_is_no_utf_8_is_told(package: Package, encoding: str) -> None:
    problem = "dev: the file: got a NUL byte"
    assert reported(package(dev=GOOD.encode(encoding))) == [(problem, "doctored/dev.py:1")]


def test_a_byte_that_is_no_utf_8_is_told(package: Package) -> None:
    ((problem, where),) = reported(package(dev=GOOD.encode() + b"X = '\xe4'\n"))
    assert problem.startswith("dev: the file: got (unicode error) 'utf-8' codec can't decode byte")
    assert where == f"doctored/dev.py:{AFTER}"


def test_a_file_with_a_nul_byte_that_an_environment_imports_is_told_there(package: Package) -> None:
    files = package(
        __init__='ENVIRONMENTS = ("dev",)', dev="from doctored.common import TAGS\n" + GOOD, common="\n\nTAGS = '\0'\n"
    )
    problem = "dev: the file: got a NUL byte"
    assert reported(files) == [(problem, "doctored/common.py:3")]


def test_a_slip_in_a_file_that_an_environment_imports_is_told_there(package: Package) -> None:
    files = package(
        __init__='ENVIRONMENTS = ("dev",)',
        dev="from doctored.common import TAGS\n" + GOOD,
        common="TAGS = {\n    'a': undefined,\n}\n",
    )

    assert reported(files) == [
        (
            "dev: the file: got NameError: name 'undefined' is not defined",
            "doctored/common.py:2",
        )
    ]
