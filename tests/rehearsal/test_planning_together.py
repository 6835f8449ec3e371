"""Stacks as modules of one configuration: what each is given, where its state is, whose changes are whose."""

import json
from pathlib import Path
from typing import Any

from rehearsal.plan_reading import Change
from rehearsal.planning_together import Module, apart, as_module, by_module, configuration, named_in, together, write

ACCOUNT = "111122223333"
OUTPUTS = "data.terraform_remote_state.network.outputs"
ALIAS = 'provider["registry.terraform.io/hashicorp/aws"]'


def stack(tag: str, **blocks: Any) -> dict[str, Any]:
    return {
        "terraform": {"required_providers": {"aws": {"version": "5.100.0"}}},
        "provider": {"aws": [{"default_tags": [{"tags": {"a": tag}}]}]},
        **blocks,
    }


def state(name: str) -> dict[str, Any]:
    resource = {"mode": "managed", "type": "aws_vpc", "name": name, "provider": ALIAS, "instances": [{}]}
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "together",
        "outputs": {name: {"value": ["a"], "type": ["list", "string"]}},
        "resources": [resource],
    }


READER = stack(
    "old",
    data={"terraform_remote_state": {"network": {"backend": "local"}, "network-b": {"backend": "local"}}},
    locals={"vpc": f"${{try({OUTPUTS}.vpc, {OUTPUTS})}}", "b": OUTPUTS.replace("network", "network-b")},
)
MODULES = {
    "e0-network": Module(ACCOUNT, stack("new"), state("vpc"), {}),
    "e0-batch": Module(
        ACCOUNT, stack("new", **{key: READER[key] for key in ("data", "locals")}), {}, {"network": "e0-network"}
    ),
    "e1-batch": Module(ACCOUNT, READER, state("batch"), {}),
}


def test_a_module_is_given_what_another_gives_and_reads_the_rest_itself() -> None:
    calls = configuration(MODULES)["module"]
    assert calls["e0-batch"]["outputs-of-network"] == "${module.e0-network}"
    assert "outputs-of-network" not in calls["e1-batch"]
    given = as_module(MODULES["e0-batch"])
    assert given["variable"] == {"outputs-of-network": {}}
    assert given["locals"]["vpc"] == "${try(var.outputs-of-network.vpc, var.outputs-of-network)}"
    assert given["locals"]["b"] == READER["locals"]["b"]
    assert given["data"]["terraform_remote_state"].keys() == {"network-b"}
    assert as_module(MODULES["e1-batch"]) == {key: value for key, value in READER.items() if key != "provider"}


def test_what_exists_is_taken_over_from_the_root() -> None:
    module = Module(ACCOUNT, stack("new", **{"import": [{"to": "aws_vpc.a", "id": "vpc-1"}]}), {}, {})
    assert "import" not in as_module(module)
    assert configuration({"m": module})["import"] == [{"to": "module.m.aws_vpc.a", "id": "vpc-1"}]


def test_no_empty_block_is_left_and_no_protection_that_refuses_a_plan() -> None:
    data: dict[str, Any] = {"terraform_remote_state": {"network": {}}}
    bucket = {"lifecycle": {"prevent_destroy": True, "ignore_changes": ["a"]}}
    document = stack("new", data=data, resource={"aws_s3_bucket": {"a": bucket}})
    module = as_module(Module(ACCOUNT, document, {}, {"network": "e0-network"}))
    assert "data" not in module
    assert module["resource"]["aws_s3_bucket"]["a"] == {"lifecycle": {"ignore_changes": ["a"]}}


def test_providers_that_are_set_up_alike_are_one() -> None:
    root = configuration(MODULES)
    calls = root["module"]
    assert calls["e0-network"]["providers"] == calls["e0-batch"]["providers"] != calls["e1-batch"]["providers"]
    assert [provider.get("alias") for provider in root["provider"]["aws"]] == [None, "p0", "p1"]


def test_states_are_put_together_and_taken_apart() -> None:
    whole = together(MODULES)
    assert [resource["module"] for resource in whole["resources"]] == ["module.e0-network", "module.e1-batch"]
    assert whole["outputs"]["e0-network"]["value"] == {"vpc": ["a"]}
    assert apart(whole, "e0-network") == state("vpc")
    assert apart(whole, "e0-batch")["resources"] == []


def test_a_folder_has_all_that_terraform_reads(tmp_path: Path) -> None:
    write(MODULES, tmp_path / "plan")
    files = {str(file.relative_to(tmp_path / "plan")) for file in tmp_path.rglob("*.*") if file.is_file()}
    assert files == {"cdk.tf.json", "terraform.tfstate", *(f"{name}/cdk.tf.json" for name in MODULES)}
    root = json.loads((tmp_path / "plan/cdk.tf.json").read_text())
    assert {call["source"] for call in root["module"].values()} == {f"./{name}" for name in MODULES}


def test_changes_are_told_by_module_and_by_the_addresses_in_it() -> None:
    change = Change("module.e0-network.aws_vpc.a", "aws_vpc", "updated in place", ("tags",))
    output = Change("output.e1-batch", "output", "updated in place")
    assert by_module([change, output], MODULES) == {
        "e0-network": [Change("aws_vpc.a", "aws_vpc", "updated in place", ("tags",))],
        "e1-batch": [output],
    }


def test_what_is_made_first_is_what_the_stack_itself_needs_first() -> None:
    resources = {
        "aws_subnet": {"a": {}},
        "aws_security_group": {"a": {"vpc_id": "${local.vpc}"}, "b": {"lifecycle": {"create_before_destroy": False}}},
        "aws_batch_compute_environment": {
            "a": {"groups": ["${aws_security_group.a.id}"], "lifecycle": {"create_before_destroy": True}}
        },
        "aws_vpc": {"a": {}},
    }
    document = stack("new", resource=resources, locals={"vpc": "${aws_vpc.a.id}"})
    addresses = ["aws_security_group.a", "aws_vpc.a", "aws_subnet.a", "aws_security_group.b"]
    planned = [Change(f"module.m.{address}", "a", "replaced, the new one first") for address in addresses]
    (told,) = by_module(planned, {"m": Module(ACCOUNT, document, {}, {})}).values()
    assert [change.action for change in told] == [
        *["replaced, the new one first"] * 2,
        *["replaced, the old one first"] * 2,
    ]


def test_errors_name_the_modules_that_they_are_about() -> None:
    problems = [
        "Invalid value with module.e0-batch.aws_vpc.a, on e0-batch/cdk.tf.json line 1",
        "Missing block label on e1-batch/cdk.tf.json line 1",
    ]
    assert named_in(problems, MODULES) == {"e0-batch", "e1-batch"}
    assert named_in(["no such provider"], MODULES) == set()
