"""All that is emitted, for the environments that are shipped and for the examples, held against AWS's own models."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from modules.batch.permissions import DESCRIBE
from stacks.loading import load_environments
from tests.modules.batch.api import api_problems, register_request, request_problems
from tests.policies import findings
from tests.shipped import PACKAGES, shipped_resources, shipped_stacks

pytestmark = pytest.mark.parametrize("package", PACKAGES)

# The most characters that AWS takes, less the 26 that Terraform appends to a prefix; of Amazon's Create… APIs.
LONGEST = {
    ("aws_appautoscaling_policy", "name"): 256,
    ("aws_appautoscaling_scheduled_action", "name"): 256,
    ("aws_autoscaling_group", "name"): 255,
    ("aws_batch_compute_environment", "name_prefix"): 128 - 26,
    ("aws_batch_job_definition", "name"): 128,
    ("aws_batch_job_queue", "name"): 128,
    ("aws_batch_scheduling_policy", "name"): 128,
    ("aws_cloudwatch_log_group", "name"): 512,
    ("aws_cloudwatch_metric_alarm", "alarm_name"): 255,
    ("aws_ecr_repository", "name"): 256,
    ("aws_ecs_capacity_provider", "name"): 255,
    ("aws_ecs_cluster", "name"): 255,
    ("aws_ecs_service", "name"): 255,
    ("aws_ecs_task_definition", "family"): 255,
    ("aws_efs_file_system", "creation_token"): 64,
    ("aws_iam_instance_profile", "name"): 128,
    ("aws_iam_policy", "name"): 128,
    ("aws_iam_role", "name"): 64,
    ("aws_iam_role_policy", "name"): 128,
    ("aws_kms_alias", "name"): 256,
    ("aws_launch_template", "name"): 128,
    ("aws_lb", "name"): 32,
    ("aws_lb_target_group", "name_prefix"): 32 - 26,
    ("aws_placement_group", "name"): 255,
    ("aws_s3_bucket", "bucket"): 63,
    ("aws_s3_bucket_intelligent_tiering_configuration", "name"): 64,
    ("aws_scheduler_schedule", "name"): 64,
    ("aws_security_group", "name_prefix"): 255 - 26,
    ("aws_service_discovery_private_dns_namespace", "name"): 253,
    ("aws_service_discovery_service", "name"): 127,
    ("aws_sqs_queue", "name"): 80,
}


def batch_stacks(package: str) -> list[dict[str, Any]]:
    return [stack for name, stack in shipped_stacks(package).items() if name.endswith("-batch")]


@pytest.mark.parametrize(
    ("type_", "operation", "names"),
    [
        ("aws_batch_compute_environment", "CreateComputeEnvironment", {"name_prefix": "computeEnvironmentName"}),
        ("aws_batch_job_queue", "CreateJobQueue", {"name": "jobQueueName"}),
        ("aws_batch_scheduling_policy", "CreateSchedulingPolicy", {}),
    ],
)
def test_everything_of_batch_is_what_its_api_takes(
    package: str, type_: str, operation: str, names: dict[str, str]
) -> None:
    found = {
        address: api_problems(operation, {key: value for key, value in resource.items() if key != "//"}, names)
        for address, resource in shipped_resources(type_, package=package)
    }

    assert found
    assert {address: problems for address, problems in found.items() if problems} == {}


def test_every_job_definition_is_what_register_job_definition_takes(package: str) -> None:
    found = {
        address: request_problems("batch", "RegisterJobDefinition", register_request(definition))
        for address, definition in shipped_resources("aws_batch_job_definition", package=package)
    }

    assert found
    assert {address: problems for address, problems in found.items() if problems} == {}


def test_every_submission_is_what_submit_job_takes(package: str) -> None:
    found: dict[str, list[str]] = {}
    for stack in batch_stacks(package):
        outputs = stack["output"]
        texts = [item["request"] for item in outputs.get("submissions", {"value": {}})["value"].values()]
        texts += [item["submit_job_request"] for item in outputs["job_definitions"]["value"].values()]
        found |= {text: request_problems("batch", "SubmitJob", json.loads(text)) for text in texts}

    assert {text: problems for text, problems in found.items() if problems} == {}
    assert len(found) > len(list(shipped_resources("aws_batch_job_definition", package=package)))


def test_every_task_definition_is_what_register_task_definition_takes(package: str) -> None:
    ecs = botocore.session.get_session().get_service_model("ecs")
    shape = ecs.operation_model("RegisterTaskDefinition").input_shape.members["containerDefinitions"]
    reports = {
        address: ParamValidator().validate(json.loads(definition["container_definitions"]), shape)
        for address, definition in shipped_resources("aws_ecs_task_definition", package=package)
    }

    assert len(reports) >= 6
    assert {address: report.generate_report() for address, report in reports.items() if report.has_errors()} == {}


def test_parliament_finds_nothing_in_any_policy(package: str) -> None:
    found = {
        address: _unknown(findings(resource["policy"]), "ecr:BatchImportUpstreamImage")
        for address, resource in shipped_resources("aws_iam_role_policy", package=package)
    } | {
        address: _unknown(findings(resource["policy"]), "batch:SubmitJob")
        for address, resource in shipped_resources("aws_iam_policy", package=package)
    }

    assert len(found) > 40
    assert {address: unknown for address, unknown in found.items() if unknown} == {}


def _unknown(found: set[str], action: str) -> set[str]:
    """Leave out what parliament has wrong about the resources of ``action``.

    It misses a condition of a team's right to submit what is tagged (see test_team_policy.py), and that an image is
    imported into a repository, as ECR's user guide has it in its policies for pull-through caches.
    """
    return {item for item in found if not ("RESOURCE_MISMATCH" in item and action in item)}


def test_only_what_takes_no_resource_is_allowed_on_everything(package: str) -> None:
    everywhere = {
        action
        for _, resource in shipped_resources("aws_iam_role_policy", "aws_iam_policy", package=package)
        for statement in json.loads(resource["policy"])["Statement"]
        if "*" in _many(statement["Resource"])
        for action in _many(statement["Action"])
    }
    sessions = {f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")}

    assert everywhere <= {"ecr:GetAuthorizationToken", *DESCRIBE, *sessions, "logs:DescribeLogGroups"}


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


def test_no_name_is_longer_than_aws_takes(package: str) -> None:
    found = {
        f"{address}.{argument}": resource[argument]
        for (type_, argument), longest in LONGEST.items()
        for address, resource in shipped_resources(type_, package=package)
        if argument in resource and len(resource[argument]) > longest
    }

    assert found == {}


def test_every_name_has_a_limit_here(package: str) -> None:
    known = {type_ for type_, _ in LONGEST}
    named = {
        address.partition("/")[2].partition(".")[0]
        for address, resource in shipped_resources(package=package)
        if {"name", "name_prefix"} & set(resource)
    }

    assert named - known == set()


def test_production_refuses_to_destroy_what_holds_data(package: str) -> None:
    production = tuple(item.name for item in load_environments(package=package) if item.production)
    data = list(shipped_resources("aws_s3_bucket", "aws_efs_file_system", package=package))
    kept = {address for address, resource in data if resource.get("lifecycle", {}).get("prevent_destroy")}

    assert production
    assert kept == {address for address, _ in data if address.startswith(production)}


def test_every_stack_names_exact_versions_and_its_backend(package: str) -> None:
    for name, document in shipped_stacks(package).items():
        terraform = document["terraform"]
        assert terraform["required_providers"]["aws"] == {"source": "aws", "version": "6.25.0"}, name
        assert terraform["required_version"] == ">= 1.10.0, < 2.0.0", name
        assert len(terraform.get("backend", {}) | terraform.get("cloud", {})) >= 1, name
