"""The README of a bundle: every command in it works, and every section says what is there."""

import re

import pytest

from handover.platforms import Platform, RootModule
from handover.readme import readme
from tests.handover.platforms import root_module, shipped_platforms

QUEUES = root_module(
    provider={"aws": [{"default_tags": [{"tags": {"project": "demo"}}]}]},
    output={"queues": {"description": "Where to | send", "value": {}}},
    resource={"aws_sqs_queue": {"a": {}}},
)
BATCH = root_module(
    "dev-batch", ("dev-queues",), variable={"tag": {"type": "string", "default": "1.0", "description": "d"}}
)


def section(name: str, *modules: RootModule, told: str = "") -> str:
    text = readme(Platform("dev", modules or (QUEUES, BATCH), told))
    (found,) = re.findall(rf"(?ms)^## {name}\n\n(.*?)(?=^## |\Z)", text)
    return str(found)


def test_root_modules_are_applied_in_their_order_and_destroyed_in_the_opposite_one() -> None:
    loops = re.findall(r"for module in (.*); do", section("Apply and destroy"))
    assert loops == ["dev-queues dev-batch", "dev-batch dev-queues"]


def test_purpose_and_project_come_first() -> None:
    text = readme(Platform("dev", (QUEUES, BATCH)))
    assert text.startswith("# dev: Terraform of demo\n")
    assert "environment dev: 1 resources (queues, batch)." in text


def test_inputs_and_outputs_are_told_with_commands() -> None:
    assert '| dev-batch | `tag` | string | `"1.0"` | d |' in section("Inputs")
    assert "| `terraform -chdir=dev-queues output -json queues` | Where to \\| send |" in section("Outputs")
    assert section("Inputs", QUEUES) == "None: everything was decided when this was written.\n\n"
    assert section("Outputs", BATCH) == "None.\n\n"


def test_what_the_readme_beside_the_stacks_says_is_said_here_too_with_links_that_lead_somewhere() -> None:
    told = "| 1 | [dev-queues](stacks/dev-queues) |\n"
    assert section("What there is", told=told) == "| 1 | [dev-queues](dev-queues) |\n\n"


@pytest.mark.parametrize(
    ("terraform", "place"),
    [
        ({"backend": {"s3": {"bucket": "states", "region": "us-east-1"}}}, "in the S3 bucket `states` in us-east-1,"),
        ({"cloud": {"organization": "acme"}}, "in workspaces of `acme` on app.terraform.io,"),
        ({"backend": {"local": {}}}, "in files beside the root modules,"),
        ({"backend": {"gcs": {}}}, "where the `gcs` block of their `backend.tf.json` says."),
    ],
)
def test_where_states_are_is_told_of_every_backend(terraform: dict[str, object], place: str) -> None:
    text = section("State, and how to move it", root_module(terraform=terraform))
    assert text.startswith(f"States are {place}")


def test_what_is_lost_with_a_replacement_is_told_of_what_is_there() -> None:
    assert "| `aws_sqs_queue` | `fifo_queue`, `name`, `name_prefix` | all messages in it |" in section(
        "What a change replaces"
    )
    assert section("What a change replaces", BATCH) == "Nothing is lost with any of these resources.\n\n"


def test_every_output_and_role_of_what_is_shipped_is_in_its_readme() -> None:
    for platform in shipped_platforms():
        text = readme(platform)
        for module in platform.modules:
            for name in module.document.get("output", {}):
                assert f"`terraform -chdir={module.name} output -json {name}`" in text
            roles = module.document.get("resource", {}).get("aws_iam_role", {})
            assert text.count(f"** of {module.name}. ") == len(roles)
