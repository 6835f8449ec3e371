"""However the bindings are started, the same bytes come out."""

from pathlib import Path
from typing import Any

from stacks.synthesis import synthesize
from tests.processes import PROJECT, SMALL_ENVIRONMENT, files
from tests.starts import ColdStarts, Start


def test_a_plain_start_writes_the_same_bytes_as_a_fast_one(plain_start: Start, start_elsewhere: Start) -> None:
    modules, node_options = plain_start.printed.split()
    assert int(modules) >= 2_212
    assert node_options == "None"
    assert plain_start.output == start_elsewhere.output != {}


def test_a_first_start_that_was_killed_while_jsii_unpacked_does_no_harm_to_the_next(cold_starts: ColdStarts) -> None:
    assert cold_starts.interrupted_while_unpacking
    assert cold_starts.errors == ["", ""]


def test_two_first_starts_at_once_write_what_a_warm_start_writes(cold_starts: ColdStarts, tmp_path: Path) -> None:
    small: dict[str, Any] = {}
    exec(SMALL_ENVIRONMENT.format(attribute="DEV", name="dev", queue="intake"), small)
    synthesize([small["DEV"]], tmp_path, complete=True)
    assert cold_starts.outputs == [files(tmp_path)] * 2


def test_a_first_start_leaves_jsii_with_the_index_of_every_package(cold_starts: ColdStarts) -> None:
    assert cold_starts.indexed == {"constructs", "cdktf", "provider-aws"}


def test_the_engine_stays_small() -> None:
    """It is the part that depends on how others' packages look, so it is to be read in one sitting."""
    lines = [line.strip() for file in (PROJECT / "engine").glob("*.*") for line in file.read_text().splitlines()]
    code = [line for line in lines if line and not line.startswith(("#", "//", "/**"))]
    assert len(code) <= 230
