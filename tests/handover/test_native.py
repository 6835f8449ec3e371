"""Terraform JSON in Terraform's own language: how it is written, that it reads back, and what stays JSON."""

import json
import sys
from typing import Any

import pytest

from handover.bundle import bundle
from handover.command import write
from handover.comparing import resources_of
from handover.module_files import as_json, module_files
from handover.native import UnwritableError, native
from handover.native_files import canonical, native_files, read_native
from handover.options import Options, RefusedError
from handover.platforms import Platform
from handover.reading import read
from reference.blocks import blocks
from tests.handover.platforms import platform_of, root_module, write_stacks
from tests.processes import PROJECT
from tests.shipped import EXAMPLES, shipped_stacks

QUEUE = {
    "//": "queues/a",
    "depends_on": ["aws_kms_key.k"],
    "name": "acme-${var.tag}",
    "policy": "${jsonencode(local.policy)}",
    "tags": {"a b": "x", "team": "search"},
    "lifecycle": {"ignore_changes": ["tags"], "prevent_destroy": True},
}
WRITTEN = """\
# queues/a
resource "aws_sqs_queue" "a" {
  depends_on = [aws_kms_key.k]
  name       = "acme-${var.tag}"
  policy     = jsonencode(local.policy)
  tags = {
    "a b" = "x"
    team  = "search"
  }

  lifecycle {
    ignore_changes  = [tags]
    prevent_destroy = true
  }
}
"""
PAIRS = [
    ("resource", {"aws_ecs_service": {"a": {"network_configuration": {"subnets": ["a", 1, True]}}}}),
    ("resource", {"aws_batch_job_queue": {"a": {"compute_environment_order": [{"order": 1}, {"order": 2}]}}}),
    ("resource", {"aws_sqs_queue": {"a": {}, "b": {"provider": "aws.other"}}, "aws_sns_topic": {"a": {"name": "x"}}}),
    ("variable", {"tag": {"type": "string", "default": "1", "validation": [{"condition": '${var.tag != ""}'}]}}),
    ("locals", {"text": 'say "x" \\ ${local.a["b"]}\n\t$${not} 100 % é', "none": None, "empty": {}, "list": []}),
    ("locals", {"rows": [{"a": 1.5}, {"a": [{"b": "${x.y}"}]}], "long": ["x" * 70, "y" * 70]}),
    ("terraform", {"backend": {"s3": {"key": "a"}}, "required_providers": {"aws": {"source": "hashicorp/aws"}}}),
    ("provider", {"aws": [{"region": "eu-west-1", "default_tags": [{"tags": {"a": "b"}}]}]}),
    ("data", {"terraform_remote_state": {"a": {"backend": "s3", "config": '${merge(var.state, {"key" = "a"})}'}}}),
    ("module", {"batch": {"source": "./batch", "depends_on": ["module.queues"], "queues": "${module.queues}"}}),
    ("moved", [{"from": "aws_sqs_queue.a", "to": "aws_sqs_queue.b"}, {"from": "module.a", "to": "module.b"}]),
    ("removed", [{"from": "aws_kms_key.a", "lifecycle": [{"destroy": False}]}]),
]


def test_it_is_written_as_a_person_would() -> None:
    assert native({"resource": {"aws_sqs_queue": {"a": QUEUE}}}) == WRITTEN


@pytest.mark.parametrize(("kind", "value"), PAIRS)
def test_all_kinds_of_blocks_and_values_read_back_as_the_same(kind: str, value: Any) -> None:
    document = {kind: value}
    assert read_native(native(document)) == canonical(document)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('locals {\n  a = "x"\n}\n', {"locals": {"a": "${x}"}}),
        ('locals {\n  a = "1"\n}\n', {"locals": {"a": 1}}),
        ('locals {\n  a = "${x.y} "\n}\n', {"locals": {"a": "${x.y}"}}),
        ('moved {\n  from = "a.b"\n}\n', {"moved": [{"from": "a.b"}]}),
    ],
)
def test_what_means_something_else_reads_back_as_something_else(one: str, other: Any) -> None:
    assert read_native(one) != canonical(other)


def test_a_file_that_cannot_be_written_stays_json_and_is_told(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = root_module(resource={"aws_unheard_of": {"a": {"name": "x"}}}, output={"a": {"value": "b"}})
    assert write(write_stacks(tmp_path / "in", odd), tmp_path / "to", Options(hcl=True), quiet=False) == 0
    folder = tmp_path / "to" / "dev" / "dev-queues"
    assert {file.name for file in folder.iterdir()} == {"main.tf.json", "outputs.tf", "versions.tf"}
    told = "note: dev/dev-queues/main.tf.json stays JSON: it does not read back as the same\n"
    assert capsys.readouterr().err == told
    assert resources_of(*read(tmp_path / "to" / "dev")).keys() == {("queues", "aws_unheard_of", "a")}


@pytest.mark.parametrize(
    "document",
    [{"check": {}}, {"resource": {"aws_unheard_of": {"a": {}}}}, {"moved": [{"from": "a\nb"}]}],
)
def test_what_is_not_known_is_not_written(document: Any) -> None:
    with pytest.raises(UnwritableError):
        native(document)


def test_a_directive_in_a_string_reads_back_as_what_it_is_or_stays_json() -> None:
    written = native_files({"main.tf.json": as_json({"locals": {"a": "%{ if true }x%{ endif }"}})})
    assert set(written) <= {"main.tf", "main.tf.json"}


def test_an_example_is_all_in_the_native_syntax() -> None:
    stacks = shipped_stacks(EXAMPLES)
    documents = {name: stacks[name] for name in stacks if name.rpartition("-")[0] == "kubernetes"}
    for module in platform_of("kubernetes", documents).modules:
        written = native_files(module_files(module))
        assert not any(name.endswith(".json") for name in written)


def test_the_table_of_blocks_is_what_the_provider_says() -> None:
    table = (PROJECT / "handover" / "blocks.json").read_text(encoding="utf-8")
    assert table == blocks()
    assert "compute_resources" in json.loads(table)["aws_batch_compute_environment"]


def test_without_the_package_that_proves_it_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    with pytest.raises(RefusedError, match=r"^--hcl needs python-hcl2==8\.1\.4, which proves .* -m pip install"):
        bundle(Platform("dev", (root_module(),)), Options(hcl=True))


def test_the_package_is_the_one_that_tests_use() -> None:
    from handover.native_reading import PACKAGE  # noqa: PLC0415

    assert f"\n{PACKAGE} " in (PROJECT / "requirements-dev.txt").read_text(encoding="utf-8")
