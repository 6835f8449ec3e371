"""The README of a bundle: every command in it works, and every section says what is there."""

import re

import pytest

from handover.platforms import Platform, RootModule
from handover.readme import readme
from tests.handover.platforms import root_module, shipped_platforms

QUEUES = root_module(
    provider={"aws": [{"default_tags": [{"tags": {"project": "demo"}}]}]},
    output={"queues": {"description": "Where to | send", "value": {}}},
    resource={"aws_sqs_queue": {"a": {"//": "queues/documents"}, "b": {"//": "queues/documents/dlq"}}},
)
BATCH = root_module(
    "dev-batch", ("dev-queues",), variable={"tag": {"type": "string", "default": "1.0", "description": "d"}}
)


def section(name: str, *modules: RootModule, told: str = "", children: bool = False) -> str:
    beside = {"docs/runbook.md": b""}
    text = readme(Platform("dev", modules or (QUEUES, BATCH), told), children=children, beside=beside)
    (found,) = re.findall(rf"(?ms)^## {name}\n\n(.*?)(?=^## |\Z)", text)
    return str(found)


def test_root_modules_are_applied_in_their_order_and_destroyed_in_the_opposite_one() -> None:
    loops = re.findall(r"for module in (.*); do", section("Apply and destroy"))
    assert loops == ["dev-queues dev-batch", "dev-batch dev-queues"]


def test_purpose_and_project_come_first() -> None:
    text = readme(Platform("dev", (QUEUES, BATCH)))
    assert text.startswith("# dev: Terraform of demo\n")
    assert "environment dev: 2 resources (queues, batch)." in text


def test_inputs_and_outputs_are_told_with_commands() -> None:
    assert '| `tag` | dev-batch | string | `"1.0"` |  | d |' in section("Inputs")
    assert "| `terraform -chdir=dev-queues output -json queues` | Where to \\| send |" in section("Outputs")
    assert section("Inputs", QUEUES) == "None: everything was decided when this was written.\n\n"
    assert section("Outputs", BATCH) == "None.\n\n"


def test_a_variable_of_several_modules_stands_there_once_with_what_it_must_be() -> None:
    rules = [{"error_message": "account must match ^[0-9]{12}$."}, {"error_message": "Not a|b."}]
    account = {"account": {"type": "string", "default": "1", "validation": rules}}
    modules = [root_module(f"dev-{part}", variable=account) for part in ("queues", "batch")]
    lines = [line for line in section("Inputs", *modules).splitlines() if "`account`" in line]
    assert lines == [
        '| `account` | dev-queues, dev-batch | string | `"1"` | `match ^[0-9]{12}$`, `Not a\\|b` |  |',
    ]


def test_what_the_readme_beside_the_stacks_says_is_said_here_too_with_links_that_lead_somewhere() -> None:
    told = "| 1 | [dev-queues](stacks/dev-queues) |\n"
    listed = "- queues: `documents`\n"
    assert section("What there is", told=told) == f"{listed}\n| 1 | [dev-queues](dev-queues) |\n\n"
    assert section("What there is", told=told, children=True) == f"{listed}\n"


def test_pictures_are_shown_and_linked() -> None:
    drawn = ["pictures/platform.mmd", "pictures/platform.svg", "pictures/pipelines/nightly.svg"]
    text = readme(Platform("dev", (QUEUES,)), beside=dict.fromkeys(drawn, b""))
    assert "![The platform](pictures/platform.svg)\n\nPipelines: [nightly](pictures/pipelines/nightly.svg).\n" in text


@pytest.mark.parametrize("children", [False, True])
def test_what_is_waived_stands_there_once_with_its_reason(children: bool) -> None:
    waiving = RootModule("dev-queues", {"//": {"production_waivers": {"operations": "watched by PLAT-7"}}}, ())
    text = section("Waivers", waiving, told="table\n\n### Waivers\n\n- `operations`: once more\n", children=children)
    assert text.endswith("\n\n- `operations`: watched by PLAT-7\n\n")
    assert "once more" not in readme(Platform("dev", (waiving,), "### Waivers\n\n- `operations`: once more\n"))


def test_what_is_waived_of_values_that_may_change_is_waived_of_their_defaults() -> None:
    waived = {"//": {"production_waivers": {"operations": "watched by PLAT-7"}}}
    late = RootModule("dev-queues", {**waived, "variable": {"tag": {"default": 1}}}, ())
    assert section("Waivers", late).startswith("Production refuses each of these elsewhere, with the defaults of ")
    given = RootModule("dev-queues", {**waived, "variable": {"state": {}}}, ())
    assert section("Waivers", given).startswith("Production refuses each of these elsewhere; here")


def test_alarms_lead_to_their_chapters_and_scripts_to_what_is_started_by_hand() -> None:
    watched = root_module(
        output={"submission_script": {"value": "set -eu"}},
        resource={
            "aws_cloudwatch_metric_alarm": {
                "a": {"alarm_name": "late-a", "alarm_description": "Late. More: docs/runbook.md#pipeline-late"},
                "b": {"alarm_name": "from-zero"},
            },
            "aws_cloudwatch_query_definition": {"a": {"name": "acme/failures"}},
        },
    )
    text = section("Runbook", watched)
    assert "| [pipeline-late](docs/runbook.md#pipeline-late) | `late-a` |\n" in text
    assert "| pipeline-late | `late-a` |\n" in readme(Platform("dev", (watched,)))
    assert "tell nobody: `from-zero`." in text
    assert "Logs Insights: `acme/failures`." in text
    assert "\nterraform -chdir=dev-queues output -raw submission_script | sh -s\n" in text
    assert "\nterraform output -raw submission_script | sh -s\n" in section("Runbook", watched, children=True)
    assert section("Runbook", BATCH) == "No alarm watches it.\n\n"


@pytest.mark.parametrize(
    ("terraform", "place"),
    [
        ({"backend": {"s3": {"bucket": "states", "region": "us-east-1"}}}, "in the S3 bucket `states` in us-east-1,"),
        ({"cloud": {"organization": "acme"}}, "in workspaces of `acme` on app.terraform.io,"),
        ({"backend": {"local": {}}}, "in files beside the root modules,"),
        ({"backend": {"gcs": {"prefix": "a"}}}, "where the `gcs` block of their `backend` file says, together"),
        ({"backend": {"gcs": {"bucket": "a"}}}, "where the `gcs` block of their `backend` file says."),
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
                assert re.search(rf"`terraform -chdir={module.name} output -(json|raw) {name}`", text)
            roles = module.document.get("resource", {}).get("aws_iam_role", {})
            assert text.count(f"** of {module.name}. ") == len(roles)
