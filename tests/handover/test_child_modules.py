"""An environment as child modules: no backend, no provider, and what was read of states comes in as variables."""

import json
from pathlib import Path
from typing import Any

from handover.bundle import bundle, write_bundles
from handover.child_modules import calling, child
from handover.options import Options
from handover.platforms import Platform
from handover.references import dangling
from tests.handover.platforms import root_module, shipped_platforms, write_stacks
from tests.processes import files

WHOLE = "data.terraform_remote_state.queues.outputs.queues"
BATCH = root_module(
    "dev-batch",
    ("dev-queues",),
    terraform={"backend": {"s3": {"bucket": "b"}}, "required_version": ">= 1.10.0"},
    provider={"aws": [{"region": "us-east-1"}]},
    data={"terraform_remote_state": {"queues": {"backend": "s3"}}},
    locals={"arn": f"${{try({WHOLE}.a.arn, {WHOLE})}}"},
    variable={"tag": {"type": "string", "default": "1"}},
    output={"jobs": {"description": "d", "value": "${local.arn}-${var.tag}"}},
)
QUEUES = root_module(provider=BATCH.document["provider"], output={"queues": {"value": {"a": {"arn": "x"}}}})


def test_a_child_has_no_backend_no_provider_and_variables_for_what_it_reads() -> None:
    made = child(BATCH)
    assert made.name == "batch"
    assert made.document == {
        "terraform": {"required_version": ">= 1.10.0"},
        "locals": {"arn": "${var.queues.queues.a.arn}"},
        "variable": {
            "tag": {"type": "string", "default": "1"},
            "queues": {
                "type": "object({queues = object({a = object({arn = string})})})",
                "description": "What is read of the outputs of queues: module.queues, or an object of one's own",
                "nullable": False,
            },
        },
        "output": BATCH.document["output"],
    }


def test_the_caller_hands_on_outputs_and_variables() -> None:
    document = calling(Platform("dev", (QUEUES, BATCH)))
    assert document["module"] == {
        "queues": {"source": "./queues"},
        "batch": {"source": "./batch", "queues": "${module.queues}", "tag": "${var.tag}"},
    }
    assert document["variable"] == BATCH.document["variable"]
    assert document["output"]["jobs"] == {"description": "d", "value": "${module.batch.jobs}"}
    assert document["provider"] == {"aws": [{"region": "us-east-1"}]}
    assert "backend" not in json.dumps(document)


def test_what_is_taken_over_is_taken_over_by_the_caller() -> None:
    blocks: dict[str, Any] = {"import": [{"to": "aws_sqs_queue.a", "id": "x"}]}
    taking = root_module(**QUEUES.document, **blocks)
    assert "import" not in child(taking).document
    assert calling(Platform("dev", (taking,)))["import"] == [{"to": "module.queues.aws_sqs_queue.a", "id": "x"}]


def test_a_module_that_starts_what_is_in_another_comes_after_it() -> None:
    starting = root_module("dev-triggers", ("dev-batch", "dev-queues"), data=BATCH.document["data"])
    called = calling(Platform("dev", (QUEUES, BATCH, starting)))["module"]["triggers"]
    assert called == {"source": "./triggers", "depends_on": ["module.batch"], "queues": "${module.queues}"}


def test_a_variable_that_is_called_as_a_module_is_not_mixed_up_with_it() -> None:
    document: dict[str, Any] = {**BATCH.document, "variable": {"queues": {"default": 1}}}
    other = root_module("dev-batch", ("dev-queues",), **document)
    assert set(child(other).document["variable"]) == {"queues", "queues_outputs"}
    assert "var.queues_outputs.queues" in child(other).document["locals"]["arn"]
    assert calling(Platform("dev", (QUEUES, other)))["module"]["batch"]["queues_outputs"] == "${module.queues}"


def test_a_variable_that_only_says_where_states_are_is_none_of_a_child() -> None:
    states = {"queues": {"backend": "s3", "config": '${merge(var.state, {"key" = "a"})}'}}
    document: dict[str, Any] = {
        **BATCH.document,
        "data": {"terraform_remote_state": states},
        "variable": {"state": {}, "tag": {}},
    }
    reading = root_module("dev-batch", ("dev-queues",), **document)
    assert set(child(reading).document["variable"]) == {"queues", "tag"}
    assert set(calling(Platform("dev", (QUEUES, reading)))["variable"]) == {"tag"}


def test_nothing_dangles_in_the_child_modules_of_what_is_shipped() -> None:
    for platform in shipped_platforms():
        for module in map(child, platform.modules):
            assert list(dangling([module])) == []
            assert not module.document.keys() & {"provider"}
            text = json.dumps(module.document)
            assert "terraform_remote_state" not in text
            assert "= any" not in text, "what is read of another is known"
        assert set(calling(platform)["module"]) == {module.part for module in platform.modules}


def test_a_bundle_of_child_modules_has_a_folder_for_each_and_a_root_module_that_calls_them(tmp_path: Path) -> None:
    written = bundle(Platform("dev", (QUEUES, BATCH)), Options(as_modules=True))
    assert {name for name in written if "/" not in name} == {
        "README.md",
        "SHA256SUMS",
        "deployment-policy-1.json",
        "main.tf.json",
        "outputs.tf.json",
        "plan-policy-1.json",
        "providers.tf.json",
        "terraform.tfvars.example",
        "variables.tf.json",
        "versions.json",
        "versions.tf",
    }
    assert {name.partition("/")[0] for name in written if "/" in name} == {"batch", "queues"}
    readme = written["README.md"].decode()
    assert "| `batch` | `queues` | `module.queues` | `queues.queues.a.arn` |\n" in readme
    assert "| `batch` | `tag` | `var.tag` | see inputs |\n" in readme
    assert "| `queues` | | | |\n" in readme
    assert '| `tag` | batch | string | `"1"` |' in readme
    assert "dev-batch" not in readme
    source = write_stacks(tmp_path / "source", QUEUES, BATCH)
    write_bundles(source, tmp_path / "to", Options(as_modules=True))
    assert files(tmp_path / "to" / "dev") == written
