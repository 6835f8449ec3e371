"""Every name in the Terraform that is emitted is one that settings say they give: so all of them are checked."""

import re
from collections.abc import Iterator

import pytest

from stacks.loading import load_environments
from stacks.physical_names import given_names
from tests.shipped import PACKAGES, shipped_resources

# Resource type and argument -> kind of name.
NAMED = {
    ("aws_appautoscaling_policy", "name"): "scaling policy",
    ("aws_appautoscaling_scheduled_action", "name"): "scheduled action",
    ("aws_athena_workgroup", "name"): "workgroup",
    ("aws_autoscaling_group", "name"): "Auto Scaling group",
    ("aws_batch_compute_environment", "name_prefix"): "compute environment",
    ("aws_batch_job_definition", "name"): "job definition",
    ("aws_batch_job_queue", "name"): "job queue",
    ("aws_batch_scheduling_policy", "name"): "scheduling policy",
    ("aws_budgets_budget", "name"): "budget",
    ("aws_ce_anomaly_monitor", "name"): "cost anomaly monitor",
    ("aws_cloudtrail", "name"): "trail",
    ("aws_cloudwatch_log_group", "name"): "log group",
    ("aws_cloudwatch_event_archive", "name"): "archive",
    ("aws_cloudwatch_event_bus", "name"): "event bus",
    ("aws_cloudwatch_event_rule", "name"): "rule",
    ("aws_cloudwatch_composite_alarm", "alarm_name"): "alarm",
    ("aws_cloudwatch_dashboard", "dashboard_name"): "dashboard",
    ("aws_cloudwatch_metric_alarm", "alarm_name"): "alarm",
    ("aws_ecr_repository", "name"): "repository",
    ("aws_ecs_capacity_provider", "name"): "capacity provider",
    ("aws_ecs_cluster", "name"): "cluster",
    ("aws_ecs_service", "name"): "service",
    ("aws_ecs_task_definition", "family"): "task definition",
    ("aws_efs_file_system", "creation_token"): "file system",
    ("aws_glue_catalog_database", "name"): "database",
    ("aws_iam_instance_profile", "name"): "instance profile",
    ("aws_iam_policy", "name"): "policy",
    ("aws_iam_role", "name"): "role",
    ("aws_kms_alias", "name"): "key alias",
    ("aws_launch_template", "name"): "launch template",
    ("aws_lb", "name"): "load balancer",
    ("aws_pipes_pipe", "name"): "pipe",
    ("aws_placement_group", "name"): "placement group",
    ("aws_resourcegroups_group", "name"): "resource group",
    ("aws_s3_bucket", "bucket"): "bucket",
    ("aws_scheduler_schedule", "name"): "schedule",
    ("aws_scheduler_schedule_group", "name"): "schedule group",
    ("aws_sfn_state_machine", "name"): "state machine",
    ("aws_sns_topic", "name"): "topic",
    ("aws_sqs_queue", "name"): "queue",
}


def emitted(package: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of every name that is emitted."""
    for address, resource in shipped_resources(package=package):
        type_ = address.rpartition("/")[2].partition(".")[0]
        for (named, argument), kind in NAMED.items():
            if named == type_:
                yield kind, without_digest(str(resource[argument]))


def without_digest(name: str) -> str:
    """Return a prefix of compute environments without the digest of a network, which Terraform makes."""
    return re.sub(r"-([0-9a-f]{8}|\$\{.*\})-$", "-", name)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_one_that_settings_say_they_give(package: str) -> None:
    given = {
        (item.name.kind, without_digest(item.name.text))
        for environment in load_environments(package=package)
        for entry in given_names(environment)
        for item in entry
        if item.name.is_made
    }
    assert {name for name in emitted(package) if "${" not in name[1]} - given == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_settings_say_of_no_name_that_they_give_it_which_is_not_emitted(package: str) -> None:
    given = {
        (item.name.kind, without_digest(item.name.text))
        for environment in load_environments(package=package)
        for entry in given_names(environment)
        for item in entry
        if item.name.is_made and item.name.kind in NAMED.values()
    }
    assert given - set(emitted(package)) == set()


def test_every_type_that_has_a_name_of_its_own_is_known() -> None:
    arguments = {"name", "name_prefix", "bucket", "family", "creation_token", "alarm_name"}
    # Inside something else, whose name is checked, or known to AWS by another name.
    inside = {
        *(
            "aws_autoscaling_lifecycle_hook",
            "aws_athena_named_query",
            "aws_ce_anomaly_subscription",
            "aws_cloudwatch_log_metric_filter",
            "aws_cloudwatch_query_definition",
            "aws_sfn_alias",
            "aws_glue_catalog_table",
            "aws_iam_role_policy",
            "aws_lb_target_group",
            "aws_security_group",
            "aws_service_discovery_http_namespace",
        ),
        *("aws_s3_bucket_intelligent_tiering_configuration", "aws_service_discovery_private_dns_namespace"),
        *("aws_service_discovery_service",),
    }
    types = {
        address.rpartition("/")[2].partition(".")[0]
        for package in PACKAGES
        for address, resource in shipped_resources(package=package)
        if arguments & resource.keys() and not str(resource.get("bucket", "")).startswith("${")
    }
    assert types - inside <= {type_ for type_, _ in NAMED}
