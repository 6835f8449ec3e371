"""However the bindings are started, the same bytes come out."""

import sys
from pathlib import Path

from tests.engine.conftest import ColdStarts
from tests.processes import PROJECT, copy_project, files, run, run_main, set_environments


def test_a_plain_start_writes_the_same_bytes_as_a_fast_one(
    reference: dict[str, bytes], plain_start: tuple[str, dict[str, bytes]]
) -> None:
    printed, plain = plain_start
    modules, node_options = printed.split()
    assert int(modules) > 2_216
    assert node_options == "None"
    assert reference == plain


def test_a_first_start_that_was_killed_while_jsii_unpacked_does_no_harm_to_the_next(cold_starts: ColdStarts) -> None:
    assert cold_starts.interrupted_while_unpacking
    assert cold_starts.errors == ["", "", ""]


def test_two_first_starts_at_once_write_what_a_warm_start_writes(cold_starts: ColdStarts) -> None:
    assert "manifest.json" in cold_starts.warm_output
    assert cold_starts.outputs == [cold_starts.warm_output] * 2


def test_a_first_start_leaves_jsii_with_the_index_of_every_package(cold_starts: ColdStarts) -> None:
    assert cold_starts.indexed == {"constructs", "cdktf", "provider-aws"}


# Raises as a file system that is mounted read-only would, root included.
READ_ONLY = """
import errno, os, runpy, sys

def refuse(event, arguments):
    writes = event in {"os.mkdir", "os.rename", "os.remove"}
    if event == "open":
        writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if writes and str(arguments[0]).startswith(sys.prefix):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), arguments[0])

sys.addaudithook(refuse)
try:
    open(os.path.join(sys.prefix, "written"), "w")
except OSError as error:
    print(error.strerror)
sys.argv = ["main.py", "--quiet"]
runpy.run_path("main.py", run_name="__main__")
"""


def test_a_python_that_cannot_be_written_to_writes_the_same_bytes(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    set_environments(project, dev="intake")
    done = run(sys.executable, "-c", READ_ONLY, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Read-only file system\n", "")
    read_only = files(project / "cdktf.out")
    assert run_main("--quiet", project=project, CDKTF_OUTDIR=tmp_path / "writable").returncode == 0
    assert read_only == files(tmp_path / "writable")


def test_the_engine_stays_small() -> None:
    """It is the part that depends on how others' packages look, so it is to be read in one sitting."""
    lines = [line.strip() for file in (PROJECT / "engine").glob("*.*") for line in file.read_text().splitlines()]
    code = [line for line in lines if line and not line.startswith(("#", "//", "/**"))]
    assert len(code) <= 200
