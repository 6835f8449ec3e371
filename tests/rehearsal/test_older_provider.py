"""What an older provider lacks is left out by its own schema, counted and named."""

from typing import Any

import pytest

from rehearsal.older_provider import fit
from tests.rehearsal.schemas import block, schema


def test_what_the_provider_knows_stays() -> None:
    body = {"bucket": "b", "rule": [{"id": "a"}], "lifecycle": {"prevent_destroy": True}, "depends_on": ["x"], "//": {}}
    document = {"resource": {"aws_s3_bucket": {"a": dict(body)}, "terraform_data": {"b": {"input": 1}}}}
    assert fit(document, schema(aws_s3_bucket=block("bucket", rule=block("id")))) == {}
    assert document["resource"] == {"aws_s3_bucket": {"a": body}, "terraform_data": {"b": {"input": 1}}}


def test_an_argument_that_it_lacks_is_left_out_at_any_depth() -> None:
    document = {"resource": {"aws_s3_bucket": {"a": {"region": "x", "rule": {"id": "a", "new": 1}}}}}
    changed = fit(document, schema(aws_s3_bucket=block("bucket", rule=block("id"))))
    assert document == {"resource": {"aws_s3_bucket": {"a": {"rule": {"id": "a"}}}}}
    assert changed == {
        "aws_s3_bucket.region (unknown to this provider)": 1,
        "aws_s3_bucket.rule.new (unknown to this provider)": 1,
    }


def test_a_nested_block_has_no_meta_arguments() -> None:
    document = {"resource": {"aws_s3_bucket": {"a": {"rule": [{"count": 1}, {"count": 2}]}}}}
    assert fit(document, schema(aws_s3_bucket=block(rule=block()))) == {
        "aws_s3_bucket.rule.count (unknown to this provider)": 2
    }


@pytest.mark.parametrize("kind", ["resource", "data"])
def test_a_type_that_it_lacks_is_left_out(kind: str) -> None:
    document: dict[str, Any] = {kind: {"aws_new": {"a": {}, "b": {}}, "aws_sqs_queue": {"a": {}}}}
    changed = fit(document, schema({"aws_sqs_queue": block()}, aws_sqs_queue=block()))
    assert document == {kind: {"aws_sqs_queue": {"a": {}}}}
    assert changed == {"aws_new (unknown to this provider)": 2}


def test_a_resource_that_lacks_what_it_must_have_is_left_out() -> None:
    known = block("name", auto_scaling_group_provider=block("arn"))
    known["block_types"]["auto_scaling_group_provider"]["min_items"] = 1
    managed = {"name": "a", "managed_instances_provider": {"role": "a"}}
    document = {"resource": {"aws_ecs_capacity_provider": {"managed": managed}}}
    changed = fit(document, schema(aws_ecs_capacity_provider=known))
    assert document == {"resource": {}}
    assert changed["aws_ecs_capacity_provider (unknown to this provider)"] == 1


@pytest.mark.parametrize(("value", "stays"), [("FARGATE", True), ("MANAGED_INSTANCES", False)])
def test_a_value_that_providers_before_6_refuse_leaves_the_resource_out(value: str, stays: bool) -> None:
    document = {"resource": {"aws_ecs_task_definition": {"a": {"requires_compatibilities": [value]}}}}
    known = block("requires_compatibilities")
    fit(document, schema(aws_ecs_task_definition=known, aws_sqs_queue=block("region")))
    assert document["resource"]
    fit(document, schema(aws_ecs_task_definition=known, aws_sqs_queue=block()))
    assert bool(document["resource"]) is stays


@pytest.mark.parametrize("name", ["name", "name_prefix"])
def test_what_was_renamed_gets_its_old_name_where_it_is_written_and_where_it_is_read(name: str) -> None:
    type_ = "aws_batch_compute_environment"
    read = f"${{{type_}.spot.{name}}} and ${{{type_}.spot.{name}_other}}"
    document = {"resource": {type_: {"spot": {name: "a"}}}, "output": {"a": {"value": [read]}}}
    changed = fit(document, schema(**{type_: block(f"compute_environment_{name}")}))
    assert document["resource"] == {type_: {"spot": {f"compute_environment_{name}": "a"}}}
    assert document["output"] == {
        "a": {"value": [f"${{{type_}.spot.compute_environment_{name}}} and ${{{type_}.spot.{name}_other}}"]}
    }
    assert changed == {f"{type_}.{name} (called compute_environment_{name} then)": 1}


def test_an_attribute_that_is_only_read_is_read_by_its_old_name() -> None:
    document: dict[str, Any] = {
        "resource": {"aws_ecs_service": {"a": {}}},
        "output": {"a": {"value": "${aws_ecs_service.a.arn}"}},
    }
    fit(document, schema(aws_ecs_service=block("arn", "id")))
    assert document["output"]["a"] == {"value": "${aws_ecs_service.a.arn}"}
    fit(document, schema(aws_ecs_service=block("id")))
    assert document["output"]["a"] == {"value": "${aws_ecs_service.a.id}"}


@pytest.mark.parametrize(("given", "kept"), [(262_144, 262_144), (1_048_576, 262_144)])
def test_a_limit_of_providers_before_6_is_kept(given: int, kept: int) -> None:
    document = {"resource": {"aws_sqs_queue": {"a": {"max_message_size": given}}}}
    changed = fit(document, schema(aws_sqs_queue=block("max_message_size")))
    assert document["resource"]["aws_sqs_queue"]["a"]["max_message_size"] == kept
    assert sum(changed.values()) == (given != kept)


def test_provider_6_has_its_own_limits() -> None:
    document = {"resource": {"aws_sqs_queue": {"a": {"max_message_size": 1_048_576}}}}
    assert fit(document, schema(aws_sqs_queue=block("max_message_size", "region"))) == {}
    assert document["resource"]["aws_sqs_queue"]["a"] == {"max_message_size": 1_048_576}
