"""A root module in files that a person expects."""

import json
from typing import Any

from handover.module_files import module_files
from tests.handover.platforms import root_module, shipped_platforms

PATH = {"metadata": {"path": "dev-queues/queues/a/Resource", "uniqueId": "a_1"}}
DOCUMENT: dict[str, Any] = {
    "//": {"metadata": {"version": "0.21.0"}},
    "terraform": {"backend": {"s3": {"bucket": "b"}}, "required_version": ">= 1.10.0"},
    "provider": {"aws": [{"region": "us-east-1"}]},
    "variable": {"tag": {"type": "string"}},
    "output": {"queues": {"value": "${aws_sqs_queue.a_1.arn}"}},
    "resource": {
        "aws_sqs_queue": {"a_1": {"//": PATH, "name": "a"}},
        "aws_iam_role": {"r_1": {"//": PATH, "assume_role_policy": '{"Statement":[]}'}},
    },
    "data": {"terraform_remote_state": {"network": {"backend": "local"}}, "aws_ami": {"a": {"owners": ["self"]}}},
    "locals": {"vpc": "${data.terraform_remote_state.network.outputs.id}"},
    "moved": [{"from": "aws_sqs_queue.b", "to": "aws_sqs_queue.a_1"}],
}


def written(document: dict[str, Any]) -> dict[str, Any]:
    files = module_files(root_module(**document))
    return {name: json.loads(content) for name, content in files.items() if name.endswith(".json")}


def test_each_block_is_in_the_file_of_its_kind_and_nothing_is_left_of_cdktf() -> None:
    files = module_files(root_module(**DOCUMENT))
    assert files["versions.tf"].decode() == 'terraform {\n  required_version = ">= 1.10.0"\n}\n'
    assert b"metadata" not in b"".join(files.values())
    assert files["terraform.tfvars.example"].startswith(b"# Copied to terraform.tfvars")
    assert written(DOCUMENT) == {
        "moves.tf.json": {"moved": DOCUMENT["moved"]},
        "backend.tf.json": {"terraform": {"backend": {"s3": {"bucket": "b"}}}},
        "providers.tf.json": {"provider": DOCUMENT["provider"]},
        "variables.tf.json": {"variable": DOCUMENT["variable"]},
        "outputs.tf.json": {"output": DOCUMENT["output"]},
        "states.tf.json": {
            "data": {"terraform_remote_state": {"network": {"backend": "local"}}},
            "locals": DOCUMENT["locals"],
        },
        "main.tf.json": {
            "data": {"aws_ami": {"a": {"owners": ["self"]}}},
            "resource": {"aws_sqs_queue": {"a_1": {"//": "queues/a", "name": "a"}}},
        },
        "iam.tf.json": {
            "locals": {"r_1_assume_role_policy": {"Statement": []}},
            "resource": {
                "aws_iam_role": {
                    "r_1": {"//": "queues/a", "assume_role_policy": "${jsonencode(local.r_1_assume_role_policy)}"}
                }
            },
        },
    }


def test_versions_that_cannot_be_written_natively_stay_in_json() -> None:
    terraform = {"required_version": ">= 1.10.0", "experiments": ["a"]}
    assert written({"terraform": terraform}) == {"versions.tf.json": {"terraform": terraform}}


def test_all_that_is_shipped_is_in_the_files_each_thing_once() -> None:
    modules = [module for platform in shipped_platforms() for module in platform.modules]
    assert len(modules) > 30
    for module in modules:
        files = [json.loads(content) for name, content in module_files(module).items() if name.endswith(".json")]
        for kind in ("resource", "data", "output", "locals", "provider"):
            given = _names(module.document.get(kind, {}))
            found = [name for file in files for name in _names(file.get(kind, {}))]
            assert len(found) == len(set(found))
            assert set(given) <= set(found)
            assert kind == "locals" or len(given) == len(found)


def _names(block: dict[str, Any]) -> list[str]:
    return [f"{type_}.{name}" for type_, items in block.items() for name in (items if isinstance(items, dict) else "x")]


def test_scanners_find_nothing_beside_resources_that_they_stumble_over() -> None:
    for platform in shipped_platforms():
        for module in platform.modules:
            written = module_files(module)
            for name in written.keys() & {"main.tf.json", "iam.tf.json"}:
                assert json.loads(written[name]).keys() <= {"data", "locals", "resource"}
