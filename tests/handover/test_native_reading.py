"""What is in Terraform's own language, as the JSON it was written from."""

from pathlib import Path
from typing import Any

import pytest

from handover.archive import write
from handover.bundle import bundle
from handover.comparing import resources_of
from handover.comparison import compare
from handover.native import native
from handover.native_reading import read_document
from handover.options import Options
from handover.platforms import Platform
from handover.reading import UnreadableError, read
from tests.handover.platforms import platform_of, root_module
from tests.shipped import EXAMPLES, shipped_stacks

LIFECYCLE = {"ignore_changes": ["delay_seconds"], "prevent_destroy": True}


@pytest.mark.parametrize(
    "document",
    [
        {"resource": {"aws_sqs_queue": {"a": {"//": "queues/a", "name": "x-${local.a}", "lifecycle": LIFECYCLE}}}},
        {"resource": {"aws_sqs_queue": {"a": {"name": "a", "depends_on": ["aws_sqs_queue.b"]}, "b": {"name": "b"}}}},
        {"resource": {"aws_security_group": {"a": {"ingress": [{"from_port": 1}, {"from_port": 2}]}}}},
        {"locals": {"a": [{"Sid": "A", "n": None, "s": 'a\n"q"'}], "b": "${try(x.a, x.b)}"}},
        {"variable": {"n": {"type": "number", "default": 3, "validation": {"condition": "${var.n >= 1}"}}}},
        {"terraform": {"backend": {"s3": {"bucket": "b"}}}},
        {"provider": {"aws": {"region": "x", "default_tags": {"tags": {"a": "b"}}}}},
        {"moved": [{"from": "aws_sqs_queue.a", "to": "aws_sqs_queue.b"}]},
        {"removed": [{"from": "aws_sqs_queue.a", "lifecycle": {"destroy": False}}]},
        {"output": {"a": {"value": {"b": "${aws_sqs_queue.a.arn}"}}}},
    ],
)
def test_what_was_written_is_read_with_paths_and_names(document: dict[str, Any]) -> None:
    assert read_document(native(document)) == document


def test_a_bundle_in_the_native_syntax_is_the_same_as_what_it_was_made_from(tmp_path: Path) -> None:
    stacks = shipped_stacks(EXAMPLES)
    documents = {name: stacks[name] for name in stacks if name.rpartition("-")[0] == "kubernetes"}
    made = platform_of("kubernetes", documents)
    write(bundle(made, Options(hcl=True)), tmp_path / "kubernetes")
    (found,) = read(tmp_path / "kubernetes")
    assert not compare(made, found)
    assert {key: item.path for key, item in resources_of(found).items()} == {
        key: item.path for key, item in resources_of(made).items()
    }


def test_without_the_package_that_reads_it_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = {"aws_sqs_queue": {"a": {"name": "a"}}}
    write(bundle(Platform("dev", (root_module(resource=queue),)), Options(hcl=True)), tmp_path / "dev")
    monkeypatch.setattr("handover.native_reading.find_spec", lambda _: None)
    with pytest.raises(UnreadableError, match=r"own language, .* is missing: \.venv/bin/python -m pip install python"):
        read(tmp_path / "dev")
