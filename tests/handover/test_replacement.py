"""What replaces what: a table that knows every type that is emitted, and conditions that are told apart."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from handover.opened import plain
from handover.replacement import (
    CONDITIONS,
    is_kept,
    is_revised,
    is_tagged,
    kind_of_loss,
    lost_with,
    replaces,
    table,
)
from tests.shipped import PACKAGES, shipped_resources

PROVIDER = Path(str(find_spec("cdktf_cdktf_provider_aws").origin)).parent  # type: ignore[union-attr]
SPOT: dict[str, Any] = {"compute_resources": {"type": "SPOT", "allocation_strategy": "SPOT_CAPACITY_OPTIMIZED"}}
OLD_SPOT: dict[str, Any] = {"compute_resources": {"type": "SPOT", "allocation_strategy": "BEST_FIT"}}
FARGATE: dict[str, Any] = {"compute_resources": {"type": "FARGATE"}}
OWN_ROLE: dict[str, Any] = SPOT | {"service_role": "${aws_iam_role.own.arn}"}
LINKED = {"service_role": "arn:aws:iam::111122223333:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"}
ENVIRONMENT = "aws_batch_compute_environment"


def test_every_type_that_is_emitted_is_in_the_table() -> None:
    emitted = {
        address.partition("/")[2].partition(".")[0]
        for kind in PACKAGES
        for address, _ in shipped_resources(package=kind)
    }
    assert len(emitted) > 50
    assert emitted - table().keys() == set()


def test_the_table_names_arguments_that_the_provider_has() -> None:
    unknown = set()
    for type_, facts in table().items():
        file = PROVIDER / type_.removeprefix("aws_") / "__init__.py"
        source = file.read_text(encoding="utf-8") if file.is_file() else ""
        arguments = set(re.findall(r"^        (\w+): (?:typing|builtins)\.", source, re.MULTILINE))
        named = {path.partition(".")[0] for path in (*facts["replace"], *facts.get("when", ()))}
        unknown |= {f"{type_}.{name}" for name in named if source and name not in arguments}
    assert unknown == set()


def test_the_table_knows_which_types_have_the_tags_of_everything() -> None:
    for type_ in table():
        file = PROVIDER / type_.removeprefix("aws_") / "__init__.py"
        if file.is_file():
            assert is_tagged(type_) == ('jsii_name="tagsAll"' in file.read_text(encoding="utf-8")), type_


def test_every_condition_is_known_and_used() -> None:
    used = {condition for facts in table().values() for condition in facts.get("when", {}).values()}
    assert used == set(CONDITIONS)
    assert {facts.get("kind", "") for facts in table().values()} == {"", "data", "running work", "address"}


@pytest.mark.parametrize(
    ("type_", "path", "replaced"),
    [
        ("aws_sqs_queue", "name", True),
        ("aws_sqs_queue", "delay_seconds", False),
        ("aws_sqs_queue", "region", True),
        ("aws_batch_job_definition", "container_properties.image", False),
        ("aws_batch_job_definition", "retry_strategy.attempts", False),
        ("aws_ecs_capacity_provider", "auto_scaling_group_provider.managed_scaling.target_capacity", False),
        ("aws_ecs_capacity_provider", "auto_scaling_group_provider", True),
        ("aws_ecs_task_definition", "container_definitions.image", True),
        ("aws_ecs_task_definition", "tags.a", False),
        ("aws_no_such_thing", "name", False),
    ],
)
def test_an_argument_replaces_its_resource_or_not(type_: str, path: str, replaced: bool) -> None:
    assert replaces(type_, path, {}, {}) == replaced


@pytest.mark.parametrize(
    ("path", "before", "after", "replaced"),
    [
        ("compute_resources.instance_type", SPOT, SPOT, False),
        ("compute_resources.instance_type", SPOT, SPOT | LINKED, False),
        ("compute_resources.instance_type", SPOT, OWN_ROLE, True),
        ("compute_resources.instance_type", OWN_ROLE, SPOT, True),
        ("compute_resources.instance_type", OLD_SPOT, SPOT, True),
        ("compute_resources.launch_template.version", SPOT, SPOT, False),
        ("compute_resources.launch_template.version", OLD_SPOT, OLD_SPOT, True),
        ("compute_resources.launch_template", SPOT, SPOT, True),
        ("compute_resources.subnets", FARGATE, FARGATE, False),
        ("compute_resources.subnets", OLD_SPOT, OLD_SPOT, True),
        ("compute_resources.max_vcpus", OLD_SPOT, OLD_SPOT, False),
        ("compute_resources.placement_group", SPOT, SPOT, True),
        ("type", SPOT, SPOT, True),
    ],
)
def test_a_compute_environment_is_replaced_unless_batch_updates_it(
    path: str, before: dict[str, Any], after: dict[str, Any], replaced: bool
) -> None:
    assert replaces(ENVIRONMENT, path, before, after) == replaced


@pytest.mark.parametrize(
    ("type_", "path", "before", "after", "replaced"),
    [
        ("aws_vpc_security_group_ingress_rule", "cidr_ipv4", "10.0.0.0/8", "10.1.0.0/16", False),
        ("aws_vpc_security_group_ingress_rule", "cidr_ipv4", "10.0.0.0/8", None, True),
        ("aws_vpc", "instance_tenancy", "dedicated", "default", False),
        ("aws_vpc", "instance_tenancy", "default", "dedicated", True),
        ("aws_ssm_parameter", "tier", "Advanced", "Standard", True),
        ("aws_ssm_parameter", "tier", "Standard", "Advanced", False),
        ("aws_fsx_lustre_file_system", "storage_capacity", 2_400, 1_200, True),
        ("aws_fsx_lustre_file_system", "storage_capacity", 1_200, 2_400, False),
    ],
)
def test_other_conditions_look_at_the_value(type_: str, path: str, before: Any, after: Any, replaced: bool) -> None:
    assert replaces(type_, path, {path: before}, {path: after}) == replaced


@pytest.mark.parametrize(
    ("kind", "path", "before", "after", "replaced"),
    [
        ("network", "subnets", ["a", "b"], ["a"], True),
        ("network", "subnets", ["a"], ["a", "b"], False),
        ("application", "subnets", ["a", "b"], ["a"], False),
        ("network", "security_groups", [], ["a"], True),
        ("network", "security_groups", ["a"], ["b"], False),
        ("application", "security_groups", [], ["a"], False),
    ],
)
def test_a_network_load_balancer_keeps_its_subnets(
    kind: str, path: str, before: list[str], after: list[str], replaced: bool
) -> None:
    block = {"load_balancer_type": kind}
    assert replaces("aws_lb", path, block | {path: before}, block | {path: after}) == replaced


RULES = [{"action": "RETRY"}, {"action": "EXIT"}]


@pytest.mark.parametrize(
    ("path", "before", "after", "replaced"),
    [
        ("retry_strategy.evaluate_on_exit[0].action", RULES, RULES[::-1], False),
        ("retry_strategy.evaluate_on_exit.action", RULES[:1], RULES[1:], False),
        ("retry_strategy.evaluate_on_exit", RULES, RULES[:1], True),
        ("retry_strategy.evaluate_on_exit", [], RULES, True),
    ],
)
def test_rules_of_retries_replace_a_job_definition_only_by_their_number(
    path: str, before: Any, after: Any, replaced: bool
) -> None:
    one, two = ({"retry_strategy": [{"attempts": 2, "evaluate_on_exit": rules}]} for rules in (before, after))
    assert replaces("aws_batch_job_definition", plain(path), one, two) == replaced
    assert replaces("aws_batch_job_definition", "retry_strategy", one, {}) == bool(before)


def test_what_is_lost_is_told_with_its_kind() -> None:
    assert (lost_with("aws_sqs_queue"), kind_of_loss("aws_sqs_queue")) == ("all messages in it", "data")
    assert (lost_with("aws_route"), kind_of_loss("aws_route")) == ("", "")
    assert is_revised("aws_ecs_task_definition")
    assert not is_revised("aws_sqs_queue")


def test_arguments_that_keep_their_value_when_left_out_are_known() -> None:
    assert is_kept("aws_efs_file_system", "kms_key_id")
    assert not is_kept("aws_sqs_queue", "delay_seconds")
