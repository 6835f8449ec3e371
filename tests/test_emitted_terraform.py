"""All that is emitted, for the environments that are shipped and for the examples, held against AWS's own models."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from modules.batch.agent_policy import FIND
from modules.batch.permissions import DESCRIBE
from modules.states.permissions import LOGS, TRACES
from stacks.loading import load_environments
from tests.modules.batch.api import request_problems
from tests.modules.scheduler.requests import lowered
from tests.shipped import PACKAGES, shipped_resources, shipped_stacks

pytestmark = pytest.mark.parametrize("package", PACKAGES)


def batch_stacks(package: str) -> list[dict[str, Any]]:
    return [stack for name, stack in shipped_stacks(package).items() if name.endswith("-batch")]


def test_every_submission_is_what_submit_job_takes(package: str) -> None:
    found: dict[str, list[str]] = {}
    for stack in batch_stacks(package):
        outputs = stack["output"]
        texts = [item["request"] for item in outputs.get("submissions", {"value": {}})["value"].values()]
        made = outputs.get("job_definitions", {"value": {}})["value"].values()
        texts += [item["submit_job_request"] for item in made]
        found |= {text: request_problems("batch", "SubmitJob", json.loads(text)) for text in texts}

    assert {text: problems for text, problems in found.items() if problems} == {}
    assert len(found) >= len(list(shipped_resources("aws_batch_job_definition", package=package))) > 0


def test_every_job_of_a_schedule_is_what_submit_job_takes(package: str) -> None:
    requests = {
        address: lowered(json.loads(schedule["target"]["input"]))
        for address, schedule in shipped_resources("aws_scheduler_schedule", package=package)
        if schedule["target"]["arn"].endswith(":batch:submitJob")
    }
    found = {address: request_problems("batch", "SubmitJob", request) for address, request in requests.items()}

    assert {address: problems for address, problems in found.items() if problems} == {}


def test_only_what_takes_no_resource_is_allowed_on_everything(package: str) -> None:
    everywhere = {
        action
        for _, resource in shipped_resources("aws_iam_role_policy", "aws_iam_policy", package=package)
        for statement in json.loads(resource["policy"])["Statement"]
        if "*" in _many(statement["Resource"])
        for action in _many(statement["Action"])
    }
    sessions = {f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")}

    recording = {"logs:DescribeLogGroups", *LOGS, *TRACES}
    of_users = {"bedrock:ListFoundationModels"}
    assert everywhere - of_users <= {"ecr:GetAuthorizationToken", *DESCRIBE, *FIND, *sessions, *recording}


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_no_policy_has_a_wildcard_for_its_action(package: str) -> None:
    policies = shipped_resources("aws_iam_role_policy", "aws_iam_policy", "aws_sqs_queue_policy", package=package)
    allowed = [
        (address, action)
        for address, resource in policies
        for statement in json.loads(resource["policy"])["Statement"]
        if statement["Effect"] == "Allow"
        for action in _many(statement["Action"])
    ]

    assert allowed
    assert [row for row in allowed if "*" in row[1]] == []


def test_all_that_a_stack_reads_of_the_network_is_used(package: str) -> None:
    unused = [
        f"{stack}: {name}"
        for stack, document in shipped_stacks(package).items()
        for name in document.get("locals", {})
        if name.startswith("network_") and not re.search(rf"\blocal\.{name}\b", json.dumps(document))
    ]
    assert unused == []


def test_no_null_and_no_empty_value_is_emitted(package: str) -> None:
    found = [row for address, resource in shipped_resources(package=package) for row in _empties(resource, address)]
    # A lifecycle rule for every object has an empty prefix, by S3's own definition.
    assert [row for row in found if not row.endswith("rule.filter.prefix")] == []


def _empties(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _empties(item, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for item in value:
            yield from _empties(item, path)
    elif value is None or value in ("", [], {}):
        yield path


def test_production_refuses_to_destroy_what_holds_data(package: str) -> None:
    production = tuple(f"{item.name}-" for item in load_environments(package=package) if item.production)
    data = list(shipped_resources("aws_s3_bucket", "aws_efs_file_system", package=package))
    kept = {address for address, resource in data if resource.get("lifecycle", {}).get("prevent_destroy")}

    assert data
    assert kept == {address for address, _ in data if address.startswith(production)}


def test_every_stack_names_exact_versions_and_its_backend(package: str) -> None:
    for name, document in shipped_stacks(package).items():
        terraform = document["terraform"]
        assert terraform["required_providers"]["aws"] == {"source": "aws", "version": "6.25.0"}, name
        assert terraform["required_version"] == ">= 1.10.0, < 2.0.0", name
        assert len(terraform.get("backend", {}) | terraform.get("cloud", {})) >= 1, name


def test_what_a_stack_takes_from_another_is_used_in_it(package: str) -> None:
    unread = {
        f"{stack}/{name}"
        for stack, document in shipped_stacks(package).items()
        for name in document.get("locals", {})
        if not re.search(rf"\blocal\.{name}\b(?!-)", json.dumps(document))
    }

    assert unread == set()
