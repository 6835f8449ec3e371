"""However the bindings are started, the same bytes come out."""

from pathlib import Path

from tests.engine.conftest import ColdStarts
from tests.processes import files, run_main


def test_a_plain_start_writes_the_same_bytes_as_a_fast_one(
    tmp_path: Path, plain_start: tuple[str, dict[str, bytes]]
) -> None:
    done = run_main("--quiet", CDKTF_OUTDIR=tmp_path)
    assert done.returncode == 0, done.stderr
    printed, plain = plain_start
    modules, node_options = printed.split()
    assert int(modules) > 2_216
    assert node_options == "None"
    assert files(tmp_path) == plain


def test_a_first_start_that_was_killed_while_jsii_unpacked_does_no_harm_to_the_next(cold_starts: ColdStarts) -> None:
    assert cold_starts.interrupted_while_unpacking
    assert cold_starts.errors == ["", "", ""]


def test_two_first_starts_at_once_write_what_a_warm_start_writes(cold_starts: ColdStarts) -> None:
    assert "manifest.json" in cold_starts.warm_output
    assert cold_starts.outputs == [cold_starts.warm_output] * 2


def test_a_first_start_leaves_jsii_with_the_index_of_every_package(cold_starts: ColdStarts) -> None:
    assert cold_starts.indexed == {"constructs", "cdktf", "provider-aws"}
